/// A token of assembly text.
struct AssemblyToken {
  enum Kind: Equatable {
    /// A word or number: letters, digits, `_ ? ! . + -`.
    case atom
    /// A string, its escapes undone.
    case string
    case punctuation(UInt8)
    case newline
    case end
  }

  var kind: Kind
  /// What the atom or the string says.
  var bytes: [UInt8]
  /// Where it begins, in bytes from the start of the text.
  var offset: Int

  /// The bytes are UTF-8: the lexer has looked.
  var text: String { String(decoding: bytes, as: UTF8.self) }

  func isPunctuation(_ character: Unicode.Scalar) -> Bool {
    kind == .punctuation(UInt8(truncatingIfNeeded: character.value))
  }

  func isAtom(_ text: String) -> Bool { kind == .atom && bytes.elementsEqual(text.utf8) }
}

/// Cuts assembly text into tokens, one after the other; keeps no more than one ahead.
struct AssemblyLexer {
  let text: [UInt8]
  private var offset = 0
  private var ahead: AssemblyToken?

  init(_ text: [UInt8]) { self.text = text }

  mutating func peek() throws(BytecodeError) -> AssemblyToken {
    if let ahead { return ahead }
    let token = try scan()
    ahead = token
    return token
  }

  mutating func next() throws(BytecodeError) -> AssemblyToken {
    let token = try peek()
    ahead = nil
    return token
  }

  /// Makes the token just taken the next one again; one that was peeked since is read anew.
  mutating func putBack(_ token: AssemblyToken) {
    if let ahead { offset = ahead.offset }
    ahead = token
  }

  /// An error at a place, its line and column counted from there.
  func error(at place: Int, _ message: String, _ advice: String) -> BytecodeError {
    var line = 1
    var column = 1
    for byte in text[..<min(place, text.count)] {
      if byte == 10 {
        line += 1
        column = 1
      } else if byte & 0xC0 != 0x80 {
        column += 1
      }
    }
    return BytecodeError(.text(line: line, column: column), message, advice: advice)
  }
}

extension AssemblyLexer {
  private mutating func scan() throws(BytecodeError) -> AssemblyToken {
    skipBlanks()
    let start = offset
    guard start < text.count else { return AssemblyToken(kind: .end, bytes: [], offset: start) }
    let byte = text[start]
    if Self.isAtom(byte) {
      while offset < text.count, Self.isAtom(text[offset]) { offset += 1 }
      return AssemblyToken(kind: .atom, bytes: Array(text[start..<offset]), offset: start)
    }
    offset += 1
    switch byte {
    case 10: return AssemblyToken(kind: .newline, bytes: [], offset: start)
    case UInt8(ascii: "\""):
      return AssemblyToken(kind: .string, bytes: try string(from: start), offset: start)
    case _ where Self.punctuation.contains(byte):
      return AssemblyToken(kind: .punctuation(byte), bytes: [], offset: start)
    default:
      throw error(
        at: start, "this character means nothing here", "write other names and texts as strings, in quotes")
    }
  }

  private mutating func skipBlanks() {
    while offset < text.count {
      switch text[offset] {
      case 9, 13, 32: offset += 1
      case UInt8(ascii: ";"): while offset < text.count, text[offset] != 10 { offset += 1 }
      default: return
      }
    }
  }

  private static let punctuation = Array(",:/#()[]{}$@=*".utf8)

  private static func isAtom(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"):
      true
    case UInt8(ascii: "_"), UInt8(ascii: "?"), UInt8(ascii: "!"), UInt8(ascii: "."), UInt8(ascii: "+"),
      UInt8(ascii: "-"):
      true
    default: false
    }
  }

  // MARK: Strings

  private mutating func string(from start: Int) throws(BytecodeError) -> [UInt8] {
    var bytes: [UInt8] = []
    while offset < text.count, text[offset] != 10 {
      let byte = text[offset]
      offset += 1
      if byte == UInt8(ascii: "\"") {
        guard String(validating: bytes, as: UTF8.self) != nil else {
          throw error(at: start, "the string is not UTF-8", "save the text as UTF-8")
        }
        return bytes
      }
      if byte == UInt8(ascii: "\\") { bytes += try escape() } else { bytes.append(byte) }
    }
    throw error(
      at: start, "the string has no end", "close it with \" on the same line; a new line in it is \\n")
  }

  /// What an escape stands for; its backslash is behind us.
  private mutating func escape() throws(BytecodeError) -> [UInt8] {
    let start = offset - 1
    let byte = offset < text.count ? text[offset] : 0
    offset += 1
    switch byte {
    case UInt8(ascii: "n"): return [10]
    case UInt8(ascii: "r"): return [13]
    case UInt8(ascii: "t"): return [9]
    case UInt8(ascii: "\""), UInt8(ascii: "\\"): return [byte]
    case UInt8(ascii: "u"): return try unicodeEscape(from: start)
    default:
      throw error(at: start, "there is no such escape", "use \\n \\r \\t \\\" \\\\ or \\u{hex}")
    }
  }

  private mutating func unicodeEscape(from start: Int) throws(BytecodeError) -> [UInt8] {
    var value: UInt32 = 0
    var digits = 0
    if offset < text.count, text[offset] == UInt8(ascii: "{") {
      offset += 1
      while offset < text.count, let digit = Self.hexDigit(text[offset]), digits < 6 {
        value = value << 4 | UInt32(digit)
        digits += 1
        offset += 1
      }
      if offset < text.count, text[offset] == UInt8(ascii: "}"), digits > 0,
        let scalar = Unicode.Scalar(value)
      {
        offset += 1
        return Array(String(Character(scalar)).utf8)
      }
    }
    throw error(at: start, "this is no character", "write \\u{…} with the code of a character in hex")
  }

  static func hexDigit(_ byte: UInt8) -> Int? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): Int(byte) - 48
    case UInt8(ascii: "a")...UInt8(ascii: "f"): Int(byte) - 87
    case UInt8(ascii: "A")...UInt8(ascii: "F"): Int(byte) - 55
    default: nil
    }
  }
}
