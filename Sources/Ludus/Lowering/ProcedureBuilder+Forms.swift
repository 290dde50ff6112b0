import Bytecode
import Core

/// Forms with branches.
extension ProcedureBuilder {
  func end(_ form: IfForm, _ destination: Destination) -> End {
    let consequence = {
      self.enter(form.consequenceScope)
      return self.end(form.consequence, destination)
    }
    let alternative = {
      self.enter(form.alternativeScope)
      return self.end(form.alternative, destination)
    }
    switch form.condition {
    case .value(let condition): return self.condition(condition, then: consequence, else: alternative)
    case .binding(let binding): return ifLet(binding, form, destination, alternative)
    }
  }

  private func ifLet(
    _ binding: LetForm, _ form: IfForm, _ destination: Destination, _ alternative: () -> End
  ) -> End {
    let place = place(binding.range)
    let subject = value(binding.value)
    let no = newLabel()
    join(no) {
      require(.truthy(subject), place, else: no)
      var patterns = PatternCompiler(self, subjects: [subject])
      var row = PatternRow(scope: form.consequenceScope) { self.end(form.consequence, $0) }
      patterns.add(binding.pattern, at: 0, to: &row)
      return patterns.run([row], place: place, to: destination) { .jump(no, [], place) }
    }
    return alternative()
  }

  func end(_ clauses: ArraySlice<WhenClause>, _ form: WhenForm, _ destination: Destination) -> End {
    for clause in clauses {
      guard let condition = clause.condition else {
        enter(clause.scope)
        return end(clause.body, destination)
      }
      let next = newLabel()
      join(next) {
        let place = place(condition.range)
        return self.condition(
          condition,
          then: {
            enter(clause.scope)
            return end(clause.body, destination)
          }, else: { .jump(next, [], place) })
      }
    }
    return .panic(.noWhen, place(form.range))
  }

  // MARK: match and let

  func end(_ form: MatchForm, _ destination: Destination) -> End {
    let place = place(form.range)
    if case .collection(let node) = form.subject, node.kind == .tuple, form.clauses.allSatisfy(\.isOnTuple) {
      var members: [Atom] = []
      for case .value(let expression) in node.members { members.append(value(expression)) }
      var patterns = PatternCompiler(self, subjects: members)
      let rows = form.clauses.compactMap { patterns.row(members: $0, count: members.count) }
      return patterns.run(rows, place: place, to: destination) {
        .panic(.noMatch(collection(.tuple, members, place), isLet: false), place)
      }
    }
    let subject = value(form.subject)
    var patterns = PatternCompiler(self, subjects: [subject])
    let rows = form.clauses.map { patterns.row(value: $0) }
    return patterns.run(rows, place: place, to: destination) {
      .panic(.noMatch(subject, isLet: false), place)
    }
  }

  /// `let` where its value is wanted.
  func define(_ form: LetForm) -> Atom {
    let subject = value(form.value)
    if case .name(let name) = form.pattern, name.typeName == nil {
      if let binding = name.binding { define(binding, subject) }
      return subject
    }
    destructure(form.pattern, [subject], place(form.range)) { $0.add(form.pattern, at: 0, to: &$1) }
    return subject
  }

  /// `let` for its names only: a tuple literal that a tuple pattern takes apart is not built.
  func destructure(_ form: LetForm) {
    guard case .collection(let node) = form.value, node.kind == .tuple,
      case .tuple(let pattern) = form.pattern,
      pattern.fits(node.members.count)
    else {
      _ = define(form)
      return
    }
    var members: [Atom] = []
    for case .value(let expression) in node.members { members.append(value(expression)) }
    destructure(form.pattern, members, place(form.range), isTuple: true) {
      $0.add(subjects: pattern, to: &$1)
    }
  }

  private func destructure(
    _ pattern: Pattern, _ subjects: [Atom], _ place: Place, isTuple: Bool = false,
    _ add: (inout PatternCompiler, inout PatternRow) -> Void
  ) {
    var patterns = PatternCompiler(self, subjects: subjects)
    var row = PatternRow { _ in .return(.constant(.nil)) }
    add(&patterns, &row)
    patterns.check(row.demands, place) {
      let whole = isTuple ? collection(.tuple, subjects, place) : subjects[0]
      return .panic(.noMatch(whole, isLet: true), place)
    }
    for (binding, location) in row.names {
      define(binding, patterns.locations.fetch(location, self, place))
    }
  }
}

extension Clause {
  /// Whether the clause can be matched against the members of a tuple that is not built.
  fileprivate var isOnTuple: Bool {
    switch pattern {
    case .tuple, .ignore: true
    case .name(let name): name.typeName == nil
    default: false
    }
  }
}
