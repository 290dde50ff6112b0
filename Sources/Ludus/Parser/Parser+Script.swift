extension Parser {
  /// `script`: the whole file.
  mutating func parseScript() -> Script {
    var expressions: [Expression] = []
    let element: Element = { (parser) throws(SyntaxError) in
      expressions.append(try parser.parseStatement())
    }
    terminatedElements(element) { parser in
      parser.skipStrayClosers()
      return parser.token.kind == .end
    }
    return Script(file: file, expressions: expressions, functions: functions.compactMap { $0 })
  }

  /// `expression`, or a form that belongs at the toplevel (the resolver says where it may not stand).
  mutating func parseStatement() throws(SyntaxError) -> Expression {
    switch token.kind {
    case .let: .let(try parseLet())
    case .ref: .ref(try parseRef())
    case .import: .import(try parseImport())
    case .use: .use(try parseUse())
    case .ns: .namespace(try parseNamespace())
    case .test: .test(try parseTest())
    case .fn: .function(try nested { (parser) throws(SyntaxError) in try parser.parseFunction() })
    default: try parseNonbinding()
    }
  }

  /// `let pattern = value`. A value that cannot be parsed does not cost the names.
  mutating func parseLet() throws(SyntaxError) -> LetForm {
    let start = advance().range.start
    try requireSameLine("a pattern")
    let pattern = try parsePattern()
    let value = recovering { (parser) throws(SyntaxError) in
      try parser.expect(.equals, "`=`", hint: "let is written: let pattern = value")
      return try parser.parseNonbinding()
    }
    return LetForm(pattern, value, range(from: start))
  }

  private mutating func parseRef() throws(SyntaxError) -> RefForm {
    let start = advance().range.start
    let name = try parseBoundName("the name of the ref")
    let value = recovering { (parser) throws(SyntaxError) in
      try parser.expect(.equals, "`=`", hint: "ref is written: ref name = value")
      return try parser.parseNonbinding()
    }
    return RefForm(name, value, range(from: start))
  }

  /// What `body` parses, or `.invalid` up to the next place where something may begin.
  mutating func recovering(_ body: (inout Parser) throws(SyntaxError) -> Expression) -> Expression {
    let start = token
    do {
      return try body(&self)
    } catch {
      skipToNextElement(atComma: openBrackets.last != nil && openBrackets.last != .closeBrace)
      return .invalid(range(from: start.range.start))
    }
  }

  private mutating func parseImport() throws(SyntaxError) -> ImportForm {
    let start = advance().range.start
    let pathRange = token.range
    let path = try parsePlainString("the path of the script as a string", "a path")
    try expect(.as, "`as` and a name", hint: "import is written: import \"path\" as name")
    let name = try parseBoundName("the name of the import")
    return ImportForm(path, pathRange, name, range(from: start))
  }

  private mutating func parseUse() throws(SyntaxError) -> UseForm {
    let start = advance().range.start
    let word = try expect(.word, "the name of a namespace")
    guard let name = word.name else { throw SyntaxError() }
    return UseForm(NameUse(name, word.range), range(from: start))
  }

  private mutating func parseNamespace() throws(SyntaxError) -> NamespaceForm {
    let start = advance().range.start
    let name = try parseBoundName("the name of the namespace")
    guard isOnLine(.openBrace) else { throw unexpected("`{`") }
    let (entries, _) = parseEntries(of: "a namespace", keys: .keywordsOnly, splats: false)
    return NamespaceForm(name, entries, range(from: start))
  }

  private mutating func parseTest() throws(SyntaxError) -> TestForm {
    let start = advance().range.start
    let name = try parsePlainString("the name of the test as a string", "the name of a test")
    if token.newlineBefore { throw unexpected("the expression to test") }
    let index = reserveFunction()
    let head = range(from: start)
    let body = try parseNonbinding()
    let none = SequencePattern([], splat: nil, body.range.head)
    let clause = Clause(.tuple(none), guard: nil, body, body.range)
    let function = Function(.test, clauses: [clause], headRange: head, index: index, range(from: start))
    functions[index] = function
    return TestForm(name, function, range(from: start))
  }

  /// A string that does not interpolate.
  mutating func parsePlainString(_ expectation: String, _ subject: String) throws(SyntaxError) -> String {
    guard isOnLine(.string) else { throw unexpected(expectation) }
    let parts = lexer.stringParts
    let string = StringNode(parts, advance().range)
    if let text = string.literal { return text }
    problems.syntaxError(
      string.range, "\(subject) does not interpolate", hint: "write \\{ and \\} for braces")
    return ""
  }

  /// A word that is about to be bound.
  mutating func parseBoundName(_ expectation: String) throws(SyntaxError) -> NamePattern {
    guard isOnLine(.word), let name = token.name else { throw refuseName(expectation) }
    return NamePattern(name, advance().range)
  }

  /// Reports that no name stands here; a reserved word is called by its name.
  mutating func refuseName(_ expectation: String) -> SyntaxError {
    guard token.kind.isReserved, !token.newlineBefore, let name = token.name else {
      return unexpected(expectation)
    }
    problems.syntaxError(
      token.range, "`\(name.text)` is a reserved word and cannot be bound", hint: "choose another name")
    return SyntaxError()
  }

  /// Takes the next function index before the function's parts are parsed.
  mutating func reserveFunction() -> Int {
    functions.append(nil)
    return functions.count - 1
  }
}
