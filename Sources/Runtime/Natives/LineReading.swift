import Memory
import Words

/// Cuts bytes that come in blocks between scalars, not within them.
struct ScalarBlocks {
  /// The beginning of a scalar whose end comes with the next block.
  private var rest: [UInt8] = []

  /// The next block with whole scalars alone; of the last one, everything.
  mutating func take(_ bytes: [UInt8], isLast: Bool) -> [UInt8] {
    let block = rest.isEmpty ? bytes : rest + bytes
    let end = isLast ? block.count : ScalarBlocks.wholeScalars(block)
    rest = Array(block[end...])
    return end == block.count ? block : Array(block[..<end])
  }

  /// Bytes before a scalar at the end that is not all there.
  private static func wholeScalars(_ bytes: [UInt8]) -> Int {
    var start = bytes.count
    while start > 0, bytes.count - start < 4 {
      start -= 1
      let byte = bytes[start]
      if byte & 0xC0 == 0x80 { continue }
      let length = byte < 0xC0 ? 1 : byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4
      return start + length > bytes.count ? start : bytes.count
    }
    return bytes.count
  }
}

/// Makes the string of a line that was read in many pieces. What is not UTF-8 is repaired.
struct LineReading: TextTask {
  private let pieces: [[UInt8]]
  private var index = 0
  private var scalars = ScalarBlocks()
  private var buffer = TextBuffer()
  private var end: TextBufferEnd?

  init(_ pieces: [[UInt8]]) { self.pieces = pieces }

  var held: [Word] { end?.held ?? [] }

  mutating func step(_ heap: Heap, _ budget: Int, _ work: inout Int) -> Word? {
    while index < pieces.count {
      if work >= budget { return nil }
      let block = scalars.take(pieces[index], isLast: index == pieces.count - 1)
      buffer.append(Array(String(decoding: block, as: UTF8.self).utf8))
      work += 1 + block.count >> 3
      index += 1
    }
    if end == nil {
      end = buffer.finish(heap)
      if end == nil { return .nil }
    }
    return end?.step(heap, budget, &work)
  }
}
