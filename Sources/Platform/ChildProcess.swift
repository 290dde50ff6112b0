import Glibc

/// Another program, run to its end.
public struct ChildProcess {
  public enum Ending: Equatable, Sendable {
    case exited(Int32)
    case killed(signal: Int32)
    /// It ran longer than it was allowed to, and has been ended.
    case timedOut
  }

  public struct Result: Sendable {
    public let ending: Ending
    /// What it wrote to standard output.
    public let output: String
  }

  /// The program, looked for on the path if it has no slash, and its arguments.
  public var command: [String]
  /// Variables that it gets beside ours, and instead of ours of the same name.
  public var variables: [String: String] = [:]
  /// Where it runs; nil: where we do.
  public var folder: String?
  /// Seconds that it may take.
  public var limit: Double

  public init(_ command: [String], limit: Double) {
    self.command = command
    self.limit = limit
  }

  /// Runs it with nothing on standard input and our standard error, and waits.
  public func run() throws(FileError) -> Result {
    var ends: [Int32] = [0, 0]
    guard unsafe pipe(&ends) == 0 else { throw FileError(path: command[0], code: errno) }
    // What it starts must not hold our end open; its own end is a copy of the other one.
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    defer { close(ends[0]) }
    let id = try start(output: ends)
    var bytes: [UInt8] = []
    let ended = collect(ends[0], into: &bytes)
    if !ended { kill(id, SIGKILL) }
    let ending = Self.wait(for: id)
    return Result(ending: ended ? ending : .timedOut, output: String(decoding: bytes, as: UTF8.self))
  }

  /// Starts it with the pipe's second end as its standard output, and closes that end here.
  private func start(output ends: [Int32]) throws(FileError) -> pid_t {
    defer { close(ends[1]) }
    var actions = unsafe posix_spawn_file_actions_t()
    unsafe posix_spawn_file_actions_init(&actions)
    defer { unsafe posix_spawn_file_actions_destroy(&actions) }
    unsafe posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    unsafe posix_spawn_file_actions_adddup2(&actions, ends[1], 1)
    var id = pid_t()
    let words = unsafe fullCommand.map { unsafe strdup($0) } + [nil]
    defer { unsafe words.forEach { unsafe free($0) } }
    let failure = unsafe posix_spawnp(&id, fullCommand[0], &actions, nil, words, environ)
    guard failure == 0 else { throw FileError(path: command[0], code: failure) }
    return id
  }

  /// `env` changes variables and folder: the C library's file action for the latter is not imported.
  private var fullCommand: [String] {
    if folder == nil && variables.isEmpty { return command }
    let settings = variables.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
    return ["env"] + (folder.map { ["-C", $0] } ?? []) + settings + command
  }

  /// Reads to the end; false: the time was over before.
  private func collect(_ pipe: Int32, into bytes: inout [UInt8]) -> Bool {
    let end = Self.seconds + limit
    var chunk = [UInt8](repeating: 0, count: 1 << 14)
    while true {
      let left = end - Self.seconds
      if left <= 0 { return false }
      var state = pollfd(fd: pipe, events: Int16(POLLIN), revents: 0)
      guard unsafe poll(&state, 1, Int32(min(left * 1000 + 1, 1e6))) > 0 else { continue }
      let count = unsafe read(pipe, &chunk, chunk.count)
      if count == 0 { return true }
      if count > 0 {
        bytes.append(contentsOf: chunk[..<count])
      } else if errno != EINTR {
        return true
      }
    }
  }

  private static func wait(for id: pid_t) -> Ending {
    var status: Int32 = 0
    while unsafe waitpid(id, &status, 0) < 0 && errno == EINTR {}
    let signal = status & 0x7F
    return signal == 0 ? .exited(status >> 8 & 0xFF) : .killed(signal: signal)
  }

  private static var seconds: Double {
    var now = timespec()
    unsafe clock_gettime(CLOCK_MONOTONIC, &now)
    return Double(now.tv_sec) + Double(now.tv_nsec) / 1e9
  }
}
