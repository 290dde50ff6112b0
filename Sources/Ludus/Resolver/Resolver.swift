/// One walk over the tree that gives every name its meaning and makes the static checks (language.md §1.4,
/// §1.11). Results are written onto the nodes: see `NameUse`, `NamePattern`, `Binding`, `Function`, `Scope`.
///
/// A scope declares all names that its expressions bind when it is entered, and each becomes *bound* when the
/// walk passes its place. A use sees, from the inside out, names that are bound, and names of scopes outside the
/// function that the use stands in, bound or not: those are forward references.
///
/// - R1: `innermost[name.id]` heads the list (by `shadowed`) of the bindings of that name in the scopes that are
///   entered, innermost first.
final class Resolver {
  let file: SourceFile
  let problems: Problems
  let surroundings: FrontEnd.Surroundings
  /// What the parser could not make out: little is said about names there.
  let mistakes: Mistakes
  let allNames: [Name]

  var innermost: [Binding?]
  var scope: Scope
  /// The function whose body is being walked; nil at the toplevel.
  var function: Function?
  /// The nearest loop of this function.
  var loop: LoopForm?
  /// The block in which tests may stand: the body of a test.
  var testBlock: BlockForm?
  /// A `use` whose names cannot be known: names are not called unbound any more.
  var usesUnknownNames = false
  /// Whether each name, by id, is of the Prelude, as far as it was asked.
  private var preludeAnswers: [Bool?]
  /// How often the nearest name has been looked for: it is costly, and few errors are shown.
  var searchesForNearest = 0

  init(
    file: SourceFile, names: Names, surroundings: FrontEnd.Surroundings, mistakes: Mistakes,
    problems: Problems
  ) {
    self.file = file
    self.problems = problems
    self.surroundings = surroundings
    self.mistakes = mistakes
    allNames = names.all
    innermost = Array(repeating: nil, count: allNames.count)
    preludeAnswers = Array(repeating: nil, count: allNames.count)
    scope = Scope(.script, in: nil)
  }

  func resolve(_ script: Script) {
    script.scope = scope
    for expression in script.expressions { declare(expression) }
    for expression in script.expressions { resolveStatement(expression, inTail: false) }
  }

  func isPrelude(_ name: Name) -> Bool {
    if let answer = preludeAnswers[name.id] { return answer }
    let answer = surroundings.shows(name.text) && surroundings.preludeNames.contains(name.text)
    preludeAnswers[name.id] = answer
    return answer
  }

  /// Enters a scope for as long as `body` runs.
  func inScope(_ kind: Scope.Kind, _ body: () -> Void) -> Scope {
    let outer = scope
    let inner = Scope(kind, in: function)
    scope = inner
    body()
    for binding in inner.bindings.reversed() {
      innermost[binding.name.id] = binding.shadowed
      binding.shadowed = nil
    }
    scope = outer
    if kind == .block { warnAboutUnused(inner) }
    return inner
  }

  /// A branch or body: one expression in a scope of its own.
  func resolveBranch(_ body: Expression, inTail: Bool) -> Scope {
    inScope(.branch) {
      declare(body)
      resolveStatement(body, inTail: inTail)
    }
  }
}
