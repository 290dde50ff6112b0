extension Resolver {
  func warnAboutUnused(_ block: Scope) {
    for binding in block.bindings where binding.kind == .let && !binding.isUsed {
      problems.warning(
        binding.range, "`\(binding.name.text)` is never used",
        hint: "leave it out, or write `_\(binding.name.text)`")
    }
  }

  /// Clauses of `when`: nothing is reached behind `else`, `_` or `true`.
  func warnAboutUnreachable(_ clauses: [WhenClause]) {
    guard let index = clauses.firstIndex(where: { Resolver.isAlwaysTrue($0.condition) }) else { return }
    let earlier = clauses[index].range
    for clause in clauses.dropFirst(index + 1) { warn(clause.condition?.range ?? clause.range, earlier) }
  }

  private static func isAlwaysTrue(_ condition: Expression?) -> Bool {
    guard let condition else { return true }
    if case .literal(let literal) = condition, case .boolean(true) = literal.value { return true }
    return false
  }

  /// Clauses of `match` and `receive`: nothing is reached behind a pattern that takes anything.
  func warnAboutUnreachable(matching clauses: [Clause]) {
    guard let index = clauses.firstIndex(where: { $0.guardCondition == nil && Resolver.takesAll($0.pattern) })
    else { return }
    for clause in clauses.dropFirst(index + 1) { warn(clause.pattern.range, clauses[index].pattern.range) }
  }

  /// Clauses of a function or loop: nothing is reached behind one that takes any arguments of that count.
  func warnAboutUnreachable(calling clauses: [Clause]) {
    guard clauses.count > 1 else { return }
    /// Counts of arguments that an earlier clause takes whatever they are, and from which count on all are.
    var taken: [Int: SourceRange] = [:]
    var takenFrom: (count: Int, range: SourceRange)?
    for clause in clauses {
      guard let parameters = clause.parameters else { continue }
      let count = parameters.members.count
      if let earlier = takenFrom, count >= earlier.count {
        warn(parameters.range, earlier.range)
      } else if parameters.splat == nil, let earlier = taken[count] {
        warn(parameters.range, earlier)
      } else if clause.guardCondition == nil, parameters.members.allSatisfy(Resolver.takesAll) {
        if parameters.splat == nil {
          taken[count] = parameters.range
        } else {
          takenFrom = (count, parameters.range)
        }
      }
    }
  }

  private static func takesAll(_ pattern: Pattern) -> Bool {
    switch pattern {
    case .ignore: true
    case .name(let name): name.typeName == nil
    default: false
    }
  }

  private func warn(_ range: SourceRange, _ earlier: SourceRange) {
    let place = file.position(of: earlier.start)
    problems.warning(
      range, "this clause can never match",
      hint: "the clause at \(place.line):\(place.column) takes everything before it")
  }
}
