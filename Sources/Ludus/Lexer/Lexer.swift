/// Turns source bytes into tokens, one at a time and on demand, so that a file of fifty megabytes of brackets
/// costs no more than the parser is willing to read. A value type: a copy is a bookmark.
struct Lexer {
  let bytes: [UInt8]
  let names: Names
  let problems: Problems
  /// The next byte to read.
  var position = 0
  /// The parts of the string token that was read last.
  var stringParts: [StringPart] = []
  /// Where the first string begins that spans lines and ends in a strange place: probably the one that lacks
  /// its end, if there is one.
  var suspiciousString: Int?
  /// No `}` stands between the lone brace of a string that was found last and this byte.
  var loneBracesEnd = 0

  init(bytes: [UInt8], names: Names, problems: Problems) {
    self.bytes = bytes
    self.names = names
    self.problems = problems
  }

  /// The byte `distance` behind the position, or 0 behind the end.
  @inline(__always) func peek(_ distance: Int = 0) -> UInt8 {
    let index = position + distance
    return index < bytes.count ? bytes[index] : 0
  }

  /// Reads the next token.
  mutating func next() -> Token {
    let newline = skipBlanks()
    let start = position
    guard start < bytes.count else {
      return Token(kind: .end, range: SourceRange(start, start), newlineBefore: newline)
    }
    var token = Token(kind: .invalid, range: SourceRange(start, start), newlineBefore: newline)
    let byte = bytes[start]
    if Ascii.isLower(byte) {
      scanWord(&token)
    } else if Ascii.isDigit(byte) || (byte == Ascii.minus && Ascii.isDigit(peek(1))) {
      scanNumber(&token)
    } else if byte == Ascii.quote {
      scanString(&token)
    } else if byte == Ascii.colon {
      scanKeyword(&token)
    } else if byte == Ascii.underscore {
      scanPlaceholder(&token)
    } else if let (kind, length) = punctuation(byte) {
      token.kind = kind
      position += length
    } else {
      scanMistake(&token)
    }
    token.range = SourceRange(start, position)
    return token
  }

  /// Skips blanks, comments, newlines, and what `Encoding.check` has already refused.
  /// Returns whether there was a newline.
  private mutating func skipBlanks() -> Bool {
    var newline = false
    while position < bytes.count {
      switch bytes[position] {
      case Ascii.newline:
        newline = true
        position += 1
      case Ascii.blank, Ascii.tab:
        position += 1
      case Ascii.carriageReturn where peek(1) == Ascii.newline:
        position += 1
      case Ascii.ampersand:
        while position < bytes.count, bytes[position] != Ascii.newline { position += 1 }
      case 0x80...:
        let (scalar, length) = Encoding.scalar(in: bytes, at: position)
        guard scalar == nil || scalar == Encoding.byteOrderMark else { return newline }
        position += length
      default:
        return newline
      }
    }
    return newline
  }

  private func punctuation(_ byte: UInt8) -> (Token.Kind, Int)? {
    switch byte {
    case Ascii.openParenthesis: (.openTuple, 1)
    case Ascii.closeParenthesis: (.closeTuple, 1)
    case Ascii.openBracket: (.openList, 1)
    case Ascii.closeBracket: (.closeList, 1)
    case Ascii.openBrace: (.openBrace, 1)
    case Ascii.closeBrace: (.closeBrace, 1)
    case Ascii.comma: (.comma, 1)
    case Ascii.semicolon: (.semicolon, 1)
    case Ascii.equals: (.equals, 1)
    case Ascii.greater: (.greater, 1)
    case Ascii.minus where peek(1) == Ascii.greater: (.arrow, 2)
    case Ascii.hash where peek(1) == Ascii.openBrace: (.openDict, 2)
    case Ascii.dollar where peek(1) == Ascii.openBrace: (.openSet, 2)
    case Ascii.at where peek(1) == Ascii.openBrace: (.openStruct, 2)
    case Ascii.point where peek(1) == Ascii.point && peek(2) == Ascii.point: (.splat, 3)
    default: nil
    }
  }
}
