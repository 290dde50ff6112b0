/// `let pattern = value`. It binds in the scope around it; its value is the bound value.
final class LetForm {
  let pattern: Pattern
  let value: Expression
  let range: SourceRange

  init(_ pattern: Pattern, _ value: Expression, _ range: SourceRange) {
    self.pattern = pattern
    self.value = value
    self.range = range
  }
}

/// `ref word = value`.
final class RefForm {
  let name: NamePattern
  let value: Expression
  let range: SourceRange

  init(_ name: NamePattern, _ value: Expression, _ range: SourceRange) {
    self.name = name
    self.value = value
    self.range = range
  }
}

/// `if condition then a else b`. Each branch is a scope of its own.
final class IfForm {
  enum Condition {
    case value(Expression)
    /// `if let`: its names are bound in the first branch's scope. The value must be truthy and match.
    case binding(LetForm)
  }

  let condition: Condition
  let consequence: Expression
  let alternative: Expression
  let range: SourceRange
  var consequenceScope: Scope?
  var alternativeScope: Scope?

  init(
    _ condition: Condition, then consequence: Expression, else alternative: Expression, _ range: SourceRange
  ) {
    self.condition = condition
    self.consequence = consequence
    self.alternative = alternative
    self.range = range
  }
}

/// `when { condition -> body … }`.
final class WhenForm {
  let clauses: [WhenClause]
  let range: SourceRange

  init(_ clauses: [WhenClause], _ range: SourceRange) {
    self.clauses = clauses
    self.range = range
  }
}

final class WhenClause {
  /// nil for `else` and `_`.
  let condition: Expression?
  let body: Expression
  let range: SourceRange
  var scope: Scope?

  init(_ condition: Expression?, _ body: Expression, _ range: SourceRange) {
    self.condition = condition
    self.body = body
    self.range = range
  }
}

/// `match subject with { clauses }`.
final class MatchForm {
  let subject: Expression
  let clauses: [Clause]
  let range: SourceRange

  init(_ subject: Expression, _ clauses: [Clause], _ range: SourceRange) {
    self.subject = subject
    self.clauses = clauses
    self.range = range
  }
}

/// `do value > step > step`. A step is a nonbinding whose value is called with the value so far.
final class DoForm {
  let value: Expression
  let steps: [Expression]
  let range: SourceRange

  init(_ value: Expression, _ steps: [Expression], _ range: SourceRange) {
    self.value = value
    self.steps = steps
    self.range = range
  }
}

/// `loop (arguments) with clauses`. Not a function: names of the enclosing function are simply in reach.
final class LoopForm {
  let arguments: [Expression]
  /// The patterns of the clauses are `.tuple`.
  let clauses: [Clause]
  let range: SourceRange
  /// Where the arguments stand, with their parentheses.
  let argumentsRange: SourceRange

  init(_ arguments: [Expression], _ argumentsRange: SourceRange, _ clauses: [Clause], _ range: SourceRange) {
    self.arguments = arguments
    self.argumentsRange = argumentsRange
    self.clauses = clauses
    self.range = range
  }
}

/// `recur (arguments)`: always in tail position of its loop, always with its count.
final class RecurForm {
  let arguments: [Expression]
  let range: SourceRange
  /// The loop that runs again.
  unowned var loop: LoopForm?

  init(_ arguments: [Expression], _ range: SourceRange) {
    self.arguments = arguments
    self.range = range
  }
}

/// `receive { clauses; after limit -> body }`.
final class ReceiveForm {
  /// May be empty if there is a `timeout`.
  let clauses: [Clause]
  let timeout: ReceiveTimeout?
  let range: SourceRange

  init(_ clauses: [Clause], _ timeout: ReceiveTimeout?, _ range: SourceRange) {
    self.clauses = clauses
    self.timeout = timeout
    self.range = range
  }
}

final class ReceiveTimeout {
  let limit: Expression
  let body: Expression
  let range: SourceRange
  var scope: Scope?

  init(_ limit: Expression, _ body: Expression, _ range: SourceRange) {
    self.limit = limit
    self.body = body
    self.range = range
  }
}

/// `repeat count { … }`.
final class RepeatForm {
  /// A number literal or a name.
  let count: Expression
  let body: BlockForm
  let range: SourceRange

  init(_ count: Expression, _ body: BlockForm, _ range: SourceRange) {
    self.count = count
    self.body = body
    self.range = range
  }
}

/// `{ expression; … }`: at least one expression, a scope of its own.
final class BlockForm {
  let expressions: [Expression]
  let range: SourceRange
  var scope: Scope?

  init(_ expressions: [Expression], _ range: SourceRange) {
    self.expressions = expressions
    self.range = range
  }
}
