extension Resolver {
  /// Declares, in the current scope, what a statement binds.
  func declare(_ statement: Expression) {
    switch statement {
    case .let(let form): declare(form.pattern, as: .let)
    case .ref(let form): declare(form.name, as: .ref)
    case .import(let form): declare(form.name, as: .import)
    case .function(let function):
      if let name = function.name { declare(name, as: .function)?.knownFunction = function }
    case .namespace(let form): declare(form.name, as: .namespace)?.knownNamespace = form
    case .use(let form): declareUsedNames(form)
    default: break
    }
  }

  /// Declares every name of a pattern.
  func declare(_ pattern: Pattern, as kind: Binding.Kind) {
    let first = scope.bindings.count
    forEachName(in: pattern) { name in
      declare(name, as: kind, patternStart: first)
      if let type = name.typeName { checkType(type) }
    }
  }

  /// Declares one name; nil if the scope has it already. `patternStart` is the index of the first binding of
  /// the pattern that it stands in.
  @discardableResult
  func declare(_ pattern: NamePattern, as kind: Binding.Kind, patternStart: Int? = nil) -> Binding? {
    if let earlier = innermost[pattern.name.id], earlier.scope === scope {
      reportBoundTwice(pattern.name, pattern.nameRange, earlier, patternStart: patternStart)
      pattern.binding = earlier
      return nil
    }
    let binding = add(pattern.name, pattern.nameRange, kind)
    pattern.binding = binding
    return binding
  }

  private func add(_ name: Name, _ range: SourceRange, _ kind: Binding.Kind) -> Binding {
    let binding = Binding(name, range, kind, scope: scope, index: scope.bindings.count)
    binding.shadowed = innermost[name.id]
    innermost[name.id] = binding
    scope.bindings.append(binding)
    if scope.kind == .script, !surroundings.allowsNatives, isPrelude(name) {
      problems.warning(
        range, "`\(name.text)` shadows a name of the Prelude",
        hint: "this script now means its own `\(name.text)`; choose another name if it needs the Prelude's")
    }
    return binding
  }

  private func reportBoundTwice(_ name: Name, _ range: SourceRange, _ earlier: Binding, patternStart: Int?) {
    if let patternStart, earlier.index >= patternStart {
      problems.error(
        range, "name `\(name.text)` stands twice in a pattern",
        hint: "give it two names, and compare them with eq? in a guard")
      return
    }
    let place = file.position(of: earlier.range.start)
    problems.error(
      range, "name `\(name.text)` is bound twice in this scope",
      hint: "it is bound at \(place.line):\(place.column) already; choose another name")
  }

  /// `use`: the namespace must be declared above; its keys that are words are declared here.
  private func declareUsedNames(_ form: UseForm) {
    guard let subject = innermost[form.subject.name.id], let namespace = subject.knownNamespace else {
      return
    }
    for case .pair(let key, _) in namespace.entries {
      guard case .keyword(let name) = key.value, name.isWellFormed, name.wordKind == .word else { continue }
      if let earlier = innermost[name.id], earlier.scope === scope {
        reportBoundTwice(name, form.subject.range, earlier, patternStart: nil)
      } else {
        form.bindings.append(add(name, form.subject.range, .used))
      }
    }
  }

  /// The names of a pattern are bound from here on.
  func markBound(_ pattern: Pattern) {
    forEachName(in: pattern) { $0.binding?.isBound = true }
  }

  /// Visits the names of a pattern in the order of the text.
  func forEachName(in pattern: Pattern, _ visit: (NamePattern) -> Void) {
    switch pattern {
    case .name(let name): visit(name)
    case .tuple(let sequence), .list(let sequence):
      for member in sequence.members { forEachName(in: member, visit) }
      if let name = sequence.splat?.name { visit(name) }
    case .dict(let entries), .structure(let entries):
      for entry in entries.entries { forEachName(in: entry.pattern, visit) }
      if let name = entries.splat?.name { visit(name) }
    case .literal, .string, .ignore, .invalid: break
    }
  }
}
