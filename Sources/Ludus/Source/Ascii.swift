/// The bytes that mean something to the lexer.
enum Ascii {
  @inline(__always) static var newline: UInt8 { 0x0A }
  @inline(__always) static var carriageReturn: UInt8 { 0x0D }
  @inline(__always) static var tab: UInt8 { 0x09 }
  @inline(__always) static var blank: UInt8 { 0x20 }
  @inline(__always) static var quote: UInt8 { 0x22 }
  @inline(__always) static var hash: UInt8 { 0x23 }
  @inline(__always) static var dollar: UInt8 { 0x24 }
  @inline(__always) static var ampersand: UInt8 { 0x26 }
  @inline(__always) static var openParenthesis: UInt8 { 0x28 }
  @inline(__always) static var closeParenthesis: UInt8 { 0x29 }
  @inline(__always) static var plus: UInt8 { 0x2B }
  @inline(__always) static var comma: UInt8 { 0x2C }
  @inline(__always) static var minus: UInt8 { 0x2D }
  @inline(__always) static var point: UInt8 { 0x2E }
  @inline(__always) static var zero: UInt8 { 0x30 }
  @inline(__always) static var colon: UInt8 { 0x3A }
  @inline(__always) static var semicolon: UInt8 { 0x3B }
  @inline(__always) static var equals: UInt8 { 0x3D }
  @inline(__always) static var greater: UInt8 { 0x3E }
  @inline(__always) static var at: UInt8 { 0x40 }
  @inline(__always) static var openBracket: UInt8 { 0x5B }
  @inline(__always) static var backslash: UInt8 { 0x5C }
  @inline(__always) static var closeBracket: UInt8 { 0x5D }
  @inline(__always) static var underscore: UInt8 { 0x5F }
  @inline(__always) static var exponent: UInt8 { 0x65 }
  @inline(__always) static var openBrace: UInt8 { 0x7B }
  @inline(__always) static var closeBrace: UInt8 { 0x7D }

  @inline(__always) static func isDigit(_ byte: UInt8) -> Bool { byte &- 0x30 < 10 }
  @inline(__always) static func isLower(_ byte: UInt8) -> Bool { byte &- 0x61 < 26 }
  @inline(__always) static func isUpper(_ byte: UInt8) -> Bool { byte &- 0x41 < 26 }
  @inline(__always) static func isLetter(_ byte: UInt8) -> Bool { (byte | 0x20) &- 0x61 < 26 }

  /// What may follow the first letter of a word: letters, digits and `_ / ? ! *`.
  @inline(__always) static func isWordByte(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
    case underscore, 0x2F, 0x3F, 0x21, 0x2A: true
    default: false
    }
  }

  static func hexValue(_ byte: UInt8) -> UInt32? {
    switch byte {
    case 0x30...0x39: UInt32(byte - 0x30)
    case 0x41...0x46: UInt32(byte - 0x41 + 10)
    case 0x61...0x66: UInt32(byte - 0x61 + 10)
    default: nil
    }
  }
}
