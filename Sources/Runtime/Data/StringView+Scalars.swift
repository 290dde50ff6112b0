import Memory

/// Scalars of a string, by the byte at which they begin. Strings are valid UTF-8, so the first byte tells all.
extension StringView {
  /// The bytes of the scalar that begins at a byte.
  func scalarLength(at index: Int) -> Int {
    let byte = byte(index)
    return byte < 0x80 ? 1 : byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4
  }

  func scalar(at index: Int) -> Unicode.Scalar {
    let first = UInt32(byte(index))
    if first < 0x80 { return Unicode.Scalar(UInt8(first)) }
    let length = scalarLength(at: index)
    var value = first & (0x7F >> UInt32(length))
    for i in 1..<length { value = value << 6 | UInt32(byte(index + i)) & 0x3F }
    return Unicode.Scalar(value) ?? "\u{FFFD}"
  }

  /// Where the scalar before a byte index begins.
  func scalarStart(before index: Int) -> Int {
    var i = index - 1
    while i > 0 && byte(i) & 0xC0 == 0x80 { i -= 1 }
    return i
  }

  /// Calls `body` with each scalar.
  @inline(__always) func forEachScalar(_ body: (Unicode.Scalar) -> Void) {
    var i = 0
    while i < byteCount {
      body(scalar(at: i))
      i += scalarLength(at: i)
    }
  }
}
