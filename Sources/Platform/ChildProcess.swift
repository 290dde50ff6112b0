import Glibc

/// Another program, run to its end.
public struct ChildProcess {
  public enum Ending: Equatable, Sendable {
    case exited(Int32)
    case killed(signal: Int32)
    /// It ran longer than it was allowed to, and has been ended.
    case timedOut
    /// `isCancelled` said so, and it has been ended.
    case cancelled

    /// Whether it ended as programs do that a user interrupts.
    public var isInterruption: Bool { self == .exited(130) || self == .killed(signal: SIGINT) }
  }

  public struct Result: Sendable {
    public let ending: Ending
    /// What it wrote to standard output, and, if that was asked for, to standard error.
    public let output: String
    public let errors: String
  }

  /// The program, looked for on the path if it has no slash, and its arguments.
  public var command: [String]
  /// Variables that it gets beside ours, and instead of ours of the same name.
  public var variables: [String: String] = [:]
  /// Where it runs; nil: where we do.
  public var folder: String?
  /// Seconds that it may take.
  public var limit: Double
  /// What it writes to standard error is part of the result, and does not go to our standard error.
  public var capturesErrors = false
  /// An interruption, which a terminal sends to all that run in it, is none of its business.
  public var ignoresInterruptions = false
  /// Asked some ten times a second; true: it is to end at once.
  public var isCancelled: () -> Bool = { false }

  public init(_ command: [String], limit: Double) {
    self.command = command
    self.limit = limit
  }

  /// Runs it with nothing on standard input, and waits.
  public func run() throws(FileError) -> Result {
    var output = try ChildOutput()
    var errors = try ChildOutput()
    defer {
      output.close()
      errors.close()
    }
    let id = try start(output: output.end, errors: capturesErrors ? errors.end : nil)
    output.closeEnd()
    errors.closeEnd()
    let early = collect(&output, &errors)
    if early != nil { kill(id, SIGKILL) }
    let ending = Self.wait(for: id)
    return Result(ending: early ?? ending, output: output.text, errors: errors.text)
  }

  private func start(output: Int32, errors: Int32?) throws(FileError) -> pid_t {
    var actions = unsafe posix_spawn_file_actions_t()
    unsafe posix_spawn_file_actions_init(&actions)
    defer { unsafe posix_spawn_file_actions_destroy(&actions) }
    unsafe posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    unsafe posix_spawn_file_actions_adddup2(&actions, output, 1)
    if let errors { unsafe posix_spawn_file_actions_adddup2(&actions, errors, 2) }
    // We may have blocked an interruption; the child has not, unless it is to.
    var attributes = posix_spawnattr_t()
    var blocked = sigset_t()
    unsafe posix_spawnattr_init(&attributes)
    defer { unsafe posix_spawnattr_destroy(&attributes) }
    unsafe sigemptyset(&blocked)
    if ignoresInterruptions { unsafe sigaddset(&blocked, SIGINT) }
    unsafe posix_spawnattr_setsigmask(&attributes, &blocked)
    unsafe posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
    var id = pid_t()
    let words = unsafe fullCommand.map { unsafe strdup($0) } + [nil]
    defer { unsafe words.forEach { unsafe free($0) } }
    let failure = unsafe posix_spawnp(&id, fullCommand[0], &actions, &attributes, words, environ)
    guard failure == 0 else { throw FileError(path: command[0], code: failure) }
    return id
  }

  /// `env` changes variables and folder: the C library's file action for the latter is not imported.
  private var fullCommand: [String] {
    if folder == nil && variables.isEmpty { return command }
    let settings = variables.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
    return ["/usr/bin/env"] + (folder.map { ["-C", $0] } ?? []) + settings + command
  }

  /// Reads to the end of both; otherwise tells why it has not.
  private func collect(_ output: inout ChildOutput, _ errors: inout ChildOutput) -> Ending? {
    let end = Self.seconds + limit
    while !(output.isAtEnd && errors.isAtEnd) {
      let left = end - Self.seconds
      if left <= 0 { return .timedOut }
      if isCancelled() { return .cancelled }
      // A descriptor below 0 is not looked at.
      var states = [
        pollfd(fd: output.isAtEnd ? -1 : output.start, events: Int16(POLLIN), revents: 0),
        pollfd(fd: errors.isAtEnd ? -1 : errors.start, events: Int16(POLLIN), revents: 0),
      ]
      guard unsafe poll(&states, 2, Int32(min(left * 1000 + 1, 100))) > 0 else { continue }
      if states[0].revents != 0 { output.read() }
      if states[1].revents != 0 { errors.read() }
    }
    return nil
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

/// A pipe that a child writes into, and what has come out of it.
private struct ChildOutput {
  /// Our end, and the child's.
  let start: Int32
  private(set) var end: Int32
  private(set) var isAtEnd = false
  private var bytes: [UInt8] = []

  init() throws(FileError) {
    var ends: [Int32] = [0, 0]
    guard unsafe pipe(&ends) == 0 else { throw FileError(path: "a pipe", code: errno) }
    // Nobody else is to inherit them, lest an end stay open.
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    start = ends[0]
    end = ends[1]
  }

  var text: String { String(decoding: bytes, as: UTF8.self) }

  /// Closes the child's end here: once the child has closed it too, the output is at its end.
  mutating func closeEnd() {
    if end >= 0 { Glibc.close(end) }
    end = -1
  }

  mutating func close() {
    closeEnd()
    Glibc.close(start)
  }

  mutating func read() {
    var chunk = [UInt8](repeating: 0, count: 1 << 14)
    let count = unsafe Glibc.read(start, &chunk, chunk.count)
    if count > 0 {
      bytes.append(contentsOf: chunk[..<count])
    } else if count == 0 || errno != EINTR {
      isAtEnd = true
    }
  }
}
