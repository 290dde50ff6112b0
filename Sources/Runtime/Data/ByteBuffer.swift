import Memory
import Words

/// A text that is being written: UTF-8 bytes that grow at the end.
struct ByteBuffer {
  private(set) var bytes: [UInt8] = []

  init() {}

  var count: Int { bytes.count }

  @inline(__always) mutating func append(_ byte: UInt8) { bytes.append(byte) }
  mutating func append(_ text: String) { bytes.append(contentsOf: text.utf8) }
  mutating func append(_ text: StringView) { text.append(0..<text.byteCount, to: &bytes) }
  mutating func append(_ text: StringView, _ range: Range<Int>) { text.append(range, to: &bytes) }
  mutating func append(number: Double) { NumberText.append(number, to: &self) }

  /// Appends a scalar's bytes.
  mutating func append(scalar: Unicode.Scalar) {
    for byte in UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter { bytes.append(byte) }
  }

  /// Appends a whole number ≥ 0.
  mutating func append(integer: UInt64) {
    var divisor: UInt64 = 1
    while integer / divisor >= 10 { divisor *= 10 }
    var rest = integer
    while divisor > 0 {
      bytes.append(UInt8(truncatingIfNeeded: 48 + rest / divisor))
      rest %= divisor
      divisor /= 10
    }
  }

  mutating func removeAll() { bytes.removeAll(keepingCapacity: true) }

  /// The text as a string of a heap; nil (and the process is marked), if the heap has no room for it.
  func makeString(_ heap: Heap) -> Word {
    guard heap.hasRoom(words: bytes.count / 8) else { return .nil }
    return heap.makeString(bytes: bytes).word
  }
}
