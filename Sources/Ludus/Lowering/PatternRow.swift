import Bytecode
import Core

/// A clause: what its pattern demands, what it binds, and what follows.
struct PatternRow {
  /// A demand on a collection stands before those on its members.
  var demands: [Demand] = []
  var names: [(binding: Binding, location: Int)] = []
  var scope: Scope?
  var condition: Expression?
  /// Names are bound though nobody uses them: those of a `let`, which may be toplevel.
  var bindsAll = false
  /// The clause of a `receive`, whose guard runs while the message still waits.
  var isReceiving = false
  var body: (Destination) -> End
}

/// What a pattern asks of the value at a location.
struct Demand: Equatable {
  enum Kind: Equatable {
    case literal(Constant)
    case type(TypeCode)
    case tuple(Int)
    case tupleFrom(Int)
    case list(Int)
    case listFrom(Int)
    /// The key that the location names is there.
    case present
  }

  var location: Int
  var kind: Kind
}

extension Demand.Kind {
  /// Whether no value satisfies both.
  func excludes(_ other: Demand.Kind) -> Bool {
    guard let mine = type, let theirs = other.type else { return false }
    if mine != theirs { return true }
    switch (self, other) {
    case (.literal(let left), .literal(let right)): return left != right
    case (.tuple(let left), .tuple(let right)), (.list(let left), .list(let right)): return left != right
    case (.tuple(let exact), .tupleFrom(let least)), (.tupleFrom(let least), .tuple(let exact)),
      (.list(let exact), .listFrom(let least)), (.listFrom(let least), .list(let exact)):
      return exact < least
    default: return false
    }
  }

  private var type: TypeCode? {
    switch self {
    case .literal(let constant): constant.type
    case .type(let type): type
    case .tuple, .tupleFrom: .tuple
    case .list, .listFrom: .list
    case .present: nil
    }
  }

  func test(_ atom: Atom) -> Test {
    switch self {
    case .literal(let constant): .constant(atom, constant)
    case .type(let type): .type(atom, type)
    case .tuple(let count): .tuple(atom, count)
    case .tupleFrom(let count): .tupleFrom(atom, count)
    case .list(let count): .list(atom, count)
    case .listFrom(let count): .listFrom(atom, count)
    case .present: .truthy(atom)
    }
  }
}

extension Constant {
  fileprivate var type: TypeCode? {
    switch self {
    case .nil: .nil
    case .boolean: .boolean
    case .number: .number
    case .keyword: .keyword
    case .string: .string
    default: nil
    }
  }
}
