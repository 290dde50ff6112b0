// Constants are the same only if their bits and bytes are: Swift's own `==` would take `0` for `-0`, a
// NaN for different from itself, and a composed `é` for a decomposed one. A table that shares equal
// constants must keep those apart.

extension Constant: Hashable {
  public static func == (one: Constant, other: Constant) -> Bool {
    switch (one, other) {
    case (.nil, .nil): true
    case (.boolean(let a), .boolean(let b)): a == b
    case (.number(let a), .number(let b)): a.bitPattern == b.bitPattern
    case (.keyword(let a), .keyword(let b)), (.string(let a), .string(let b)),
      (.prelude(let a), .prelude(let b)):
      a.utf8.elementsEqual(b.utf8)
    case (.tuple(let a), .tuple(let b)), (.list(let a), .list(let b)), (.set(let a), .set(let b)): a == b
    case (.dict(let a), .dict(let b)), (.struct(let a), .struct(let b)): a == b
    case (.function(let a), .function(let b)): a == b
    default: false
    }
  }

  public func hash(into hasher: inout Hasher) {
    switch self {
    case .nil: hasher.combine(0)
    case .boolean(let value): hasher.combine(value)
    case .number(let value): hasher.combine(value.bitPattern)
    case .keyword(let text): hasher.combine(bytesOf: text, 3)
    case .string(let text): hasher.combine(bytesOf: text, 4)
    case .tuple(let items): hasher.combine(items)
    case .list(let items): hasher.combine(items)
    case .set(let items): hasher.combine(items)
    case .dict(let pairs): hasher.combine(pairs)
    case .struct(let pairs): hasher.combine(pairs)
    case .function(let index): hasher.combine(index)
    case .prelude(let name): hasher.combine(bytesOf: name, 5)
    }
  }
}

extension Hasher {
  fileprivate mutating func combine(bytesOf text: String, _ kind: Int) {
    combine(kind)
    for byte in text.utf8 { combine(byte) }
  }
}

extension Constant {
  /// How deep constants may nest in a module. Whatever walks a constant may recurse this far.
  public static var nestingLimit: Int { 500 }

  /// Whether it nests at most `limit` deep; looks no deeper than that.
  func nests(atMost limit: Int) -> Bool {
    switch self {
    case .tuple(let items), .list(let items), .set(let items):
      limit > 0 && items.allSatisfy { $0.nests(atMost: limit - 1) }
    case .dict(let pairs), .struct(let pairs):
      limit > 0 && pairs.allSatisfy { $0.key.nests(atMost: limit - 1) && $0.value.nests(atMost: limit - 1) }
    default: true
    }
  }
}
