import Bytecode

/// What a `bind` evaluates.
public enum Operation: Hashable, Sendable {
  case call(Callee, [Atom])
  /// An instruction of its own, with the Prelude function of the same name as its slow path.
  case primitive(Primitive, [Atom])
  /// The value of a toplevel name; panics while it is unbound.
  case global(Int)
  /// A closure of a function of this module.
  case closure(Int, captures: [Atom])
  /// The function and all arguments but one, which stands before argument `hole`.
  case partial(Atom, [Atom], hole: Int)
  /// A new environment record of unbound slots.
  case environment(slots: Int)
  /// A slot of an environment record; panics while it is unbound.
  case slot(environment: Atom, Int, name: String)
  case tuple([Atom])
  case list([Atom])
  case set([Atom])
  case dict([AtomPair])
  case `struct`([AtomPair])
  case namespace(String, [AtomPair])
  case interpolate([Atom])
  case tupleMember(Atom, Int)
  case listMember(Atom, Int)
  /// The members of a tuple from an index on, as a list.
  case tupleRest(Atom, Int)
  case listRest(Atom, Int)
  /// The members of a dict or struct whose keys are not among these, as a dict.
  case dictRest(Atom, without: [Constant])
  /// A key of a collection; nil punning as the language has it.
  case key(Atom, String)
  /// Where the running receive stands: what evaluates a guard may itself receive, and `resume` comes back to it.
  case hold
}

/// A key and its value.
public struct AtomPair: Hashable, Sendable {
  public var key: Atom
  public var value: Atom
  public init(_ key: Atom, _ value: Atom) {
    self.key = key
    self.value = value
  }
}

/// Prelude functions that are instructions.
public enum Primitive: Hashable, Sendable {
  case add, subtract, multiply, divide, modulo, quotient
  /// Adds the whole number; written as the given function.
  case addInteger(Int, AddForm)
  case less, lessOrEqual, greater, greaterOrEqual, equal, not, at, count, first, rest, append
  case selfPid, send
}

/// How an addition of a small number was written, which is what its slow path calls.
public enum AddForm: Int, Hashable, Sendable {
  case add, sub, inc, dec
}

/// A question with two ways on.
public enum Test: Hashable, Sendable {
  case truthy(Atom)
  /// Equal to a constant.
  case constant(Atom, Constant)
  case equal(Atom, Atom)
  case less(Atom, Atom)
  case lessOrEqual(Atom, Atom)
  case greater(Atom, Atom)
  case greaterOrEqual(Atom, Atom)
  case type(Atom, TypeCode)
  /// A tuple of so many members.
  case tuple(Atom, Int)
  /// A tuple of so many members or more.
  case tupleFrom(Atom, Int)
  case list(Atom, Int)
  case listFrom(Atom, Int)
  /// A dict that has the key; its value is bound where the test holds.
  case dictKey(Variable, Atom, Constant)
  case structKey(Variable, Atom, Constant)
  /// A message that this receive has not looked at; it is bound where the test holds.
  case message(Variable)

  /// The variable that is bound where the test holds.
  public var bound: Variable? {
    switch self {
    case .dictKey(let variable, _, _), .structKey(let variable, _, _), .message(let variable): variable
    default: nil
    }
  }
}

extension Operation {
  /// The atoms that the operation reads, in the order of evaluation.
  public var operands: [Atom] {
    switch self {
    case .call(let callee, let arguments): callee.leading + arguments
    case .primitive(_, let atoms), .tuple(let atoms), .list(let atoms), .set(let atoms),
      .interpolate(let atoms),
      .closure(_, let atoms):
      atoms
    case .partial(let function, let arguments, _): [function] + arguments
    case .dict(let pairs), .struct(let pairs), .namespace(_, let pairs): pairs.flatMap { [$0.key, $0.value] }
    case .slot(let atom, _, _), .tupleMember(let atom, _), .listMember(let atom, _), .tupleRest(let atom, _),
      .listRest(let atom, _), .dictRest(let atom, _), .key(let atom, _):
      [atom]
    case .global, .environment, .hold: []
    }
  }

  /// Whether it may be evaluated later than it stands, or not at all: it has no effect, cannot panic, and what it reads never
  /// changes.
  public var isMovable: Bool {
    switch self {
    case .tupleMember, .listMember, .tupleRest, .listRest, .dictRest: true
    default: false
    }
  }
}

extension Callee {
  /// What is evaluated before the arguments.
  public var leading: [Atom] {
    if case .value(let atom) = self { [atom] } else { [] }
  }
}

extension Test {
  /// The atoms that the test reads.
  public var operands: [Atom] {
    switch self {
    case .truthy(let atom), .constant(let atom, _), .type(let atom, _), .tuple(let atom, _),
      .tupleFrom(let atom, _), .list(let atom, _), .listFrom(let atom, _), .dictKey(_, let atom, _),
      .structKey(_, let atom, _):
      [atom]
    case .equal(let left, let right), .less(let left, let right), .lessOrEqual(let left, let right),
      .greater(let left, let right), .greaterOrEqual(let left, let right):
      [left, right]
    case .message: []
    }
  }
}
