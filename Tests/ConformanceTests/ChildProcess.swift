import Foundation

/// A running program with files for its input and outputs. Foundation's `Process` crashed now and then when two
/// threads started programs, hence `posix_spawn` itself.
struct ChildProcess {
  enum Ending: Equatable {
    case exited(Int32)
    case killed(signal: Int32)
  }

  let id: pid_t

  /// Starts a program.
  /// - Parameter streams: paths for standard input, output and error
  init(
    _ program: URL, _ arguments: [String], in folder: URL, environment: [String: String],
    streams: (input: URL, output: URL, errors: URL)
  ) throws {
    var actions = unsafe posix_spawn_file_actions_t()
    unsafe posix_spawn_file_actions_init(&actions)
    defer { unsafe posix_spawn_file_actions_destroy(&actions) }
    unsafe posix_spawn_file_actions_addopen(&actions, 0, streams.input.path, O_RDONLY, 0)
    unsafe posix_spawn_file_actions_addopen(&actions, 1, streams.output.path, O_WRONLY, 0)
    unsafe posix_spawn_file_actions_addopen(&actions, 2, streams.errors.path, O_WRONLY, 0)
    // `env` changes the folder, for which Swift does not import a file action.
    let command = ["env", "-C", folder.path, program.path] + arguments
    let words = unsafe command.map { unsafe strdup($0) } + [nil]
    let variables = unsafe environment.map { unsafe strdup("\($0)=\($1)") } + [nil]
    defer { unsafe (words + variables).forEach { unsafe free($0) } }
    var id = pid_t()
    let failure = unsafe posix_spawn(&id, "/usr/bin/env", &actions, nil, words, variables)
    guard failure == 0 else { throw POSIXError(POSIXErrorCode(rawValue: failure) ?? .ENOENT) }
    self.id = id
  }

  func signal(_ number: Int32) { kill(id, number) }

  /// Waits for its end; nil: it still runs after so many seconds. They are those that we have slept ourselves: a machine
  /// that stands still for a while, or has no time for us, has none for the program either.
  func wait(seconds: Double) -> Ending? {
    var left = seconds * 1_000_000
    var status: Int32 = 0
    var pause: UInt32 = 500
    while unsafe waitpid(id, &status, WNOHANG) == 0 {
      if left < 0 { return nil }
      usleep(pause)
      left -= Double(pause)
      pause = min(pause * 2, 20_000)
    }
    let signal = status & 0x7F
    return signal == 0 ? .exited(status >> 8 & 0xFF) : .killed(signal: signal)
  }
}
