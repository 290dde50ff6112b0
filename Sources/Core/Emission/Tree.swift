import Bytecode

/// An operation whose operands may be operations: what an A-normal form was before its values had names.
/// Values that are read once are evaluated in place, so that arguments land in their windows without moves.
struct Tree {
  var operation: Operation
  /// In the order of `operation.operands`, which is the order of evaluation.
  var operands: [Operand]
  var place: Place
  /// How deep its operands nest.
  let height: Int

  init(operation: Operation, operands: [Operand], place: Place) {
    self.operation = operation
    self.operands = operands
    self.place = place
    height = 1 + (operands.map(\.height).max() ?? 0)
  }

  /// Whether evaluating it may call, and so needs every register below its window initialised.
  var hasSafepoint: Bool {
    operation.isSafepoint || operands.contains { $0.hasSafepoint }
  }
}

indirect enum Operand {
  case atom(Atom)
  case tree(Tree)

  var height: Int {
    if case .tree(let tree) = self { tree.height } else { 0 }
  }

  var hasSafepoint: Bool {
    if case .tree(let tree) = self { tree.hasSafepoint } else { false }
  }

  /// Whether evaluating it later makes no difference.
  var isMovable: Bool {
    switch self {
    case .atom: true
    case .tree(let tree): tree.operation.isMovable && tree.operands.allSatisfy { $0.isMovable }
    }
  }

  /// Calls the closure for each variable that evaluating the operand reads from its register.
  func forEachVariable(_ body: (Variable) -> Void) {
    switch self {
    case .atom(.local(let variable)): body(variable)
    case .atom: break
    case .tree(let tree): for operand in tree.operands { operand.forEachVariable(body) }
    }
  }
}

extension Operation {
  var isSafepoint: Bool {
    switch self {
    case .call: true
    case .primitive(let primitive, _): primitive.isPaired
    default: false
    }
  }

  /// Whether it may be left out when nobody reads its value.
  var isDroppable: Bool {
    switch self {
    case .closure, .tuple, .list, .environment: true
    case .primitive(.selfPid, _), .primitive(.equal, _), .primitive(.not, _): true
    default: isMovable
    }
  }
}

extension Primitive {
  /// Whether it has a slow path that calls the Prelude.
  var isPaired: Bool {
    switch self {
    case .equal, .not, .selfPid: false
    default: true
    }
  }
}

/// Values that have been named but not evaluated yet, in the order in which they must be.
///
/// Invariant: each is read once, and whatever is emitted next first takes its operands from the top and then
/// has the rest emitted, so that the order of effects stays.
struct PendingTrees {
  /// Trees do not grow beyond this, so that a chain of a hundred thousand calls is no deep recursion here.
  private static let maximumHeight = 100

  private(set) var items: [(variable: Variable, tree: Tree)] = []
  /// Movable operations that are read once, wherever that may be.
  private(set) var movable: [Variable: (operation: Operation, place: Place)] = [:]

  mutating func push(_ variable: Variable, _ tree: Tree) { items.append((variable, tree)) }

  mutating func putOff(_ variable: Variable, _ operation: Operation, _ place: Place) {
    movable[variable] = (operation, place)
  }

  mutating func takeAll() -> [(variable: Variable, tree: Tree)] {
    let taken = items
    items = []
    return taken
  }

  /// Builds operands from atoms, taking from the top what they name; from right to left, as a stack would.
  mutating func operands(_ atoms: [Atom]) -> [Operand] {
    var result: [Operand] = []
    result.reserveCapacity(atoms.count)
    for atom in atoms.reversed() { result.append(operand(atom)) }
    result.reverse()
    return result
  }

  mutating func operand(_ atom: Atom) -> Operand {
    guard case .local(let variable) = atom else { return .atom(atom) }
    if let (operation, place) = movable[variable] {
      return .tree(Tree(operation: operation, operands: operands(operation.operands), place: place))
    }
    if let last = items.last, last.variable == variable, last.tree.height < Self.maximumHeight {
      items.removeLast()
      return .tree(last.tree)
    }
    return .atom(atom)
  }
}
