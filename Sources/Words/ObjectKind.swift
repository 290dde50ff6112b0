/// The kinds of heap objects. `rawWords` says how a collector reads one: that many raw words
/// (numbers of the VM, not values) stand first, every word behind them is a value.
@frozen public enum ObjectKind: UInt8, CaseIterable, Sendable {
  /// `(a, b)`: members.
  case tuple
  /// A list: raw `count << 32 | offset`, then root (trie node or `absent`), tail (a leaf).
  /// Auxiliary: the trie's shift. See Runtime/Data.
  case list
  /// A branch of a list's trie: children (nodes).
  case listBranch
  /// A leaf of a list's trie, or its tail: members.
  case listLeaf
  /// A dict of 1…32 members: key, value, key, value … in ascending order of keys.
  case smallDict
  /// A dict of more: raw count, then root node.
  case dict
  /// A set of 1…32 members, ascending.
  case smallSet
  /// A set of more: raw count, then root node.
  case set
  /// A node of a dict's trie (CHAMP): raw `data bitmap << 32 | node bitmap`, then key, value …, then children.
  case dictNode
  /// A node of a set's trie: raw bitmaps, then members, then children.
  case setNode
  /// Dict members whose hashes are all equal: key, value ….
  case dictCollision
  /// Set members whose hashes are all equal.
  case setCollision
  /// A struct: keyword, value … in ascending order of keys.
  case structure
  /// A namespace: its name (keyword), then keyword, value … ascending.
  case namespace
  /// A string: raw `bytes << 32 | scalars`, then raw UTF-8. Flag 1: ASCII.
  case string
  /// A function that captures: raw function index, then captured values.
  case closure
  /// A partial application: raw position of the hole, then the callee, then the arguments before and behind.
  case partial
  /// Names of a scope that inner functions use before they are bound: values or `unbound`.
  /// The one kind that is written to after it was made, once a slot.
  case environment
  /// A number of raw words that only a native understands.
  case blob

  /// The raw words in front of the values of an object of this kind; `Int.max`: all are raw.
  @inlinable public var rawWords: Int {
    switch self {
    case .tuple, .listBranch, .listLeaf, .smallDict, .smallSet, .dictCollision, .setCollision, .structure,
      .namespace, .environment:
      0
    case .list, .dict, .set, .dictNode, .setNode, .closure, .partial: 1
    case .string, .blob: Int.max
    }
  }

  /// The kind with this code. An unknown code is a broken heap: the VM stops (design §10).
  @inlinable public static func from(code: UInt8) -> ObjectKind {
    guard code <= ObjectKind.blob.rawValue else { return brokenHeap(code) }
    // SAFETY: the codes are 0, 1, 2 … up to the last one's (a test looks). `init(rawValue:)` is a call, in all that copies.
    return unsafe unsafeBitCast(code, to: ObjectKind.self)
  }

  @usableFromInline @inline(never) static func brokenHeap(_ code: UInt8) -> ObjectKind {
    fatalError("broken heap: no object kind has the code \(code)")
  }
}
