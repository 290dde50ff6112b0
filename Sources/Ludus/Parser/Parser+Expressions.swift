extension Parser {
  /// `nonbinding`: an expression that has a value and binds nothing.
  mutating func parseNonbinding() throws(SyntaxError) -> Expression {
    try nested { (parser) throws(SyntaxError) in try parser.parseNonbindingHere() }
  }

  private mutating func parseNonbindingHere() throws(SyntaxError) -> Expression {
    switch token.kind {
    case .if: .if(try parseIf())
    case .when: .when(try parseWhen())
    case .match: .match(try parseMatch())
    case .do: .do(try parseDo())
    case .loop: .loop(try parseLoop())
    case .receive: .receive(try parseReceive())
    case .repeat: .repeat(try parseRepeat())
    case .openBrace: .block(parseBlock())
    case .let, .ref, .import, .use, .ns, .test: try parseMisplacedStatement()
    default: try parseSimpleHere()
    }
  }

  /// `simple`: what a guard and the limit of a `receive` may be.
  mutating func parseSimple(_ place: String) throws(SyntaxError) -> Expression {
    switch token.kind {
    case .if, .when, .match, .do, .loop, .receive, .repeat, .openBrace:
      problems.syntaxError(
        token.range, "unexpected \(describeToken()); \(place) is a simple expression",
        hint: "move it into a function, and call that")
    default: break
    }
    return try parseNonbinding()
  }

  private mutating func parseSimpleHere() throws(SyntaxError) -> Expression {
    switch token.kind {
    case .nil: return try parseLiteral(.nil)
    case .true: return try parseLiteral(.boolean(true))
    case .false: return try parseLiteral(.boolean(false))
    case .number: return try parseLiteral(.number(token.number))
    case .string: return try parseString()
    case .keyword: return try parseKeyword()
    case .word: return try parseWord()
    case .openTuple: return .collection(parseTuple())
    case .openList: return .collection(parseCollection(.list))
    case .openSet: return .collection(parseCollection(.set))
    case .openDict: return .dictionary(parseDictionary(.dict))
    case .openStruct: return .dictionary(parseDictionary(.structure))
    case .fn: return .function(try parseLambda())
    case .recur: return .recur(try parseRecur())
    case .placeholder, .ignored: return refusePlaceholder()
    case .invalid: return .invalid(advance().range)
    default: throw unexpected("an expression")
    }
  }

  private mutating func parseLiteral(_ value: Literal) throws(SyntaxError) -> Expression {
    try parseSteps(.literal(LiteralNode(value, advance().range)), callable: false)
  }

  private mutating func parseKeyword() throws(SyntaxError) -> Expression {
    guard let name = token.name else { throw unexpected("an expression") }
    return try parseSteps(.literal(LiteralNode(.keyword(name), advance().range)), callable: true)
  }

  private mutating func parseString() throws(SyntaxError) -> Expression {
    let parts = lexer.stringParts
    return try parseSteps(.string(StringNode(parts, advance().range)), callable: false)
  }

  private mutating func parseWord() throws(SyntaxError) -> Expression {
    guard let name = token.name else { throw unexpected("an expression") }
    return try parseSteps(.name(NameUse(name, advance().range)), callable: true)
  }

  /// The calls and key reads behind a head, as long as they begin on the line where the one before ends.
  private mutating func parseSteps(_ head: Expression, callable: Bool) throws(SyntaxError) -> Expression {
    var steps: [ChainStep] = []
    while !token.newlineBefore {
      if token.kind == .keyword, let name = token.name {
        steps.append(.key(LiteralKey(name: name, range: advance().range)))
      } else if token.kind == .openTuple, callable || !steps.isEmpty {
        steps.append(.call(parseArguments()))
      } else {
        break
      }
    }
    return steps.isEmpty ? head : .chain(Chain(head, steps, range(from: head.range.start)))
  }

  private mutating func parseArguments() -> Arguments {
    var values: [Expression] = []
    var placeholder: Int?
    var extra: SourceRange?
    var only: SourceRange?
    let range = members { (parser) throws(SyntaxError) in
      if parser.token.kind == .placeholder {
        let place = parser.advance().range
        if placeholder == nil { (placeholder, only) = (values.count, place) } else { extra = extra ?? place }
      } else {
        try parser.refuseSplat("a call")
        values.append(try parser.parseNonbinding())
      }
    }
    if let extra {
      problems.error(extra, "a second placeholder in one call", hint: "write a function: fn (a, b) -> …")
    } else if let only, values.isEmpty {
      problems.error(
        only, "a placeholder in a call of one argument", hint: "name the function itself, without arguments")
    }
    return Arguments(values, placeholder: placeholder, range)
  }

  /// A placeholder or an ignored name where a value is meant.
  private mutating func refusePlaceholder() -> Expression {
    let passed = advance()
    if passed.kind == .ignored, let name = passed.name {
      problems.syntaxError(
        passed.range, "`\(name.text)` is an ignored name, which binds nothing",
        hint: "give it a name without `_` to use it")
    } else {
      problems.syntaxError(
        passed.range, "a placeholder outside the arguments of a call",
        hint: "`_` stands directly among two or more arguments, or in a pattern")
    }
    return .invalid(passed.range)
  }

  /// Something that binds, where a value is meant: reported, and parsed all the same.
  private mutating func parseMisplacedStatement() throws(SyntaxError) -> Expression {
    let word = token.name?.text ?? ""
    if token.kind == .let || token.kind == .ref {
      problems.syntaxError(
        token.range, "a \(word) cannot stand here",
        hint: "\(word) stands in a script, a block or a body; put it into { }, or before this expression")
    } else {
      problems.syntaxError(
        token.range, "`\(word)` stands at the toplevel of a script only",
        hint: "move it out of this expression")
    }
    return try parseStatement()
  }

  /// `recur (x, y)`.
  private mutating func parseRecur() throws(SyntaxError) -> RecurForm {
    let start = advance().range.start
    guard isOnLine(.openTuple) else { throw unexpected("the arguments of recur in parentheses") }
    let arguments = parseTuple()
    return RecurForm(Parser.values(of: arguments), range(from: start))
  }

  static func values(of tuple: CollectionNode) -> [Expression] {
    tuple.members.compactMap { member in
      if case .value(let value) = member { value } else { nil }
    }
  }
}
