import Memory
import Platform
import Synchronization
import Words

/// What processes have written to a stream and the system has not taken yet. What one call writes is never mixed with what
/// another writes.
///
/// Schedulers write as much as the system takes at once. Where the reader is slow, a thread of its own waits for it, and
/// until it has caught up everything goes through that thread (Q1: who writes to the stream holds the lock, or is it).
public final class OutputQueue: Sendable {
  private struct State {
    /// Oldest first; of the first one, `written` bytes are out.
    var pieces: [[UInt8]] = []
    var written = 0
    var bytes = 0
    var hasWriter = false
    /// The system has refused: everything is dropped from now on.
    var hasFailed = false
    /// See `waitForReader`.
    var isPatient = false
  }

  private let state = Mutex(State())
  private let stream: Stream
  /// What may wait here for more: the system gets larger pieces.
  private let limit: Int
  /// What to do when the system refuses to take more, with its reason.
  private let failure = Mutex<(@Sendable (String) -> Void)?>(nil)

  /// Bytes that a scheduler writes in one go.
  private static var atOnce: Int { 1 << 16 }
  /// More than so many bytes in the queue: who wants to write waits.
  private static var crowded: Int { 1 << 20 }
  static var pieceBytes: Int { 1 << 14 }

  init(_ stream: Stream, limit: Int) {
    self.stream = stream
    self.limit = limit
  }

  /// What happens when the stream cannot be written (a full disk). Nobody reads it: the program ends quietly.
  public func onFailure(_ action: @escaping @Sendable (String) -> Void) { failure.withLock { $0 = action } }

  /// From now on whoever writes waits until the reader has taken what may not stay here, or no more. In a simulation nothing may
  /// depend on how fast the reader is.
  func waitForReader(_ waits: Bool) {
    flush()
    state.withLock { $0.isPatient = waits }
  }

  // MARK: Processes

  /// Writes a short string, and a newline behind it if asked; false: there is too much in the queue, try again later.
  func write(_ text: StringView, newline: Bool) -> Bool {
    state.withLock { state in
      guard hasRoom(&state) else { return false }
      if state.pieces.isEmpty || state.pieces[state.pieces.count - 1].count >= OutputQueue.pieceBytes {
        state.pieces.append([])
      }
      let last = state.pieces.count - 1
      text.append(0..<text.byteCount, to: &state.pieces[last])
      if newline { state.pieces[last].append(10) }
      state.bytes += text.byteCount + (newline ? 1 : 0)
      if state.bytes > limit { writeSome(&state) }
      return true
    }
  }

  /// Takes the pieces of a long text.
  func append(_ pieces: [[UInt8]], bytes: Int) {
    state.withLock { state in
      state.pieces += pieces
      state.bytes += bytes
    }
  }

  /// Writes some of what is there; true: no more than may wait is left, or another thread cares for it.
  func advance() -> Bool {
    state.withLock { state in
      if state.bytes > limit { writeSome(&state) }
      return state.bytes <= limit || state.hasWriter
    }
  }

  var isCrowded: Bool { state.withLock { !hasRoom(&$0) } }

  private func hasRoom(_ state: inout State) -> Bool {
    if state.bytes > OutputQueue.crowded { writeSome(&state) }
    return state.bytes <= OutputQueue.crowded
  }

  // MARK: The VM

  /// Takes a line from the command.
  public func append(line: String) {
    let bytes = Array((line + "\n").utf8)
    append([bytes], bytes: bytes.count)
  }

  /// Writes everything that the system takes without waiting, and leaves the rest to a thread.
  public func settle() {
    while !state.withLock({ state in
      writeSome(&state)
      return state.bytes == 0 || state.hasWriter
    }) {}
  }

  /// Writes everything, however long it takes.
  public func flush() {
    while !state.withLock({ state in
      if state.hasWriter { return false }
      while let piece = state.pieces.first {
        guard note(stream.writeAll(piece, from: state.written), &state) else { break }
      }
      return true
    }) { Thread.pause(milliseconds: 1) }
  }

  // MARK: Writing

  /// Writes what the system takes at once, up to a bound; or everything.
  private func writeSome(_ state: inout State) {
    if state.hasWriter { return }
    var left = state.isPatient ? Int.max : OutputQueue.atOnce
    while left > 0, let piece = state.pieces.first {
      let before = state.bytes
      let outcome =
        state.isPatient
        ? stream.writeAll(piece, from: state.written) : stream.writeSome(piece, from: state.written)
      if outcome == .busy { return startWriter(&state) }
      guard note(outcome, &state) else { return }
      left -= before - state.bytes
    }
  }

  /// Books what was written of the first piece; false: no more can be.
  private func note(_ outcome: Stream.Outcome, _ state: inout State) -> Bool {
    switch outcome {
    case .wrote(let count):
      state.written += count
      state.bytes -= count
      // As long as it is now: while the thread waited for the reader, somebody may have written more into it.
      if state.written == state.pieces[0].count {
        state.pieces.removeFirst()
        state.written = 0
      }
      return true
    case .busy: return true
    case .closed: Stream.endQuietly()
    case .failed(let reason):
      state.pieces = []
      (state.written, state.bytes) = (0, 0)
      if !state.hasFailed {
        state.hasFailed = true
        failure.withLock { $0 }?(reason)
      }
      return false
    }
  }

  private func startWriter(_ state: inout State) {
    state.hasWriter = Thread.start { self.writeOnThread() }
  }

  /// Waits for the reader, until the queue is empty.
  private func writeOnThread() {
    while true {
      let next: (piece: [UInt8], start: Int)? = state.withLock { state in
        guard let piece = state.pieces.first else {
          state.hasWriter = false
          return nil
        }
        return (piece, state.written)
      }
      guard let next else { return }
      // Q1: while there is this thread, nobody else takes pieces away.
      let outcome = stream.writeAll(next.piece, from: next.start)
      state.withLock { state in _ = note(outcome, &state) }
    }
  }
}
