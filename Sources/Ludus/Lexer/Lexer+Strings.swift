/// The text that is being gathered while a string is read.
private struct StringBuilder {
  var parts: [StringPart] = []
  var text: [UInt8] = []

  mutating func flush() {
    guard !text.isEmpty else { return }
    parts.append(.text(String(decoding: text, as: UTF8.self)))
    text.removeAll(keepingCapacity: true)
  }
}

extension Lexer {
  /// Reads a string into `stringParts`.
  mutating func scanString(_ token: inout Token) {
    let start = position
    token.kind = .string
    stringParts = []
    position += 1
    skipPlainText()
    if peek() == Ascii.quote, position < bytes.count {
      if position > start + 1 {
        stringParts = [.text(String(decoding: bytes[(start + 1)..<position], as: UTF8.self))]
      }
      position += 1
      noteIfSuspicious(start)
      return
    }
    var builder = StringBuilder()
    builder.text.append(contentsOf: bytes[(start + 1)..<position])
    scanParts(into: &builder, openedAt: start)
    builder.flush()
    stringParts = builder.parts
    noteIfSuspicious(start)
  }

  /// Behind a string that spans lines something begins at once that would rather begin a string's text.
  private mutating func noteIfSuspicious(_ start: Int) {
    guard suspiciousString == nil, position < bytes.count else { return }
    switch bytes[position] {
    case Ascii.blank, Ascii.tab, Ascii.newline, Ascii.carriageReturn, Ascii.comma, Ascii.semicolon: return
    case Ascii.closeParenthesis, Ascii.closeBracket, Ascii.closeBrace, Ascii.ampersand, Ascii.greater: return
    default: if bytes[start..<position].contains(Ascii.newline) { suspiciousString = start }
    }
  }

  /// Everything from the first byte that is not plain text to the closing quote.
  private mutating func scanParts(into builder: inout StringBuilder, openedAt start: Int) {
    while position < bytes.count {
      switch bytes[position] {
      case Ascii.quote:
        position += 1
        return
      case Ascii.backslash:
        scanEscape(into: &builder)
      case Ascii.openBrace:
        scanInterpolation(into: &builder)
      case Ascii.closeBrace:
        problems.syntaxError(
          SourceRange(position, position + 1), "a lone `}` in a string",
          hint: "write \\} for a brace, and \\{ to open one")
        position += 1
      case Ascii.carriageReturn:
        if peek(1) != Ascii.newline { builder.text.append(Ascii.carriageReturn) }
        position += 1
      default:
        let from = position
        skipPlainText()
        builder.text.append(contentsOf: bytes[from..<position])
      }
    }
    let place = suspiciousString ?? start
    problems.syntaxError(
      SourceRange(place, place + 1), "unterminated string", hint: "it begins here and has no closing \"")
  }

  private mutating func skipPlainText() {
    while position < bytes.count {
      switch bytes[position] {
      case Ascii.quote, Ascii.backslash, Ascii.openBrace, Ascii.closeBrace, Ascii.carriageReturn: return
      default: position += 1
      }
    }
  }

  private mutating func scanEscape(into builder: inout StringBuilder) {
    let start = position
    position += 2
    switch peek(-1) {
    case 0x6E: builder.text.append(Ascii.newline)
    case 0x74: builder.text.append(Ascii.tab)
    case 0x72: builder.text.append(Ascii.carriageReturn)
    case Ascii.zero: builder.text.append(0)
    case Ascii.quote, Ascii.backslash, Ascii.openBrace, Ascii.closeBrace: builder.text.append(peek(-1))
    case 0x75: scanUnicodeEscape(from: start, into: &builder)
    default: refuseEscape(from: start)
    }
  }

  private mutating func refuseEscape(from start: Int) {
    position = start + 1
    if position < bytes.count { position += Encoding.scalar(in: bytes, at: position).length }
    problems.syntaxError(
      SourceRange(start, position), "unknown escape",
      hint: "the escapes are \\n \\t \\r \\0 \\\" \\\\ \\{ \\} \\u{hex}")
  }

  /// `\u{1F600}`; the position is behind the `u`.
  private mutating func scanUnicodeEscape(from start: Int, into builder: inout StringBuilder) {
    var value: UInt32 = 0
    var digits = 0
    if peek() == Ascii.openBrace {
      position += 1
      while digits < 8, let digit = Ascii.hexValue(peek()) {
        value = value << 4 | digit
        digits += 1
        position += 1
      }
      if digits > 0, peek() == Ascii.closeBrace, let scalar = Unicode.Scalar(value) {
        position += 1
        builder.text.append(contentsOf: Array(String(Character(scalar)).utf8))
        return
      }
    }
    while Ascii.isWordByte(peek()) { position += 1 }
    if peek() == Ascii.closeBrace { position += 1 }
    problems.syntaxError(
      SourceRange(start, position), "bad \\u escape",
      hint: "write \\u{hex} with the number of a Unicode scalar, such as \\u{1F600}")
  }

  /// `{word}`; the position is at the brace.
  private mutating func scanInterpolation(into builder: inout StringBuilder) {
    let start = position
    position += 1
    let wordStart = position
    skipWordBytes()
    let range = SourceRange(wordStart, position)
    if peek() == Ascii.closeBrace, position > wordStart, Ascii.isLower(bytes[wordStart]) {
      let name = names.name(from: wordStart, to: position)
      position += 1
      guard name.wordKind == .word else {
        problems.syntaxError(range, "`\(name.text)` is a reserved word, not a name")
        return
      }
      builder.flush()
      builder.parts.append(.word(NameUse(name, range)))
      return
    }
    refuseInterpolation(from: start)
  }

  /// Skips to the closing brace, if there is one on the line and in the string.
  private mutating func refuseInterpolation(from start: Int) {
    // Within a run without an end, each brace would look through all of the run again.
    var end = start < loneBracesEnd ? loneBracesEnd : start + 1
    while end < bytes.count, ![Ascii.newline, Ascii.quote, Ascii.closeBrace].contains(bytes[end]) { end += 1 }
    guard end < bytes.count, bytes[end] == Ascii.closeBrace else {
      position = start + 1
      loneBracesEnd = end
      problems.syntaxError(
        SourceRange(start, position), "a lone `{` in a string", hint: "write \\{ for a brace")
      return
    }
    position = end + 1
    problems.syntaxError(
      SourceRange(start, position), "only a word may stand between the braces of a string",
      hint: "bind the value with let and write {name}, or write \\{ and \\} for braces")
  }
}
