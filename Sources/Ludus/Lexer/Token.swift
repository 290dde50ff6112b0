/// A token with its place. What it carries beside its kind: `name` for words and keywords, `number` for
/// numbers; the parts of a string are in `Lexer.stringParts` until the next token is read.
struct Token {
  enum Kind: UInt8 {
    case end, invalid
    case word, ignored, placeholder, keyword, number, string
    case openTuple, closeTuple, openList, closeList, openBrace, closeBrace, openDict, openSet, openStruct
    case comma, semicolon, equals, greater, arrow, splat
    case `after`, `as`, `do`, `else`, `false`, fn, `if`, `import`, `let`, loop, match, `nil`, ns, receive
    case recur, ref, `repeat`, test, then, `true`, use, when, with
  }

  var kind: Kind
  var range: SourceRange
  /// A newline stands between the token before and this one.
  var newlineBefore: Bool
  var name: Name?
  var number = 0.0
}

/// The words that cannot be names.
enum ReservedWord {
  static let kinds: [String: Token.Kind] = [
    "after": .after, "as": .as, "do": .do, "else": .else, "false": .false, "fn": .fn, "if": .if,
    "import": .import, "let": .let, "loop": .loop, "match": .match, "nil": .nil, "ns": .ns,
    "receive": .receive, "recur": .recur, "ref": .ref, "repeat": .repeat, "test": .test, "then": .then,
    "true": .true, "use": .use, "when": .when, "with": .with,
  ]
}

extension Token.Kind {
  var isReserved: Bool { rawValue >= Token.Kind.after.rawValue }

  /// The closing bracket for an opening one.
  var closer: Token.Kind? {
    switch self {
    case .openTuple: .closeTuple
    case .openList: .closeList
    case .openBrace, .openDict, .openSet, .openStruct: .closeBrace
    default: nil
    }
  }

  var isCloser: Bool { self == .closeTuple || self == .closeList || self == .closeBrace }

  /// Whether an expression or pattern may begin with it, or people try to.
  var startsExpression: Bool {
    switch self {
    case .word, .ignored, .placeholder, .keyword, .number, .string, .invalid: true
    case .openTuple, .openList, .openBrace, .openDict, .openSet, .openStruct: true
    case .do, .false, .fn, .if, .let, .loop, .match, .nil, .receive, .recur, .repeat, .true, .when: true
    case .import, .ns, .ref, .test, .use: true
    default: false
    }
  }

  /// How the token is written, for messages; nil where the text itself should be shown.
  var spelling: String? {
    switch self {
    case .openTuple: "("
    case .closeTuple: ")"
    case .openList: "["
    case .closeList: "]"
    case .openBrace: "{"
    case .closeBrace: "}"
    case .openDict: "#{"
    case .openSet: "${"
    case .openStruct: "@{"
    case .comma: ","
    case .semicolon: ";"
    case .equals: "="
    case .greater: ">"
    case .arrow: "->"
    case .splat: "..."
    case .with: "with"
    case .then: "then"
    case .else: "else"
    case .as: "as"
    default: nil
    }
  }
}
