extension Lexer {
  /// Words and reserved words.
  mutating func scanWord(_ token: inout Token) {
    let start = position
    skipWordBytes()
    if isNonAsciiLetter { refuseLetters(from: start) }
    let name = names.name(from: start, to: position)
    token.name = name
    token.kind = name.wordKind
  }

  /// `:key`.
  mutating func scanKeyword(_ token: inout Token) {
    let start = position
    position += 1
    guard Ascii.isLetter(peek()) else {
      if isNonAsciiLetter { skipLetters() }
      problems.syntaxError(
        SourceRange(start, position), "a keyword needs a letter behind its colon", hint: "such as :name")
      return
    }
    skipWordBytes()
    if isNonAsciiLetter { refuseLetters(from: start) }
    token.kind = .keyword
    token.name = names.name(from: start + 1, to: position)
  }

  /// `_` and `_ignored`.
  mutating func scanPlaceholder(_ token: inout Token) {
    let start = position
    position += 1
    skipWordBytes()
    if isNonAsciiLetter { refuseLetters(from: start) }
    token.kind = position == start + 1 ? .placeholder : .ignored
    if token.kind == .ignored { token.name = names.name(from: start, to: position) }
  }

  /// Whatever no token begins with.
  mutating func scanMistake(_ token: inout Token) {
    let start = position
    if Ascii.isUpper(peek()) {
      skipLetters()
      token.kind = .word
      token.name = names.name(from: start, to: position)
      let lowered = token.name?.text.lowercased() ?? ""
      problems.syntaxError(
        SourceRange(start, position), "names start with a lower-case letter", hint: "write \(lowered)")
    } else if isNonAsciiLetter {
      refuseLetters(from: start)
      token.kind = .word
      token.name = names.name(from: start, to: position)
    } else {
      let (scalar, length) = Encoding.scalar(in: bytes, at: position)
      position += length
      let (message, hint) = Lexer.complaint(about: scalar)
      problems.syntaxError(SourceRange(start, position), message, hint: hint)
    }
  }

  private static func complaint(about scalar: Unicode.Scalar?) -> (message: String, hint: String?) {
    switch scalar {
    case "\\": ("`\\` is reserved", "it has a meaning only inside strings")
    case "-": ("unexpected `-`", "a minus belongs directly before a digit; to subtract, write sub (a, b)")
    case "#": ("unexpected `#`", "a dict is written #{:key value}; a comment begins with &")
    case "$": ("unexpected `$`", "a set is written ${1, 2}")
    case "@": ("unexpected `@`", "a struct is written @{:key value}")
    case ".": ("unexpected `.`", "a splat is written ...rest")
    case "+", "*", "/":
      ("unexpected `\(scalar ?? " ")`", "arithmetic is written add (a, b), mult (a, b), div (a, b)")
    case "'": ("unexpected `'`", "strings stand in double quotes")
    case let scalar? where scalar.value > 0x20 && scalar.value != 0x7F && !scalar.properties.isWhitespace:
      ("unexpected `\(scalar)`", nil)
    case let scalar?: ("unexpected character U+\(Lexer.hexadecimal(scalar.value))", nil)
    case nil: ("invalid UTF-8", nil)
    }
  }

  private static func hexadecimal(_ value: UInt32) -> String {
    let digits = String(value, radix: 16, uppercase: true)
    return String(repeating: "0", count: max(0, 4 - digits.utf8.count)) + digits
  }

  mutating func skipWordBytes() {
    while position < bytes.count, Ascii.isWordByte(bytes[position]) { position += 1 }
  }

  /// Whether a letter outside ASCII comes next.
  var isNonAsciiLetter: Bool {
    guard peek() >= 0x80 else { return false }
    return Encoding.scalar(in: bytes, at: position).scalar?.properties.isAlphabetic == true
  }

  /// Skips word bytes and letters of any script.
  mutating func skipLetters() {
    while true {
      skipWordBytes()
      guard isNonAsciiLetter else { return }
      position += Encoding.scalar(in: bytes, at: position).length
    }
  }

  private mutating func refuseLetters(from start: Int) {
    skipLetters()
    problems.syntaxError(
      SourceRange(start, position), "names are made of the letters a to z, digits and _ / ? ! *")
  }
}
