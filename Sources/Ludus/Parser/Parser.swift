/// Thrown where parsing cannot go on; what is wrong has been reported. Caught by the nearest list of members,
/// clauses or expressions, which skips to its next element.
struct SyntaxError: Error {}

/// Where a file with syntax errors leaves names in doubt, so that the resolver does not echo those errors.
struct Mistakes {
  /// Words of stretches that could not be parsed: perhaps they bind.
  var words: Set<Name> = []
  /// What stands in brackets that were left open: perhaps lines that belong behind them.
  var unclosed: [SourceRange] = []
}

/// Recursive descent, one function a form, a token of lookahead.
///
/// - P1: a bracket is opened and closed by the same call, and no `SyntaxError` crosses it
///   (`Parser+Brackets`), so that `openBrackets` always tells what stands around the current token.
/// - P2: every loop reads a token each turn, and recursion goes no deeper than `maximumDepth`.
struct Parser {
  let file: SourceFile
  let problems: Problems
  var lexer: Lexer
  /// The token to look at next.
  var token: Token
  /// Where the token before it ends.
  var previousEnd: Int32 = 0
  /// The kinds of the brackets that are open, outermost first, as their closers.
  var openBrackets: [Token.Kind] = []
  /// Closing brackets to be passed over: those of brackets that were reported as unclosed.
  var forgivenClosers = 0
  /// The token at which a bracket was last found to be unclosed: what is missing there is its echo.
  var unclosedBefore: Int32 = -1
  /// Expressions, patterns and functions that are being parsed.
  var depth = 0
  /// Every function so far, by index; nil while it is being parsed.
  var functions: [Function?] = []
  /// For the resolver: where names are uncertain.
  var mistakes = Mistakes()

  /// How deep a program may nest. Every pass over the tree recurses this deep, and each of its stack frames
  /// counts on a thread with 8 MB (a debug build takes about 5 KB a level, a sanitizer thrice that).
  static let maximumDepth = 400

  init(file: SourceFile, names: Names, problems: Problems) {
    self.file = file
    self.problems = problems
    lexer = Lexer(bytes: file.bytes, names: names, problems: problems)
    token = lexer.next()
  }

  /// Moves to the next token and returns the one that was current.
  @discardableResult
  mutating func advance() -> Token {
    let passed = token
    previousEnd = passed.range.end
    token = lexer.next()
    return passed
  }

  /// Whether the token is of this kind and on the line where the one before it ends.
  func isOnLine(_ kind: Token.Kind) -> Bool { token.kind == kind && !token.newlineBefore }

  /// Everything from `start` to the end of the last token read.
  func range(from start: Int32) -> SourceRange { SourceRange(start, max(start, previousEnd)) }

  /// Reads a token of this kind on this line.
  @discardableResult
  mutating func expect(_ kind: Token.Kind, _ what: String, hint: String? = nil) throws(SyntaxError) -> Token {
    guard isOnLine(kind) else { throw unexpected(what, hint: hint) }
    return advance()
  }

  /// Reads a token of this kind, on this line or a later one.
  mutating func expectAnywhere(_ kind: Token.Kind, _ what: String) throws(SyntaxError) {
    guard token.kind == kind else { throw unexpected(what) }
    advance()
  }

  /// Runs `body` one level deeper, or gives up on the whole file.
  mutating func nested<Node>(
    _ body: (inout Parser) throws(SyntaxError) -> Node
  ) throws(SyntaxError) -> Node {
    guard depth < Parser.maximumDepth else { throw tooDeep() }
    depth += 1
    defer { depth -= 1 }
    return try body(&self)
  }

  private mutating func tooDeep() -> SyntaxError {
    problems.syntaxError(
      token.range, "nested too deeply (more than \(Parser.maximumDepth) levels)",
      hint: "bind inner parts with let, or move them into functions")
    giveUp()
    return SyntaxError()
  }

  /// Pretends that the file ends here, and says nothing more about what is open.
  mutating func giveUp() {
    lexer.position = file.bytes.count
    token = Token(kind: .end, range: token.range.head, newlineBefore: true)
    hasGivenUp = true
  }

  /// Nothing more is reported about brackets that are open.
  private(set) var hasGivenUp = false
}
