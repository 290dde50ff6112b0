extension Resolver {
  private static let types: Set<String> = [
    "nil", "boolean", "number", "keyword", "string", "tuple", "list", "set", "dict", "struct", "ns", "fn",
    "ref",
    "pid", "token",
  ]

  /// The keyword behind `as`.
  func checkType(_ type: LiteralKey) {
    guard !Resolver.types.contains(type.name.text), type.name.text.utf8.allSatisfy({ $0 < 0x80 }) else {
      return
    }
    var search = NearestName(to: type.name.text)
    for known in Resolver.types { search.consider(known) }
    let hint = search.best.map { "did you mean :\($0)?" }
    let all = Resolver.types.sorted().map { ":\($0)" }.joined(separator: " ")
    problems.error(type.range, "unknown type :\(type.name.text)", hint: hint ?? "the types are \(all)")
  }

  func checkRecur(_ form: RecurForm, inTail: Bool) {
    let word = SourceRange(form.range.start, form.range.start + 5)
    guard let loop else {
      problems.error(
        word, "recur outside of a loop",
        hint:
          "recur belongs directly to a loop, not to a function inside one; a function calls itself by name")
      return
    }
    form.loop = loop
    guard inTail else {
      problems.error(
        word, "recur is not in tail position of its loop",
        hint: "nothing may be left to do after it: it stands last in the body, or in a branch there")
      return
    }
    guard form.arguments.count != loop.arguments.count else { return }
    problems.error(
      form.range,
      "recur with \(counted(form.arguments.count, "argument")), but its loop has \(loop.arguments.count)",
      hint: "give it as many as the loop has")
  }

  private func counted(_ count: Int, _ noun: String) -> String {
    count == 1 ? "1 \(noun)" : "\(count) \(noun)s"
  }

  /// What two equal literal keys have in common.
  private enum KeyIdentity: Hashable {
    case keyword(Int)
    case number(Double)
    case string(String)

    init?(_ key: Key) {
      switch key.value {
      case .keyword(let name): self = .keyword(name.id)
      case .number(let number): self = .number(number)
      case .string(let string):
        guard let text = string.literal else { return nil }
        self = .string(text)
      }
    }
  }

  /// Literal keys of a dict, struct or namespace stand once.
  func checkKeys(of entries: [Entry]) {
    guard entries.count > 1 else { return }
    var seen: [KeyIdentity: SourceRange] = [:]
    for case .pair(let key, _) in entries {
      guard let identity = KeyIdentity(key) else { continue }
      guard let first = seen[identity] else {
        seen[identity] = key.range
        continue
      }
      let place = file.position(of: first.start)
      var text = file.text(in: key.range)
      if case .keyword(let name) = key.value { text = ":\(name.text)" }
      problems.error(
        key.range, "duplicate key \(text)",
        hint: "it stands at \(place.line):\(place.column) already; leave one out")
    }
  }

  /// `foo :key` and `:key (foo)` of a namespace that this script declares.
  func checkNamespaceKey(_ chain: Chain) {
    switch (chain.head, chain.steps.first) {
    case (.name(let name), .key(let key)?):
      checkKey(key.name, key.range, of: name)
    case (.literal(let literal), .call(let arguments)?):
      guard case .keyword(let key) = literal.value, arguments.placeholder == nil, arguments.values.count == 1,
        case .name(let name) = arguments.values[0]
      else { return }
      checkKey(key, literal.range, of: name)
    default: break
    }
  }

  /// `do foo > :key`.
  func checkDo(_ form: DoForm) {
    guard case .name(let name) = form.value, case .literal(let literal)? = form.steps.first,
      case .keyword(let key) = literal.value
    else { return }
    checkKey(key, literal.range, of: name)
  }

  private func checkKey(_ key: Name, _ range: SourceRange, of use: NameUse) {
    guard case .local(let binding) = use.resolution, let namespace = binding.knownNamespace else { return }
    var search = NearestName(to: key.text)
    for case .pair(let known, _) in namespace.entries {
      guard case .keyword(let name) = known.value else { continue }
      if name === key { return }
      search.consider(name.text)
    }
    problems.error(
      range, "the namespace `\(binding.name.text)` has no key :\(key.text)",
      hint: search.best.map { "did you mean :\($0)?" })
  }
}
