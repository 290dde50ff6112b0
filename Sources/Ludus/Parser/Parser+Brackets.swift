extension Parser {
  /// What one element of a bracket is parsed by.
  typealias Element = (inout Parser) throws(SyntaxError) -> Void

  /// Reads an opening bracket, members with separators (commas, newlines), and the closing bracket. Errors in
  /// members are recovered from. Returns the range with both brackets.
  mutating func members(_ content: Content = .members, _ element: Element) -> SourceRange {
    let opening = open()
    var isEmpty = true
    var comma = skipCommas()
    while !closes(opening, content) {
      if token.kind == .semicolon {
        problems.syntaxError(
          token.range, "a semicolon separates expressions, not members", hint: "write a comma")
        advance()
      } else {
        one(element, atComma: true)
        isEmpty = false
        let separated = skipCommas() != nil || token.newlineBefore
        if !separated, !leavesOff(content) { requireSeparator(opening) }
        continue
      }
      comma = skipCommas() ?? comma
    }
    if isEmpty, let comma { problems.syntaxError(comma, "a separator without members", hint: "leave it out") }
    return range(from: opening.range.start)
  }

  /// Reads an opening brace, elements with terminators (semicolons, newlines), and the closing brace.
  /// Errors in elements are recovered from.
  mutating func terminated(_ element: Element) -> SourceRange {
    let opening = open()
    terminatedElements(element) { parser in parser.closes(opening, .statements) }
    return range(from: opening.range.start)
  }

  /// Reads elements with terminators until `isAtEnd`.
  mutating func terminatedElements(_ element: Element, until isAtEnd: (inout Parser) -> Bool) {
    skipSemicolons()
    while !isAtEnd(&self) {
      one(element, atComma: false)
      if !skipSemicolons(), !token.newlineBefore { requireTerminator() }
    }
  }

  /// Parses one element; where that fails, skips to the next. Reads at least one token. Gives
  /// up on a file that is wrong everywhere.
  private mutating func one(_ element: Element, atComma: Bool) {
    let start = token
    guard !problems.isFull else { return giveUp() }
    do {
      try element(&self)
    } catch {
      recover(from: start, atComma: atComma)
    }
  }

  private mutating func open() -> Token {
    let opening = advance()
    if let closer = opening.kind.closer { openBrackets.append(closer) }
    return opening
  }

  /// What stands in a bracket, which decides what a line that begins with `let` or a wrong closing bracket
  /// means there.
  enum Content { case members, patterns, statements }

  /// Whether the bracket's elements end here; reads its closing bracket, or reports that it is missing.
  private mutating func closes(_ opening: Token, _ content: Content) -> Bool {
    let closer = openBrackets[openBrackets.count - 1]
    if content == .statements { skipStrayClosers() }
    let isOpen = content != .statements && leavesOff(content)
    if token.kind == closer {
      advance()
    } else if token.kind == .end || isOpen {
      reportUnclosed(opening)
      if isOpen { forgivenClosers += 1 }
    } else if token.kind.isCloser {
      closeWrongly(opening, closer)
    } else {
      return false
    }
    openBrackets.removeLast()
    return true
  }

  /// Whether the token cannot stand in the bracket, but well behind it.
  private func leavesOff(_ content: Content) -> Bool {
    if content == .patterns, token.kind == .arrow || token.kind == .equals { return true }
    return beginsStatement()
  }

  /// At a closing bracket of another kind: it belongs to a bracket further out, or it is a slip of the pen.
  private mutating func closeWrongly(_ opening: Token, _ closer: Token.Kind) {
    guard !openBrackets.contains(token.kind) else { return reportUnclosed(opening) }
    let place = file.position(of: opening.range.start)
    problems.syntaxError(
      token.range, "unexpected \(describeToken()); expected `\(closer.spelling ?? "")`",
      hint: "it would close the `\(opening.kind.spelling ?? "")` of \(place.line):\(place.column)")
    advance()
  }

  /// Passes over closing brackets that close nothing at all, among expressions and clauses.
  mutating func skipStrayClosers() {
    while token.kind.isCloser, !openBrackets.contains(token.kind) {
      if forgivenClosers > 0 {
        forgivenClosers -= 1
      } else {
        problems.syntaxError(
          token.range, "unexpected \(describeToken()): it closes nothing", hint: "leave it out")
      }
      advance()
      skipSemicolons()
    }
  }

  private mutating func reportUnclosed(_ opening: Token) {
    guard !hasGivenUp else { return }
    unclosedBefore = token.range.start
    if !problems.isFull { mistakes.unclosed.append(SourceRange(opening.range.start, token.range.start)) }
    let closer = opening.kind.closer?.spelling ?? ""
    problems.error(
      opening.range, "unclosed `\(opening.kind.spelling ?? "")`",
      hint: "it opens here, and its `\(closer)` is missing before \(describePlace())")
  }

  private func describePlace() -> String {
    guard token.kind != .end else { return "the end of the file" }
    let place = file.position(of: token.range.start)
    return "\(place.line):\(place.column)"
  }

  /// Skips commas, and returns the place of the first.
  private mutating func skipCommas() -> SourceRange? {
    guard token.kind == .comma else { return nil }
    let first = token.range
    while token.kind == .comma { advance() }
    return first
  }

  @discardableResult
  private mutating func skipSemicolons() -> Bool {
    guard token.kind == .semicolon else { return false }
    while token.kind == .semicolon { advance() }
    return true
  }

  /// Reports that nothing separates the last member from this token, unless the bracket closes here.
  private mutating func requireSeparator(_ opening: Token) {
    guard token.kind != .end, token.kind != .semicolon, !token.kind.isCloser else { return }
    let start = token
    _ = unexpected("`,`, a newline or `\(opening.kind.closer?.spelling ?? "")`")
    if !token.kind.startsExpression, token.kind != .splat {
      recover(from: start, atComma: true)
    }
  }

  /// Reports that nothing separates the last expression or clause from this token.
  private mutating func requireTerminator() {
    guard token.kind != .end, !token.kind.isCloser else { return }
    let start = token
    _ = unexpected("a newline or `;`")
    if !token.kind.startsExpression { recover(from: start, atComma: false) }
  }
}
