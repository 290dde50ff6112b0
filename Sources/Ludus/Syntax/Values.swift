/// A literal but for strings, which may interpolate.
enum Literal {
  case `nil`
  case boolean(Bool)
  case number(Double)
  case keyword(Name)
}

final class LiteralNode {
  let value: Literal
  let range: SourceRange

  init(_ value: Literal, _ range: SourceRange) {
    self.value = value
    self.range = range
  }
}

/// A piece of a string: text with its escapes undone, or `{word}`.
enum StringPart {
  case text(String)
  case word(NameUse)
}

/// A string: neighbouring texts are one part; the empty string has no parts.
final class StringNode {
  let parts: [StringPart]
  let range: SourceRange

  init(_ parts: [StringPart], _ range: SourceRange) {
    self.parts = parts
    self.range = range
  }

  /// The text if nothing is interpolated, otherwise nil.
  var literal: String? {
    if parts.isEmpty { return "" }
    guard parts.count == 1, case .text(let text) = parts[0] else { return nil }
    return text
  }
}

/// A word where its value is meant. The resolver fills in `resolution`.
final class NameUse {
  let name: Name
  let range: SourceRange
  /// What the word stands for; `.unresolved` only in a tree with errors.
  var resolution = Resolution.unresolved
  /// True where a function body names what its enclosing scope binds later, so that the value must be checked
  /// at run time (`name x is used before it is bound`). False for every other use.
  var mayBeUnbound = false

  init(_ name: Name, _ range: SourceRange) {
    self.name = name
    self.range = range
  }
}

/// `head` with calls and key reads behind it, from the left. There is at least one step.
final class Chain {
  /// `.name`, `.literal` or `.string`. A keyword head with arguments is a key read by call: `:a (d)`.
  let head: Expression
  let steps: [ChainStep]
  let range: SourceRange

  init(_ head: Expression, _ steps: [ChainStep], _ range: SourceRange) {
    self.head = head
    self.steps = steps
    self.range = range
  }
}

enum ChainStep {
  /// `(x, y)`: calls what stands to the left.
  case call(Arguments)
  /// `:key`: reads the key from what stands to the left.
  case key(LiteralKey)
}

/// A keyword with its place, as a key read or a type.
struct LiteralKey {
  let name: Name
  let range: SourceRange
}

/// The arguments of a call, with its parentheses.
final class Arguments {
  /// The arguments without the placeholder.
  let values: [Expression]
  /// Where the placeholder stands among all arguments: `f (1, _, 2)` has `values` 1 and 2 and placeholder 1.
  /// Such a call makes a function of one argument; the callee and the other arguments are evaluated then.
  let placeholder: Int?
  let range: SourceRange

  init(_ values: [Expression], placeholder: Int?, _ range: SourceRange) {
    self.values = values
    self.placeholder = placeholder
    self.range = range
  }

  /// How many arguments the callee gets.
  var count: Int { values.count + (placeholder == nil ? 0 : 1) }
}

/// A tuple, list or set.
final class CollectionNode {
  enum Kind { case tuple, list, set }

  let kind: Kind
  let members: [Member]
  let range: SourceRange

  init(_ kind: Kind, _ members: [Member], _ range: SourceRange) {
    self.kind = kind
    self.members = members
    self.range = range
  }
}

enum Member {
  case value(Expression)
  /// `...word`; lists and sets only.
  case splat(NameUse)
}

/// A dict or struct.
final class DictionaryNode {
  enum Kind { case dict, structure }

  let kind: Kind
  let entries: [Entry]
  let range: SourceRange

  init(_ kind: Kind, _ entries: [Entry], _ range: SourceRange) {
    self.kind = kind
    self.entries = entries
    self.range = range
  }
}

/// A member of a dict, struct or namespace.
enum Entry {
  case pair(key: Key, value: Expression)
  /// `...word`; dicts only.
  case splat(NameUse)
}

/// The key of an entry or of a dict pattern. The shorthand `#{a}` arrives as the key `:a` and the name `a`.
struct Key {
  enum Value {
    case keyword(Name)
    case number(Double)
    case string(StringNode)
  }

  let value: Value
  let range: SourceRange
}
