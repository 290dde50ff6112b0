import Glibc
import Synchronization

/// Standard input, line by line.
public enum Input {
  /// What there is to read.
  public enum Line: Equatable, Sendable {
    /// A line without its end (a line feed, or a carriage return and a line feed), in pieces if it is long.
    case line([[UInt8]])
    /// The input has ended.
    case end
    /// The next line has not come yet.
    case notYet
    /// A long line is on its way: more of it can be read at once.
    case more
  }

  private struct State {
    var bytes: [UInt8] = []
    /// Where the next line starts in `bytes`.
    var start = 0
    /// Up to here there is no line end behind `start`.
    var scanned = 0
    /// Of a line that has not ended: what came before `bytes`, a piece for each read.
    var before: [[UInt8]] = []
    var isAtEnd = false
  }

  private static let state = Mutex(State())

  /// The next line, if it is there. Never waits, and never takes long.
  public static func readLine() -> Line {
    state.withLock { state in
      var reads = 0
      while true {
        if let end = state.bytes[state.scanned...].firstIndex(of: 10) {
          return takeLine(&state, end: end, next: end + 1)
        }
        state.scanned = state.bytes.count
        if state.isAtEnd {
          let isEmpty = state.before.isEmpty && state.start == state.bytes.count
          return isEmpty ? .end : takeLine(&state, end: state.bytes.count, next: state.bytes.count)
        }
        guard isReadable else { return .notYet }
        if reads == 4 { return .more }
        reads += 1
        fill(&state)
      }
    }
  }

  private static func takeLine(_ state: inout State, end: Int, next: Int) -> Line {
    var pieces = state.before
    pieces.append(Array(state.bytes[state.start..<end]))
    state.before = []
    state.start = next
    state.scanned = next
    if end < next { dropReturn(&pieces) }
    return .line(pieces)
  }

  /// A carriage return before the line feed belongs to the line's end.
  private static func dropReturn(_ pieces: inout [[UInt8]]) {
    let last = pieces[pieces.count - 1].isEmpty && pieces.count > 1 ? pieces.count - 2 : pieces.count - 1
    if pieces[last].last == 13 { pieces[last].removeLast() }
  }

  /// Whether a read would not wait: there are bytes, the end, or an error.
  private static var isReadable: Bool {
    var input = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
    return unsafe poll(&input, 1, 0) != 0
  }

  private static func fill(_ state: inout State) {
    if state.start < state.bytes.count { state.before.append(Array(state.bytes[state.start...])) }
    state.bytes = []
    (state.start, state.scanned) = (0, 0)
    var chunk = [UInt8](repeating: 0, count: 1 << 14)
    let count = unsafe Glibc.read(STDIN_FILENO, &chunk, 1 << 14)
    if count > 0 {
      state.bytes = Array(chunk[..<count])
    } else if count == 0 || errno != EINTR {
      state.isAtEnd = true
    }
  }
}
