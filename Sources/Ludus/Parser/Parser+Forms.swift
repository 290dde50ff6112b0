extension Parser {
  mutating func parseBlock() -> BlockForm {
    var expressions: [Expression] = []
    let problemsBefore = problems.list.count
    let range = terminated { (parser) throws(SyntaxError) in
      expressions.append(try parser.parseStatement())
    }
    if expressions.isEmpty, problems.list.count == problemsBefore {
      problems.error(
        range, "an empty block", hint: "a block has the value of its last expression: write one, such as nil")
    }
    return BlockForm(expressions, range)
  }

  mutating func parseIf() throws(SyntaxError) -> IfForm {
    let start = advance().range.start
    let condition: IfForm.Condition =
      token.kind == .let ? .binding(try parseLet()) : .value(try parseNonbinding())
    try expectAnywhere(.then, "`then`")
    let consequence = try parseStatement()
    guard token.kind == .else else {
      throw unexpected("`else`", hint: "an if has two branches: if condition then a else b")
    }
    advance()
    let alternative = try parseStatement()
    return IfForm(condition, then: consequence, else: alternative, range(from: start))
  }

  mutating func parseWhen() throws(SyntaxError) -> WhenForm {
    let start = advance().range.start
    guard isOnLine(.openBrace) else { throw unexpected("`{`") }
    var clauses: [WhenClause] = []
    parseClauses(of: "when") { (parser) throws(SyntaxError) in
      clauses.append(try parser.parseWhenClause())
    }
    return WhenForm(clauses, range(from: start))
  }

  private mutating func parseWhenClause() throws(SyntaxError) -> WhenClause {
    let start = token.range.start
    var condition: Expression?
    if token.kind == .else || token.kind == .placeholder {
      advance()
    } else {
      condition = try parseNonbinding()
    }
    try expect(.arrow, "`->`", hint: "a clause of when is written: condition -> value")
    let body = try parseStatement()
    return WhenClause(condition, body, range(from: start))
  }

  mutating func parseMatch() throws(SyntaxError) -> MatchForm {
    let start = advance().range.start
    try requireSameLine("an expression to match")
    let subject = try parseNonbinding()
    try expectAnywhere(.with, "`with`")
    guard token.kind == .openBrace else { throw unexpected("`{`") }
    var clauses: [Clause] = []
    parseClauses(of: "match") { (parser) throws(SyntaxError) in
      clauses.append(try parser.parseMatchClause())
    }
    return MatchForm(subject, clauses, range(from: start))
  }

  private mutating func parseMatchClause() throws(SyntaxError) -> Clause {
    let start = token.range.start
    return try parseClauseRest(try parsePattern(), from: start)
  }

  /// `[if guard] -> body` behind the pattern of a clause.
  mutating func parseClauseRest(_ pattern: Pattern, from start: Int32) throws(SyntaxError) -> Clause {
    var condition: Expression?
    if isOnLine(.if) {
      advance()
      condition = try parseSimple("a guard")
    }
    try expect(.arrow, "`->`", hint: "a clause is written: pattern -> body")
    let body = try parseStatement()
    return Clause(pattern, guard: condition, body, range(from: start))
  }

  /// Clauses in braces; reports if there are none.
  mutating func parseClauses(of subject: String, _ element: Element) {
    let problemsBefore = problems.list.count
    var isEmpty = true
    let range = terminated { (parser) throws(SyntaxError) in
      isEmpty = false
      try element(&parser)
    }
    if isEmpty, problems.list.count == problemsBefore {
      problems.error(range, "\(subject) without clauses", hint: "it needs at least one: pattern -> value")
    }
  }

  mutating func parseDo() throws(SyntaxError) -> DoForm {
    let start = advance().range.start
    let value = try parseNonbinding()
    var steps: [Expression] = []
    guard token.kind == .greater else {
      throw unexpected("`>` and a function", hint: "do is written: do value > function > function")
    }
    while token.kind == .greater {
      advance()
      steps.append(try parseNonbinding())
    }
    return DoForm(value, steps, range(from: start))
  }

  mutating func parseLoop() throws(SyntaxError) -> LoopForm {
    let start = advance().range.start
    guard isOnLine(.openTuple) else { throw unexpected("the first arguments of the loop in parentheses") }
    let arguments = parseTuple()
    try expectAnywhere(.with, "`with`")
    var clauses: [Clause] = []
    if token.kind == .openBrace {
      parseClauses(of: "loop") { (parser) throws(SyntaxError) in
        clauses.append(try parser.parseParameterClause())
      }
    } else {
      clauses.append(try parseParameterClause())
    }
    return LoopForm(Parser.values(of: arguments), arguments.range, clauses, range(from: start))
  }

  mutating func parseRepeat() throws(SyntaxError) -> RepeatForm {
    let start = advance().range.start
    let count: Expression
    if isOnLine(.number) {
      let value = token.number
      count = .literal(LiteralNode(.number(value), advance().range))
    } else if isOnLine(.word), let name = token.name {
      count = .name(NameUse(name, advance().range))
    } else {
      throw unexpected("a number or a word", hint: "repeat is written: repeat count { … }")
    }
    guard isOnLine(.openBrace) else { throw unexpected("`{`", hint: "repeat is written: repeat count { … }") }
    return RepeatForm(count, parseBlock(), range(from: start))
  }

  mutating func parseReceive() throws(SyntaxError) -> ReceiveForm {
    let start = advance().range.start
    guard isOnLine(.openBrace) else { throw unexpected("`{`") }
    var clauses: [Clause] = []
    var timeout: ReceiveTimeout?
    parseClauses(of: "receive") { (parser) throws(SyntaxError) in
      if let timeout {
        parser.problems.error(
          timeout.range, "`after` is not last", hint: "it stands behind the clauses, once")
      }
      if parser.token.kind == .after {
        timeout = try parser.parseTimeout()
      } else {
        clauses.append(try parser.parseMatchClause())
      }
    }
    return ReceiveForm(clauses, timeout, range(from: start))
  }

  private mutating func parseTimeout() throws(SyntaxError) -> ReceiveTimeout {
    let start = advance().range.start
    try requireSameLine("the limit in milliseconds")
    let limit = try parseSimple("the limit of after")
    try expect(.arrow, "`->`", hint: "it is written: after milliseconds -> value")
    return ReceiveTimeout(limit, try parseStatement(), range(from: start))
  }

  /// A newline would end the expression here.
  mutating func requireSameLine(_ expectation: String) throws(SyntaxError) {
    if token.newlineBefore { throw unexpected(expectation) }
  }
}
