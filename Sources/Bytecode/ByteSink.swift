/// Bytes in the making.
struct ByteSink {
  private(set) var bytes: [UInt8] = []

  mutating func byte(_ value: UInt8) { bytes.append(value) }

  mutating func fixed(_ value: UInt64, bytes count: Int) {
    for i in 0..<count { bytes.append(UInt8(truncatingIfNeeded: value >> (8 * UInt64(i)))) }
  }

  /// A number in LEB128. Negative ones are written too, in ten bytes, which no reader takes.
  mutating func number(_ value: Int) {
    var rest = UInt64(bitPattern: Int64(value))
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }

  /// A number that may be negative: 0, -1, 1, -2 … are 0, 1, 2, 3 …
  mutating func signed(_ value: Int) { number((value &<< 1) ^ (value >> 63)) }

  mutating func append(_ more: [UInt8]) { bytes += more }
}
