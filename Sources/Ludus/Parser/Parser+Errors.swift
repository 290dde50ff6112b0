extension Parser {
  /// Reports that something else was expected here. To be thrown.
  mutating func unexpected(_ expectation: String, hint: String? = nil) -> SyntaxError {
    guard token.kind != .invalid, token.range.start != unclosedBefore else { return SyntaxError() }
    if token.newlineBefore, token.kind != .end {
      problems.syntaxError(
        SourceRange(previousEnd, previousEnd), "the line ends here, but \(expectation) was expected",
        hint: hint)
    } else {
      problems.syntaxError(
        token.range, "unexpected \(describeToken()); expected \(expectation)",
        hint: hint ?? hintForToken())
    }
    return SyntaxError()
  }

  /// The token as it should be shown in a message.
  func describeToken() -> String {
    switch token.kind {
    case .end: return "end of the file"
    case .string: return "string"
    case .placeholder: return "placeholder `_`"
    default:
      if let spelling = token.kind.spelling { return "`\(spelling)`" }
      return "`\(file.text(in: token.range))`"
    }
  }

  private func hintForToken() -> String? {
    switch token.kind {
    case .equals: "a name is bound with let; to compare, write eq? (a, b)"
    case .openTuple: "only words and keywords can be called"
    case .arrow: "a clause is written (pattern) -> body"
    case .comma: "clauses and expressions are separated by newlines or `;`"
    case .greater: "`>` stands between the steps of a do; to compare, write gt? (a, b)"
    default: nil
    }
  }

  /// Whether a line begins here in a way that only expressions of a script or block do: a sign that brackets
  /// before it were left open.
  func beginsStatement() -> Bool {
    guard token.newlineBefore else { return false }
    switch token.kind {
    case .let, .ref, .import, .use, .ns, .test: return true
    case .fn:
      var reader = Lexer(bytes: lexer.bytes, names: lexer.names, problems: Problems())
      reader.position = Int(token.range.end)
      let next = reader.next()
      return next.kind == .word && !next.newlineBefore
    default: return false
    }
  }

  /// Skips the rest of a construct that could not be parsed: to a place at this level where a new element may
  /// begin (a newline, a semicolon, with `atComma` a comma) or where the bracket around it closes.
  /// With `behindToken` the current token is skipped in any case.
  mutating func skipToNextElement(atComma: Bool, behindToken: Bool = false) {
    var brackets: [Token.Kind] = []
    var mustSkip = behindToken
    while token.kind != .end {
      if mustSkip {
        mustSkip = false
      } else if brackets.isEmpty {
        if token.newlineBefore || token.kind == .semicolon || token.kind.isCloser { return }
        if atComma, token.kind == .comma { return }
      } else if brackets.last != .closeBrace, beginsStatement() {
        return
      }
      if let closer = token.kind.closer {
        brackets.append(closer)
      } else if token.kind.isCloser, let index = brackets.lastIndex(of: token.kind) {
        brackets.removeSubrange(index...)
      } else if token.kind.isCloser, openBrackets.contains(token.kind) {
        return
      }
      advance()
    }
  }

  /// Recovers from an error in an element that began with `start`, reading at least one token.
  mutating func recover(from start: Token, atComma: Bool) {
    let stands = token.range.start == start.range.start && !token.kind.isCloser
    skipToNextElement(atComma: atComma, behindToken: stands)
    suspectWords(from: start)
  }

  /// Remembers the words between an element's first token and the current one.
  private mutating func suspectWords(from start: Token) {
    var reader = Lexer(bytes: lexer.bytes, names: lexer.names, problems: Problems())
    reader.position = Int(start.range.start)
    while true {
      let word = reader.next()
      guard word.kind != .end, word.range.start < token.range.start else { return }
      if word.kind == .word, let name = word.name { mistakes.words.insert(name) }
    }
  }
}
