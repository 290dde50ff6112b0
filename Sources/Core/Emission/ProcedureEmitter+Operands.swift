import Bytecode

extension ProcedureEmitter {
  /// Evaluates the operand into the register, which is free or a place whose old value is no longer wanted.
  mutating func emit(_ operand: Operand, into target: Int) {
    reserve(target + 1)
    switch operand {
    case .tree(let tree): emit(tree, into: target)
    case .atom(.local(let variable)): emitMove(from: register(of: variable), to: target)
    case .atom(.itself): emitMove(from: closureRegister, to: target)
    case .atom(.captured(let index)):
      code.append(
        Instruction(.loadCapture, a: target, b: closureRegister, c: fit(index, bits: 16, "captured values")))
    case .atom(.constant(let constant)): emitLoad(constant, into: target)
    }
  }

  mutating func emitMove(from source: Int, to target: Int) {
    if source != target { code.append(Instruction(.move, a: target, b: source)) }
  }

  private mutating func emitLoad(_ constant: Constant, into target: Int) {
    if case .number(let number) = constant, let integer = Int32(exactly: number),
      !(integer == 0 && number.sign == .minus)
    {
      code.append(Instruction(.loadInteger, a: target, wide: Int(integer)))
    } else {
      code.append(Instruction(.loadConstant, a: target))
      code.extend(module.index(of: constant))
    }
  }

  /// A register that holds the operand: its own, or the next free one.
  mutating func register(for operand: Operand) -> Int {
    switch operand {
    case .atom(.local(let variable)): return register(of: variable)
    case .atom(.itself): return closureRegister
    default:
      let target = depth
      emit(operand, into: target)
      return push()
    }
  }

  /// Registers that hold the operands; what must be evaluated goes first, in order, then constants.
  mutating func registers(for operands: [Operand]) -> [Int] {
    var result = Array(repeating: 0, count: operands.count)
    for (index, operand) in operands.enumerated() {
      if case .tree = operand { result[index] = register(for: operand) }
    }
    for (index, operand) in operands.enumerated() {
      if case .atom = operand { result[index] = register(for: operand) }
    }
    return result
  }

  /// The first of neighbouring registers that hold the operands: where they are, or the next free ones.
  mutating func window(for operands: [Operand]) -> Int {
    if let first = neighbours(operands) { return first }
    let first = depth
    for operand in operands {
      emit(operand, into: depth)
      depth += 1
      reserve(depth)
    }
    return first
  }

  /// The first register if the operands are variables that stand side by side already.
  private func neighbours(_ operands: [Operand]) -> Int? {
    guard case .atom(.local(let variable))? = operands.first else { return nil }
    let first = register(of: variable)
    for (index, operand) in operands.enumerated() {
      guard case .atom(.local(let variable)) = operand, register(of: variable) == first + index
      else { return nil }
    }
    return first
  }
}
