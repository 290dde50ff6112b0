/// A module's bytes as Swift source. One string literal in base 64: a literal of a few hundred thousand
/// characters compiles at once, where an array literal of as many numbers takes minutes.
enum SwiftLiteral {
  static func file(holding bytes: [UInt8]) -> String {
    """
    // Made by prelude-compiler. Do not edit.
    extension Prelude {
      static var encodedModule: String { "\(encode(bytes))" }
    }

    """
  }

  /// Base 64 without padding; `Prelude.decode` is its inverse.
  static func encode(_ bytes: [UInt8]) -> String {
    let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    var text: [UInt8] = []
    var start = 0
    while start < bytes.count {
      let group = bytes[start..<min(start + 3, bytes.count)]
      var value = 0
      for byte in group { value = value << 8 | Int(byte) }
      value <<= 8 * (3 - group.count)
      for place in 0...group.count { text.append(digits[value >> (18 - 6 * place) & 63]) }
      start += 3
    }
    return String(decoding: text, as: UTF8.self)
  }
}
