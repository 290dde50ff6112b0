/// A pattern. Names bind through `NamePattern.binding`.
enum Pattern {
  /// `nil`, `true`, `false`, a number or a keyword: matches what is equal.
  case literal(LiteralNode)
  /// A string without interpolation.
  case string(StringNode)
  /// `_`, an ignored name or `else`: matches anything, binds nothing.
  case ignore(SourceRange)
  /// A word, perhaps with `as :type`.
  case name(NamePattern)
  /// `(…)`, also the parameters of a function or loop clause.
  case tuple(SequencePattern)
  case list(SequencePattern)
  case dict(EntryPattern)
  case structure(EntryPattern)
  /// What could not be parsed; an error has been reported.
  case invalid(SourceRange)

  var range: SourceRange {
    switch self {
    case .literal(let node): node.range
    case .string(let node): node.range
    case .ignore(let range): range
    case .name(let node): node.range
    case .tuple(let node), .list(let node): node.range
    case .dict(let node), .structure(let node): node.range
    case .invalid(let range): range
    }
  }
}

/// A word that a pattern (or `fn`, `ref`, `ns`, `import`) binds.
final class NamePattern {
  let name: Name
  /// The word alone.
  let nameRange: SourceRange
  /// The keyword behind `as`.
  let typeName: LiteralKey?
  /// With the type, if there is one.
  let range: SourceRange
  /// What it binds; set by the resolver.
  var binding: Binding?

  init(_ name: Name, _ nameRange: SourceRange, typeName: LiteralKey? = nil) {
    self.name = name
    self.nameRange = nameRange
    self.typeName = typeName
    range = typeName.map { nameRange.through($0.range) } ?? nameRange
  }
}

/// The members of a tuple or list pattern.
final class SequencePattern {
  let members: [Pattern]
  /// Last, if there; otherwise the length must be equal.
  let splat: SplatPattern?
  let range: SourceRange

  init(_ members: [Pattern], splat: SplatPattern?, _ range: SourceRange) {
    self.members = members
    self.splat = splat
    self.range = range
  }
}

/// The entries of a dict or struct pattern; other keys are allowed.
final class EntryPattern {
  struct Entry {
    let key: Key
    /// The shorthand `#{a}` arrives as the key `:a` and the pattern `a`.
    let pattern: Pattern
  }

  let entries: [Entry]
  /// Binds the rest as a dict.
  let splat: SplatPattern?
  let range: SourceRange

  init(_ entries: [Entry], splat: SplatPattern?, _ range: SourceRange) {
    self.entries = entries
    self.splat = splat
    self.range = range
  }
}

/// `...`, `..._`, `..._ignored` (no name) or `...word`.
struct SplatPattern {
  let name: NamePattern?
  let range: SourceRange
}
