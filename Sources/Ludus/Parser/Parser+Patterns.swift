extension Parser {
  mutating func parsePattern() throws(SyntaxError) -> Pattern {
    try nested { (parser) throws(SyntaxError) in try parser.parsePatternHere() }
  }

  private mutating func parsePatternHere() throws(SyntaxError) -> Pattern {
    switch token.kind {
    case .nil: return literal(.nil)
    case .true: return literal(.boolean(true))
    case .false: return literal(.boolean(false))
    case .number: return literal(.number(token.number))
    case .keyword:
      guard let name = token.name else { throw unexpected("a pattern") }
      return literal(.keyword(name))
    case .string: return parseStringPattern()
    case .placeholder, .ignored, .else: return .ignore(advance().range)
    case .word: return .name(try parseNamePattern())
    case .openTuple: return .tuple(parseSequencePattern())
    case .openList: return .list(parseSequencePattern())
    case .openDict: return .dict(parseEntryPattern(.anyLiteral))
    case .openStruct: return .structure(parseEntryPattern(.keywordsOnly))
    case .invalid: return .invalid(advance().range)
    case .openSet: throw unexpected("a pattern", hint: "sets have no patterns; ask with contains? in a guard")
    case let kind where kind.isReserved: throw refuseName("a pattern")
    default: throw unexpected("a pattern")
    }
  }

  private mutating func literal(_ value: Literal) -> Pattern {
    .literal(LiteralNode(value, advance().range))
  }

  private mutating func parseStringPattern() -> Pattern {
    let parts = lexer.stringParts
    let string = StringNode(parts, advance().range)
    guard string.literal == nil else { return .string(string) }
    problems.syntaxError(
      string.range, "a string in a pattern does not interpolate", hint: "bind a word, and compare in a guard")
    return .invalid(string.range)
  }

  /// `word [as :type]`.
  private mutating func parseNamePattern() throws(SyntaxError) -> NamePattern {
    guard let name = token.name else { throw unexpected("a word") }
    let range = advance().range
    guard isOnLine(.as) else { return NamePattern(name, range) }
    advance()
    let type = try expect(.keyword, "a type keyword", hint: "such as :number")
    guard let typeName = type.name else { throw SyntaxError() }
    return NamePattern(name, range, typeName: LiteralKey(name: typeName, range: type.range))
  }

  /// A tuple or list pattern; the token is its opening bracket.
  mutating func parseSequencePattern() -> SequencePattern {
    var patterns: [Pattern] = []
    var splat: SplatPattern?
    let range = members(.patterns) { (parser) throws(SyntaxError) in
      if parser.token.kind == .splat {
        try parser.parseSplatPattern(&splat)
      } else {
        parser.refusePatternBehind(splat)
        patterns.append(try parser.parsePattern())
      }
    }
    return SequencePattern(patterns, splat: splat, range)
  }

  /// A dict or struct pattern; the token is its opening bracket.
  private mutating func parseEntryPattern(_ rule: KeyRule) -> EntryPattern {
    var entries: [EntryPattern.Entry] = []
    var splat: SplatPattern?
    let range = members(.patterns) { (parser) throws(SyntaxError) in
      if parser.token.kind == .splat {
        try parser.parseSplatPattern(&splat)
      } else {
        parser.refusePatternBehind(splat)
        entries.append(try parser.parsePatternEntry(rule))
      }
    }
    return EntryPattern(entries, splat: splat, range)
  }

  private mutating func parsePatternEntry(_ rule: KeyRule) throws(SyntaxError) -> EntryPattern.Entry {
    if token.kind == .word {
      let name = try parseNamePattern()
      return EntryPattern.Entry(
        key: Key(value: .keyword(name.name), range: name.nameRange), pattern: .name(name))
    }
    let key = try parseKey(of: "a struct", rule)
    if case .string(let string) = key.value, string.literal == nil {
      problems.syntaxError(key.range, "a string in a pattern does not interpolate")
    }
    guard !token.newlineBefore, token.kind != .comma, !token.kind.isCloser, token.kind != .end else {
      problems.syntaxError(
        key.range, "the key \(file.text(in: key.range)) has no pattern",
        hint: "write a pattern behind it, such as _")
      throw SyntaxError()
    }
    return EntryPattern.Entry(key: key, pattern: try parsePattern())
  }

  /// `...`, `...rest`, `..._`.
  private mutating func parseSplatPattern(_ splat: inout SplatPattern?) throws(SyntaxError) {
    let start = advance().range.start
    var name: NamePattern?
    if isOnLine(.word), let word = token.name {
      name = NamePattern(word, advance().range)
    } else if isOnLine(.placeholder) || isOnLine(.ignored) {
      advance()
    } else if token.kind.isReserved, !token.newlineBefore {
      throw refuseName("a name")
    }
    let place = range(from: start)
    if splat != nil {
      problems.error(place, "a second splat in one pattern", hint: "a pattern has one splat, and it is last")
    }
    splat = SplatPattern(name: name, range: place)
  }

  private mutating func refusePatternBehind(_ splat: SplatPattern?) {
    guard let splat else { return }
    problems.syntaxError(
      splat.range, "a splat that is not last", hint: "a splat takes the rest: write it last")
  }
}
