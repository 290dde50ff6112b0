/// What a name use stands for.
enum Resolution {
  /// An error has been reported.
  case unresolved
  /// A name of the script; a global if `binding.isGlobal`.
  case local(Binding)
  /// A name of the Prelude.
  case prelude(Name)
  /// `native/…`, only where the caller allowed it; `native/add` gives `add`.
  case native(String)
}

/// One name bound at one place. A use reaches it by identity, whatever is shadowed where.
final class Binding {
  enum Kind {
    /// By the pattern of a function's clause.
    case parameter
    /// By the pattern of a loop's clause.
    case loop
    /// By the pattern of a `match` or `receive` clause.
    case pattern
    /// By `let` or `if let`.
    case `let`
    /// By `fn name`.
    case function
    case ref
    case namespace
    case `import`
    /// By `use`.
    case used
  }

  let name: Name
  let range: SourceRange
  let kind: Kind
  /// The scope that it is bound in.
  unowned let scope: Scope
  /// Counts the bindings of its scope from 0.
  let index: Int

  /// Bound directly at the toplevel of the script: a slot of the module. Never captured.
  var isGlobal: Bool { scope.kind == .script }
  /// The function whose frame holds it; nil for the script's own.
  var function: Function? { scope.function }

  /// Some function uses it although it is bound later: it needs a slot of the environment record of its scope
  /// (or, a global, a check at those uses). Uses by a function of its own name do not count.
  var isForwardReferenced = false
  /// Some inner function uses it (not counting `Function.refersToItself`).
  var isCaptured = false
  /// Someone uses it at all.
  var isUsed = false
  /// For `.function` and for `let f = fn …`: the function, so that its calls may be direct.
  unowned var knownFunction: Function?
  /// For `.namespace`: its declaration.
  unowned var knownNamespace: NamespaceForm?

  // The resolver's own: the walk has passed the place where it is bound, and what it shadows.
  var isBound = false
  var shadowed: Binding?

  init(_ name: Name, _ range: SourceRange, _ kind: Kind, scope: Scope, index: Int) {
    self.name = name
    self.range = range
    self.kind = kind
    self.scope = scope
    self.index = index
  }
}

/// A stretch of source in which a name is bound once: the script, a block, a clause, a branch.
/// It owns its bindings.
final class Scope {
  enum Kind { case script, block, clause, branch }

  let kind: Kind
  /// The function it stands in; nil for the script's own code.
  unowned let function: Function?
  /// In the order of the text.
  var bindings: [Binding] = []

  init(_ kind: Kind, in function: Function?) {
    self.kind = kind
    self.function = function
  }

  /// The bindings that must live in an environment record; empty for nearly every scope, and for the script's.
  var forwardBindings: [Binding] {
    kind == .script ? [] : bindings.filter(\.isForwardReferenced)
  }
}
