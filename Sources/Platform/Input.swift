import Glibc
import Synchronization

/// Standard input, line by line.
public enum Input {
  private struct State {
    var bytes: [UInt8] = []
    /// Where the next line starts in `bytes`.
    var start = 0
    var isAtEnd = false
  }

  private static let state = Mutex(State())

  /// The next line without its end (a line feed, or a carriage return and a line feed); nil at the end of the input.
  /// Waits for it.
  public static func readLine() -> [UInt8]? {
    state.withLock { state in
      while true {
        if let end = state.bytes[state.start...].firstIndex(of: 10) {
          defer { state.start = end + 1 }
          let hasReturn = end > state.start && state.bytes[end - 1] == 13
          return Array(state.bytes[state.start..<(hasReturn ? end - 1 : end)])
        }
        guard !state.isAtEnd else { return lastLine(&state) }
        fill(&state)
      }
    }
  }

  /// What stands behind the last line feed, if anything.
  private static func lastLine(_ state: inout State) -> [UInt8]? {
    guard state.start < state.bytes.count else { return nil }
    defer { state.start = state.bytes.count }
    return Array(state.bytes[state.start...])
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
