import Bytecode

/// How often each variable of a procedure is read, and whether the closure is.
///
/// The emitter evaluates what is read once right where it is wanted; what is read more often gets a register.
struct Usage {
  private(set) var counts: [Int]
  /// Whose members are read, one by one.
  private(set) var isTakenApart: [Bool]
  /// The procedure reads captured values or itself.
  private(set) var readsClosure = false

  init(_ procedure: CoreProcedure) {
    counts = Array(repeating: 0, count: procedure.variableCount)
    isTakenApart = Array(repeating: false, count: procedure.variableCount)
    visit(procedure.body)
  }

  func count(_ variable: Variable) -> Int { counts[variable.id] }

  private mutating func read(_ atom: Atom) {
    switch atom {
    case .local(let variable): counts[variable.id] += 1
    case .captured, .itself: readsClosure = true
    case .constant: break
    }
  }

  private mutating func read(_ atoms: [Atom]) {
    for atom in atoms { read(atom) }
  }

  private mutating func visit(_ block: Block) {
    for step in block.steps {
      switch step {
      case .bind(_, let operation, _):
        read(operation.operands)
        if case .tupleMember(.local(let tuple), _) = operation { isTakenApart[tuple.id] = true }
      case .effect(let effect, _): read(effect.operands)
      case .require(let test, _, _): read(test.operands)
      case .check(let test, _, let otherwise):
        read(test.operands)
        visit(otherwise)
      case .join(_, _, let body): visit(body)
      }
    }
    visit(block.end)
  }

  private mutating func visit(_ end: End) {
    switch end {
    case .return(let atom): read(atom)
    case .tailCall(let callee, let arguments, _): read(callee.leading + arguments)
    case .branch(let test, _, let then, let otherwise):
      read(test.operands)
      visit(then)
      visit(otherwise)
    case .jump(_, let atoms, _): read(atoms)
    case .loop(_, _, let initial, let body, _):
      read(initial)
      visit(body)
    case .wait(_, let timeout, _): visit(timeout)
    case .panic(.noMatch(let atom, _), _): read(atom)
    case .panic(.noLoopClause(let variables), _): read(variables.map { .local($0) })
    case .panic: break
    }
  }
}

extension Effect {
  /// The atoms that the effect reads, in the order of evaluation.
  public var operands: [Atom] {
    switch self {
    case .storeGlobal(_, let atom), .checkCount(let atom), .resume(let atom): [atom]
    case .storeSlot(let environment, _, let atom): [environment, atom]
    case .receive(let limit): limit.map { [$0] } ?? []
    case .take: []
    }
  }
}
