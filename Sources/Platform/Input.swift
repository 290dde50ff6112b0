import Glibc
import Synchronization

/// Standard input, line by line.
public enum Input {
  /// What there is to read.
  public enum Line: Equatable, Sendable {
    /// A line without its end (a line feed, or a carriage return and a line feed).
    case line([UInt8])
    /// The input has ended.
    case end
    /// The next line has not come yet.
    case notYet
  }

  private struct State {
    var bytes: [UInt8] = []
    /// Where the next line starts in `bytes`.
    var start = 0
    var isAtEnd = false
  }

  private static let state = Mutex(State())

  /// The next line, if it is there. Never waits.
  public static func readLine() -> Line {
    state.withLock { state in
      while true {
        if let end = state.bytes[state.start...].firstIndex(of: 10) {
          defer { state.start = end + 1 }
          let hasReturn = end > state.start && state.bytes[end - 1] == 13
          return .line(Array(state.bytes[state.start..<(hasReturn ? end - 1 : end)]))
        }
        if state.isAtEnd { return lastLine(&state) }
        guard isReadable else { return .notYet }
        fill(&state)
      }
    }
  }

  /// What stands behind the last line feed, if anything.
  private static func lastLine(_ state: inout State) -> Line {
    guard state.start < state.bytes.count else { return .end }
    defer { state.start = state.bytes.count }
    return .line(Array(state.bytes[state.start...]))
  }

  /// Whether a read would not wait: there are bytes, the end, or an error.
  private static var isReadable: Bool {
    var input = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
    return unsafe poll(&input, 1, 0) != 0
  }

  private static func fill(_ state: inout State) {
    state.bytes.removeFirst(state.start)
    state.start = 0
    var chunk = [UInt8](repeating: 0, count: 1 << 14)
    let count = unsafe Glibc.read(STDIN_FILENO, &chunk, 1 << 14)
    if count > 0 {
      state.bytes.append(contentsOf: chunk[..<count])
    } else if count == 0 || errno != EINTR {
      state.isAtEnd = true
    }
  }
}
