import Bytecode

extension ProcedureEmitter {
  /// Emits the test.
  /// - Returns: the jumps that are taken when it does not hold.
  mutating func emit(_ test: Test, _ operands: [Operand], _ place: Place) -> [Jump] {
    let free = depth
    if case .message = test {
      code.place = place
      reserve(depth + 1)
      return [emitJump(.receiveNext, a: depth)]
    }
    let sources = registers(for: operands)
    code.place = place
    switch test {
    case .truthy: return [emitJump(.jumpIfFalsy, a: sources[0])]
    case .constant(_, let constant): return [emitJump(unless: sources[0], constant)]
    case .equal: return lengthened([emitShortJump(.jumpUnlessEqualTo, a: sources[0], b: sources[1])])
    case .less: return emitPaired(.jumpUnlessLess, sources)
    case .lessOrEqual: return emitPaired(.jumpUnlessLessOrEqual, sources)
    case .greater: return emitPaired(.jumpUnlessLess, sources.reversed(), isExchanged: true)
    case .greaterOrEqual: return emitPaired(.jumpUnlessLessOrEqual, sources.reversed(), isExchanged: true)
    case .type(_, let type): return [emitJump(.jumpUnlessType, a: sources[0], x: Int(type.rawValue))]
    case .tuple where opening(test, operands) != nil:
      return emitOpening(test, operands, sources[0])
    case .tuple(_, let count): return [emitJump(.jumpUnlessTuple, a: sources[0], x: count)]
    case .tupleFrom(_, let count): return [emitJump(.jumpUnlessTupleFrom, a: sources[0], x: count)]
    case .list(_, let count): return [emitJump(.jumpUnlessList, a: sources[0], x: count)]
    case .listFrom(_, let count): return [emitJump(.jumpUnlessListFrom, a: sources[0], x: count)]
    case .dictKey(_, _, let key): return [emitFind(.dictFind, into: free, sources[0], key)]
    case .structKey(_, _, let key): return [emitFind(.structFind, into: free, sources[0], key)]
    case .message: return []
    }
  }

  private mutating func emitJump(_ opcode: Opcode, a: Int, x: Int = 0) -> Jump {
    let jump = Jump(index: code.count)
    code.append(Instruction(opcode, x: fit(x, bits: 8, "members of a tuple or list pattern"), a: a))
    return jump
  }

  /// The members go to the first registers that are free.
  private mutating func emitOpening(_ test: Test, _ operands: [Operand], _ source: Int) -> [Jump] {
    let count = opening(test, operands)?.count ?? 0
    let jump = Jump(index: code.count, isShort: true)
    reserve(depth + count)
    code.append(Instruction(.openTuple, x: count, a: source, b: depth))
    return lengthened([jump])
  }

  private mutating func emitShortJump(_ opcode: Opcode, x: Int = 0, a: Int, b: Int) -> Jump {
    let jump = Jump(index: code.count, isShort: true)
    code.append(Instruction(opcode, x: x, a: a, b: b))
    return jump
  }

  /// In a procedure so long that 16 bits do not reach everywhere, short jumps go to a long one close by.
  private mutating func lengthened(_ jumps: [Jump]) -> [Jump] {
    guard jumpsFar else { return jumps }
    code.append(Instruction(.jump, wide: 2))
    for jump in jumps { code.patch(jump, to: code.count) }
    return [emitJump(.jump, a: 0)]
  }

  private mutating func emitJump(unless register: Int, _ constant: Constant) -> Jump {
    if case .number(0) = constant { return emitJump(.jumpUnlessZero, a: register) }
    let jump = emitJump(constant.isOneWord ? .jumpUnlessSame : .jumpUnlessEqual, a: register)
    code.extend(module.index(of: constant))
    return jump
  }

  /// The second word runs when the slow path has put the answer into the window.
  private mutating func emitPaired(_ opcode: Opcode, _ sources: [Int], isExchanged: Bool = false) -> [Jump] {
    let first = emitShortJump(opcode, x: isExchanged ? 1 : 0, a: sources[0], b: sources[1])
    reserve(depth + 1 + 2 + 1)
    return lengthened([first, emitJump(.jumpIfFalsy, a: depth)])
  }

  /// The value goes where the variable will live: the first register that was free before the test.
  private mutating func emitFind(_ opcode: Opcode, into target: Int, _ source: Int, _ key: Constant) -> Jump {
    let jump = Jump(index: code.count, isShort: true)
    reserve(target + 1)
    code.append(Instruction(opcode, a: target, b: source))
    code.extend(module.index(of: key))
    return lengthened([jump])[0]
  }
}

extension Constant {
  /// Whether equal values have equal bits, so that a comparison of words decides.
  var isOneWord: Bool {
    switch self {
    case .nil, .boolean, .keyword: true
    case .number(let number): number != 0
    case .tuple(let members): members.isEmpty
    default: false
    }
  }
}
