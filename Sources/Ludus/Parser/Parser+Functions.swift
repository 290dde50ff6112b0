extension Parser {
  /// `fn` where a value is meant. A name there is a mistake, but the function is parsed.
  mutating func parseLambda() throws(SyntaxError) -> Function {
    let fnRange = token.range
    let function = try parseFunction()
    if let name = function.name {
      problems.syntaxError(
        fnRange.through(name.range), "a named function cannot stand here",
        hint: "leave out the name, or bind it on a line before")
    }
    return function
  }

  /// `fn (x) -> body`, `fn name (x) -> body` or `fn name { … }`.
  mutating func parseFunction() throws(SyntaxError) -> Function {
    let start = advance().range.start
    let index = reserveFunction()
    if isOnLine(.openTuple) {
      let head = range(from: start)
      let clause = try parseParameterClause()
      let function = Function(.lambda, clauses: [clause], headRange: head, index: index, range(from: start))
      functions[index] = function
      return function
    }
    let name = try parseBoundName("a name or `(`")
    let head = range(from: start)
    let (documentation, clauses) = parseNamedBody()
    let function = Function(
      .named, name: name, documentation: documentation, clauses: clauses, headRange: head, index: index,
      range(from: start))
    functions[index] = function
    return function
  }

  /// What stands behind the name. Errors do not cost the name.
  private mutating func parseNamedBody() -> (documentation: String?, clauses: [Clause]) {
    var documentation: String?
    var clauses: [Clause] = []
    if isOnLine(.openBrace) {
      var isFirst = true
      parseClauses(of: "fn") { (parser) throws(SyntaxError) in
        defer { isFirst = false }
        if isFirst, parser.token.kind == .string {
          documentation = try parser.parseDocumentation()
          guard parser.token.kind == .openTuple else { return }
        }
        clauses.append(try parser.parseParameterClause())
      }
      return (documentation, clauses)
    }
    _ = recovering { (parser) throws(SyntaxError) in
      guard parser.isOnLine(.openTuple) else { throw parser.unexpected("`(` or `{`") }
      clauses.append(try parser.parseParameterClause())
      return .invalid(parser.token.range)
    }
    return (nil, clauses)
  }

  private mutating func parseDocumentation() throws(SyntaxError) -> String {
    let range = token.range
    let text = try parseDocumentationText()
    if token.kind == .closeBrace {
      problems.syntaxError(range, "a function without clauses", hint: "it needs at least one: (x) -> value")
    }
    return text
  }

  private mutating func parseDocumentationText() throws(SyntaxError) -> String {
    let parts = lexer.stringParts
    let string = StringNode(parts, advance().range)
    if let text = string.literal { return text }
    problems.syntaxError(
      string.range, "a docstring does not interpolate", hint: "write \\{ and \\} for braces")
    return ""
  }

  /// `(patterns) [if guard] -> body`.
  mutating func parseParameterClause() throws(SyntaxError) -> Clause {
    guard token.kind == .openTuple else {
      throw unexpected("`(` and parameters", hint: "a clause is written: (x, y) -> body")
    }
    let start = token.range.start
    return try parseClauseRest(.tuple(parseSequencePattern()), from: start)
  }
}
