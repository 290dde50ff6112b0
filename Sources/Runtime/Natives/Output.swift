import Memory
import Platform
import Words

/// The program's standard output and error. Whoever ends the program flushes the output; it is settled before anybody waits.
public enum Output {
  /// A person at a terminal sees each line at once; a file or pipe gets pieces of 32 KiB.
  public static let queue = OutputQueue(.output, limit: Stream.output.isTerminal ? 0 : 1 << 15)
  public static let errors = OutputQueue(.errors, limit: 0)

  /// Hands everything written so far to the system. What it refuses is lost.
  public static func flush() {
    queue.flush()
    errors.flush()
  }

  /// Whether those who write wait for the readers (`OutputQueue.waitForReader`).
  static func waitForReader(_ waits: Bool) {
    queue.waitForReader(waits)
    errors.waitForReader(waits)
  }
}

/// A long text on its way to a stream: it is cut up over several slices, and handed over in one go.
final class TextOutput: SlicedWork {
  private let queue: OutputQueue
  private let text: StringView
  private let newline: Bool
  private let result: Word
  private var pieces: [[UInt8]] = []
  private var position = 0
  private var isHandedOver = false

  init(_ queue: OutputQueue, _ text: StringView, newline: Bool, result: Word) {
    self.queue = queue
    self.text = text
    self.newline = newline
    self.result = result
  }

  override func step(_ process: Process, _ work: inout Int) -> Word? {
    guard position == text.byteCount else {
      cut(&work)
      return nil
    }
    if !isHandedOver {
      isHandedOver = true
      queue.append(pieces, bytes: text.byteCount + (newline ? 1 : 0))
      pieces = []
    }
    work += SlicedWork.stepWork
    return queue.advance() ? result : nil
  }

  private func cut(_ work: inout Int) {
    while position < text.byteCount, work < SlicedWork.stepWork {
      let end = min(position + OutputQueue.pieceBytes, text.byteCount)
      var piece: [UInt8] = []
      piece.reserveCapacity(end - position + 1)
      text.append(position..<end, to: &piece)
      work += (end - position) >> 5
      position = end
      if newline && position == text.byteCount { piece.append(10) }
      pieces.append(piece)
    }
  }
}
