import Glibc

/// Standard output or standard error, written piece by piece by whoever must not wait.
public struct Stream: Sendable {
  private let file: Int32
  /// Bytes of one write that cannot block once the system says that there is room: a pipe takes so many at least
  /// (PIPE_BUF); a file on a disk takes what it gets.
  private let most: Int

  public static let output = Stream(STDOUT_FILENO)
  public static let errors = Stream(STDERR_FILENO)

  /// A stream into a descriptor that is open, and stays so.
  public init(_ file: Int32) {
    self.file = file
    var facts = stat()
    let isFile = unsafe fstat(file, &facts) == 0 && facts.st_mode & S_IFMT == S_IFREG
    most = isFile ? 1 << 16 : 4096
  }

  /// Whether a person looks at it, so that lines must not wait.
  public var isTerminal: Bool { isatty(file) == 1 }

  /// What became of bytes that were to be written.
  public enum Outcome: Equatable, Sendable {
    /// So many have been written, all or not.
    case wrote(Int)
    /// None: to write would be to wait.
    case busy
    /// The system refuses, and says why.
    case failed(reason: String)
    /// Nobody reads any more.
    case closed
  }

  /// Writes some of the bytes from `start` on, without waiting for the reader.
  public func writeSome(_ bytes: [UInt8], from start: Int) -> Outcome {
    var request = pollfd(fd: file, events: Int16(POLLOUT), revents: 0)
    guard unsafe poll(&request, 1, 0) != 0 else { return .busy }
    return write(bytes, start, min(bytes.count, start + most))
  }

  /// Writes all the bytes from `start` on; waits for the reader as long as it takes.
  public func writeAll(_ bytes: [UInt8], from start: Int) -> Outcome {
    var position = start
    while position < bytes.count {
      switch write(bytes, position, bytes.count) {
      case .wrote(let count): position += count
      case .busy: awaitRoom()
      case let outcome: return outcome
      }
    }
    return .wrote(bytes.count - start)
  }

  private func write(_ bytes: [UInt8], _ start: Int, _ end: Int) -> Outcome {
    while true {
      let count = unsafe bytes[start..<end].withUnsafeBytes {
        unsafe Glibc.write(file, $0.baseAddress, $0.count)
      }
      if count >= 0 { return .wrote(count) }
      switch errno {
      case EINTR: continue
      // Somebody else has made the descriptor one that does not wait.
      case EAGAIN: return .busy
      case EPIPE: return .closed
      case let code: return .failed(reason: FileError(path: "", code: code).reason)
      }
    }
  }

  private func awaitRoom() {
    var request = pollfd(fd: file, events: Int16(POLLOUT), revents: 0)
    _ = unsafe poll(&request, 1, 1000)
  }

  // MARK: Closed pipes

  /// From now on, in this thread and those that it starts, a write to a pipe that nobody reads is an error and no end
  /// of the program: files that a program writes may be pipes, too.
  public static func survivesClosedPipes() {
    var signals = sigset_t()
    unsafe sigemptyset(&signals)
    unsafe sigaddset(&signals, SIGPIPE)
    unsafe pthread_sigmask(SIG_BLOCK, &signals, nil)
  }

  /// Ends the program as the system ends one whose output nobody reads: quietly.
  public static func endQuietly() -> Never {
    signal(SIGPIPE, SIG_DFL)
    var signals = sigset_t()
    unsafe sigemptyset(&signals)
    unsafe sigaddset(&signals, SIGPIPE)
    raise(SIGPIPE)
    unsafe pthread_sigmask(SIG_UNBLOCK, &signals, nil)
    _exit(128 + SIGPIPE)
  }
}
