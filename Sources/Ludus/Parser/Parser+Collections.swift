extension Parser {
  mutating func parseTuple() -> CollectionNode {
    var found: [Member] = []
    let range = members { (parser) throws(SyntaxError) in
      try parser.refuseSplat("a tuple")
      found.append(.value(try parser.parseNonbinding()))
    }
    return CollectionNode(.tuple, found, range)
  }

  /// A list or set.
  mutating func parseCollection(_ kind: CollectionNode.Kind) -> CollectionNode {
    var found: [Member] = []
    let range = members { (parser) throws(SyntaxError) in
      if parser.token.kind == .splat {
        found.append(.splat(try parser.parseSplat()))
      } else {
        found.append(.value(try parser.parseNonbinding()))
      }
    }
    return CollectionNode(kind, found, range)
  }

  mutating func parseDictionary(_ kind: DictionaryNode.Kind) -> DictionaryNode {
    let (entries, range) =
      kind == .dict
      ? parseEntries(of: "a dict", keys: .anyLiteral, splats: true)
      : parseEntries(of: "a struct", keys: .keywordsOnly, splats: false)
    return DictionaryNode(kind, entries, range)
  }

  /// Which keys a dict, struct or namespace takes.
  enum KeyRule { case anyLiteral, keywordsOnly }

  /// The entries of a dict, struct or namespace with their brackets.
  mutating func parseEntries(
    of subject: String, keys: KeyRule, splats: Bool
  ) -> (entries: [Entry], range: SourceRange) {
    var entries: [Entry] = []
    let range = members { (parser) throws(SyntaxError) in
      if parser.token.kind == .splat {
        if !splats { try parser.refuseSplat(subject) }
        entries.append(.splat(try parser.parseSplat()))
      } else {
        entries.append(try parser.parseEntry(of: subject, keys))
      }
    }
    return (entries, range)
  }

  private mutating func parseEntry(of subject: String, _ rule: KeyRule) throws(SyntaxError) -> Entry {
    if token.kind == .word, let name = token.name {
      let range = advance().range
      return .pair(key: Key(value: .keyword(name), range: range), value: .name(NameUse(name, range)))
    }
    let key = try parseKey(of: subject, rule)
    let ends = token.newlineBefore || token.kind == .comma || token.kind.isCloser || token.kind == .end
    guard !ends else {
      problems.syntaxError(
        key.range, "the key \(file.text(in: key.range)) has no value", hint: "write the value behind it")
      throw SyntaxError()
    }
    return .pair(key: key, value: try parseNonbinding())
  }

  /// A literal key, of an entry or of a pattern.
  mutating func parseKey(of subject: String, _ rule: KeyRule) throws(SyntaxError) -> Key {
    let start = token
    let parts = lexer.stringParts
    let value: Key.Value
    switch start.kind {
    case .keyword:
      guard let name = start.name else { throw unexpected("a key") }
      value = .keyword(name)
    case .number: value = .number(start.number)
    case .string: value = .string(StringNode(parts, start.range))
    case let kind where kind.isReserved: throw unexpected("a key, which may be a word that is not reserved")
    default: throw unexpected(rule == .anyLiteral ? "a key or a word" : "a keyword or a word")
    }
    advance()
    if rule == .keywordsOnly, start.kind != .keyword {
      problems.syntaxError(start.range, "the keys of \(subject) are keywords", hint: "write :key value")
    }
    return Key(value: value, range: start.range)
  }

  /// `...word` in a collection.
  mutating func parseSplat() throws(SyntaxError) -> NameUse {
    advance()
    guard isOnLine(.word), let name = token.name else { throw unexpected("a word behind `...`") }
    return NameUse(name, advance().range)
  }

  /// Reports a splat where there is no place for one.
  mutating func refuseSplat(_ subject: String) throws(SyntaxError) {
    guard token.kind == .splat else { return }
    problems.syntaxError(
      token.range, "\(subject) takes no splat",
      hint: "splats stand in lists, sets and dicts; a function takes a list of arguments with apply (f, xs)")
    throw SyntaxError()
  }
}
