/// Reads JSON text. Depth is limited, so that no file overflows the stack.
public struct JsonReader {
  public struct Failure: Error, Equatable {
    /// Bytes before the place.
    public let offset: Int
    public let expected: String
  }

  private let bytes: [UInt8]
  private var place = 0
  private var depth = 0

  private init(_ bytes: [UInt8]) { self.bytes = bytes }

  public static func read(_ bytes: [UInt8]) throws(Failure) -> Json {
    var reader = JsonReader(bytes)
    let value = try reader.value()
    reader.skipBlanks()
    guard reader.place == bytes.count else { throw reader.failure("the end") }
    return value
  }

  private func failure(_ expected: String) -> Failure { Failure(offset: place, expected: expected) }

  private mutating func skipBlanks() {
    while place < bytes.count, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[place]) { place += 1 }
  }

  /// Whether the text goes on with `word`; if so it is passed.
  private mutating func takes(_ word: String) -> Bool {
    let utf8 = Array(word.utf8)
    guard bytes[place...].starts(with: utf8) else { return false }
    place += utf8.count
    return true
  }

  private mutating func value() throws(Failure) -> Json {
    skipBlanks()
    if takes("null") { return .null }
    if takes("true") { return .bool(true) }
    if takes("false") { return .bool(false) }
    guard place < bytes.count else { throw failure("a value") }
    switch bytes[place] {
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "["):
      return .array(try members(in: "[", "]") { reader throws(Failure) in try reader.value() })
    case UInt8(ascii: "{"):
      return .object(try members(in: "{", "}") { reader throws(Failure) in try reader.member() })
    default: return .number(try number())
    }
  }

  private mutating func members<Member>(
    in open: String, _ close: String, _ read: (inout JsonReader) throws(Failure) -> Member
  ) throws(Failure) -> [Member] {
    guard takes(open), depth < 100 else { throw failure("less depth") }
    depth += 1
    defer { depth -= 1 }
    var result: [Member] = []
    skipBlanks()
    if takes(close) { return result }
    while true {
      result.append(try read(&self))
      skipBlanks()
      if takes(close) { return result }
      guard takes(",") else { throw failure("a comma or \(close)") }
    }
  }

  private mutating func member() throws(Failure) -> Json.Member {
    skipBlanks()
    let key = try string()
    skipBlanks()
    guard takes(":") else { throw failure("a colon") }
    return Json.Member(key: key, value: try value())
  }

  private mutating func number() throws(Failure) -> Double {
    let start = place
    while place < bytes.count, "+-.eE0123456789".utf8.contains(bytes[place]) { place += 1 }
    guard let value = Double(String(decoding: bytes[start..<place], as: UTF8.self)) else {
      place = start
      throw failure("a value")
    }
    return value
  }

  private mutating func string() throws(Failure) -> String {
    guard takes("\"") else { throw failure("a string") }
    var text: [UInt8] = []
    while place < bytes.count, bytes[place] != UInt8(ascii: "\"") {
      if takes("\\") {
        text += Array(String(try escaped()).utf8)
      } else {
        text.append(bytes[place])
        place += 1
      }
    }
    guard takes("\"") else { throw failure("the string's end") }
    return String(decoding: text, as: UTF8.self)
  }

  /// What stands behind a backslash. Halves of surrogate pairs become replacement characters.
  private mutating func escaped() throws(Failure) -> Unicode.Scalar {
    let plain: [(String, Unicode.Scalar)] = [
      ("n", "\n"), ("t", "\t"), ("r", "\r"), ("b", "\u{8}"), ("f", "\u{C}"), ("\"", "\""), ("\\", "\\"),
      ("/", "/"),
    ]
    for (letter, scalar) in plain where takes(letter) { return scalar }
    guard takes("u"), place + 4 <= bytes.count,
      let value = UInt32(String(decoding: bytes[place..<place + 4], as: UTF8.self), radix: 16)
    else { throw failure("an escape") }
    place += 4
    return Unicode.Scalar(value) ?? "\u{FFFD}"
  }
}
