/// A function of the source: a lambda, a named function, or the body of a test.
final class Function {
  enum Kind { case lambda, named, test }

  let kind: Kind
  /// The name that `fn name` binds; nil for a lambda and a test.
  let name: NamePattern?
  /// The docstring.
  let documentation: String?
  /// The patterns are `.tuple`; a test has one clause with the empty tuple.
  let clauses: [Clause]
  let range: SourceRange
  /// From `fn` to the name (or `fn` alone): what to point at.
  let headRange: SourceRange
  /// Position in `Script.functions`.
  let index: Int

  // What the resolver adds:

  /// The function around this one; nil at the toplevel.
  unowned var parent: Function?
  /// What a call of the function by its own name from inside means: the name of `fn name`, or `f` of
  /// `let f = fn …`. Uses of it inside never need `captures`.
  unowned var selfBinding: Binding?
  /// It uses `selfBinding` inside (or a function inside captures it), as a value or as a callee,
  /// and `selfBinding` is not a global.
  var refersToItself = false
  /// The locals of functions around it (or of blocks at the toplevel) that it or a function inside it uses, in
  /// order of first use; never globals, never its own `selfBinding`. Those with `isForwardReferenced`
  /// live in the environment record of their scope.
  var captures: [Binding] = []
  /// The resolver's own: `captures`, to ask quickly.
  var captureSet: Set<ObjectIdentifier> = []

  init(
    _ kind: Kind, name: NamePattern? = nil, documentation: String? = nil, clauses: [Clause],
    headRange: SourceRange, index: Int, _ range: SourceRange
  ) {
    self.kind = kind
    self.name = name
    self.documentation = documentation
    self.clauses = clauses
    self.headRange = headRange
    self.index = index
    self.range = range
  }
}

/// `pattern [if guard] -> body`: of a function, `loop`, `match` or `receive`. Names of the pattern, the guard
/// and the body share one scope.
final class Clause {
  let pattern: Pattern
  let guardCondition: Expression?
  let body: Expression
  let range: SourceRange
  var scope: Scope?

  init(_ pattern: Pattern, guard guardCondition: Expression?, _ body: Expression, _ range: SourceRange) {
    self.pattern = pattern
    self.guardCondition = guardCondition
    self.body = body
    self.range = range
  }

  /// The pattern of a function's or loop's clause.
  var parameters: SequencePattern? {
    if case .tuple(let sequence) = pattern { return sequence }
    return nil
  }

  /// Pattern and guard: what stands before `->`, for reports and `doc!`.
  var headRange: SourceRange {
    guard let guardCondition else { return pattern.range }
    return pattern.range.through(guardCondition.range)
  }
}
