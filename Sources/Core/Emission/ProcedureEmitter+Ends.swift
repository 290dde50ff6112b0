import Bytecode

extension ProcedureEmitter {
  mutating func emit(_ end: End) {
    switch end {
    case .return(let atom): emitReturn(atom)
    case .tailCall(let callee, let arguments, let place): emitTailCall(callee, arguments, place)
    case .branch(let test, let place, let then, let otherwise): emitBranch(test, place, then, otherwise)
    case .jump(let label, let atoms, let place): emitJump(label, atoms, place)
    case .loop(let label, let parameters, let initial, let body, let place):
      emitLoop(label, parameters, initial, body, place)
    case .wait(let label, let timeout, let place): emitWait(label, timeout, place)
    case .panic(let panic, let place): emit(panic, place)
    }
  }

  private mutating func emitReturn(_ atom: Atom) {
    let operand = pending.operand(atom)
    flush()
    let register = self.register(for: operand)
    code.append(Instruction(.return, a: register))
  }

  private mutating func emitTailCall(_ callee: Callee, _ arguments: [Atom], _ place: Place) {
    let operands = pending.operands(callee.leading + arguments)
    flush()
    emitTailCall(callee, operands, place)
  }

  private mutating func emitBranch(_ test: Test, _ place: Place, _ then: Block, _ otherwise: Block) {
    let operands = pending.operands(test.operands)
    flush()
    let mark = depth
    let openedBefore = opened
    let jumps = emit(test, operands, place)
    depth = mark
    bindResult(of: test, operands)
    emit(then)
    depth = mark
    opened = openedBefore
    _ = pending.takeAll()
    for jump in jumps { code.patch(jump, to: code.count) }
    emit(otherwise)
  }

  private mutating func emitJump(_ label: Label, _ atoms: [Atom], _ place: Place) {
    let operands = pending.operands(atoms)
    flush()
    code.place = place
    let target = openLabel(label)
    assign(operands, to: target.base)
    code.place = place
    if let head = target.head {
      let window = target.base + target.parameters.count
      // An empty loop: `loop` cannot jump to itself.
      if head == code.count { code.append(Instruction(.jump, wide: 1)) }
      code.append(Instruction(.loop, a: window, wide: head - code.count))
    } else {
      let jump = Jump(index: code.count)
      code.append(Instruction(.jump))
      resolve(jump, label)
    }
  }

  private mutating func emitLoop(
    _ label: Label, _ parameters: [Variable], _ initial: [Atom], _ body: Block, _ place: Place
  ) {
    let operands = pending.operands(initial)
    flush()
    code.place = place
    let base = depth
    assign(operands, to: base)
    depth = base
    for parameter in parameters { bind(parameter, to: push()) }
    open(label, OpenLabel(base: base, parameters: parameters, head: code.count))
    emit(body)
  }

  private mutating func emitWait(_ label: Label, _ timeout: Block, _ place: Place) {
    flush()
    code.place = place
    let head = openLabel(label).head ?? code.count
    code.append(Instruction(.receiveWait, a: depth, wide: head - code.count))
    emit(timeout)
  }

  private mutating func emit(_ panic: Panic, _ place: Place) {
    switch panic {
    case .noMatch(let atom, let isLet):
      let operand = pending.operand(atom)
      flush()
      let register = self.register(for: operand)
      code.place = place
      code.append(Instruction(.panicNoMatch, x: isLet ? 1 : 0, a: register))
    case .noClause:
      flush()
      code.place = place
      code.append(Instruction(.panicNoClause, a: procedure.parameters.count))
    case .noLoopClause(let variables):
      flush()
      code.place = place
      let first = variables.first.map { register(of: $0) } ?? 0
      code.append(Instruction(.panicNoClause, x: 1, a: variables.count, b: first))
    case .noWhen:
      flush()
      code.place = place
      code.append(Instruction(.panicNoWhen))
    }
  }
}
