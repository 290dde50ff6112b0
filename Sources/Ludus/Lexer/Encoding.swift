/// UTF-8, byte by byte.
enum Encoding {
  /// The scalar that starts at `offset` and its length; no scalar if the bytes are not UTF-8, with the length
  /// of what is wrong.
  static func scalar(in bytes: [UInt8], at offset: Int) -> (scalar: Unicode.Scalar?, length: Int) {
    let first = bytes[offset]
    guard first >= 0x80 else { return (Unicode.Scalar(first), 1) }
    let length: Int
    var value: UInt32
    switch first {
    case 0xC2...0xDF: (length, value) = (2, UInt32(first & 0x1F))
    case 0xE0...0xEF: (length, value) = (3, UInt32(first & 0x0F))
    case 0xF0...0xF4: (length, value) = (4, UInt32(first & 0x07))
    default: return (nil, 1)
    }
    for index in 1..<length {
      guard offset + index < bytes.count, bytes[offset + index] & 0xC0 == 0x80 else { return (nil, index) }
      value = value << 6 | UInt32(bytes[offset + index] & 0x3F)
    }
    let smallest: UInt32 = length == 2 ? 0x80 : length == 3 ? 0x800 : 0x1_0000
    guard value >= smallest, let scalar = Unicode.Scalar(value) else { return (nil, length) }
    return (scalar, length)
  }

  static var byteOrderMark: Unicode.Scalar { "\u{FEFF}" }

  /// Reports every byte-order mark and everything that is not UTF-8; wrong bytes side by side are one error.
  static func check(_ bytes: [UInt8], _ problems: Problems) {
    var offset = 0
    while offset < bytes.count {
      if bytes[offset] < 0x80 {
        offset += 1
        continue
      }
      var (scalar, length) = scalar(in: bytes, at: offset)
      while scalar == nil, offset + length < bytes.count {
        let next = Encoding.scalar(in: bytes, at: offset + length)
        guard next.scalar == nil else { break }
        length += next.length
      }
      let range = SourceRange(offset, offset + length)
      if scalar == nil {
        problems.error(range, "invalid UTF-8", hint: "save the file as UTF-8")
      } else if scalar == byteOrderMark {
        problems.error(range, "a byte-order mark", hint: "save the file as UTF-8 without a byte-order mark")
      }
      offset += length
      if problems.isFull { return }
    }
  }
}
