import Bytecode

extension ProcedureEmitter {
  /// Evaluates the tree into the register. Uses registers from `depth` on and leaves `depth` as it was.
  mutating func emit(_ tree: Tree, into target: Int) {
    let mark = depth
    reserve(target + 1)
    emit(tree.operation, tree.operands, into: target, tree.place)
    depth = mark
  }

  private mutating func emit(
    _ operation: Operation, _ operands: [Operand], into target: Int, _ place: Place
  ) {
    switch operation {
    case .call(let callee, _): emitCall(callee, operands, into: target, place)
    case .primitive(let primitive, _): emit(primitive, operands, into: target, place)
    case .global(let index):
      code.place = place
      code.append(Instruction(.loadGlobal, a: target))
      code.extend(index)
    case .closure(let function, _):
      emitRange(.makeClosure, operands, into: target, place)
      code.extend(function)
    case .partial(_, let arguments, let hole):
      let first = window(for: operands)
      code.place = place
      let hole = fit(hole, bits: 8, "arguments")
      code.append(
        Instruction(
          .makePartial, x: hole, a: target, b: first, c: fit(arguments.count, bits: 16, "arguments")))
    case .hold: code.append(Instruction(.receiveHold, a: target))
    case .environment(let slots):
      code.append(Instruction(.makeEnvironment, a: target, c: fit(slots, bits: 16, "names")))
    case .slot(_, let slot, let name):
      emitMember(.loadEnvironment, operands[0], slot, into: target, place)
      code.extend(module.index(of: .keyword(name)))
    case .tuple: emitRange(.makeTuple, operands, into: target, place)
    case .list: emitRange(.makeList, operands, into: target, place)
    case .set: emitRange(.makeSet, operands, into: target, place)
    case .interpolate: emitRange(.interpolate, operands, into: target, place)
    case .dict: emitRange(.makeDict, operands, into: target, place, size: operands.count / 2)
    case .struct: emitRange(.makeStruct, operands, into: target, place, size: operands.count / 2)
    case .namespace(let name, _):
      emitRange(.makeNamespace, operands, into: target, place, size: operands.count / 2)
      code.extend(module.index(of: .keyword(name)))
    case .tupleMember(_, let index): emitMember(.tupleMember, operands[0], index, into: target, place)
    case .listMember(_, let index): emitMember(.listMember, operands[0], index, into: target, place)
    case .tupleRest(_, let index): emitMember(.tupleRest, operands[0], index, into: target, place)
    case .listRest(_, let index): emitMember(.listRest, operands[0], index, into: target, place)
    case .dictRest(_, let keys):
      let first = window(for: operands + keys.map { .atom(.constant($0)) })
      code.append(Instruction(.dictRest, a: target, b: first, c: fit(keys.count, bits: 16, "keys")))
    case .key(_, let key):
      let register = self.register(for: operands[0])
      code.place = place
      code.append(Instruction(.loadKey, a: target, b: register))
      code.extend(module.index(of: .keyword(key)))
    }
  }

  /// `R[target] = ` something made of neighbouring registers.
  private mutating func emitRange(
    _ opcode: Opcode, _ operands: [Operand], into target: Int, _ place: Place, size: Int? = nil
  ) {
    let first = window(for: operands)
    code.place = place
    let size = fit(size ?? operands.count, bits: 16, "members")
    code.append(Instruction(opcode, a: target, b: operands.isEmpty ? 0 : first, c: size))
  }

  /// `R[target] = ` member `index` of something.
  private mutating func emitMember(
    _ opcode: Opcode, _ operand: Operand, _ index: Int, into target: Int, _ place: Place
  ) {
    let register = self.register(for: operand)
    code.place = place
    code.append(Instruction(opcode, a: target, b: register, c: fit(index, bits: 16, "members")))
  }

  private mutating func emit(
    _ primitive: Primitive, _ operands: [Operand], into target: Int, _ place: Place
  ) {
    let sources = registers(for: operands)
    code.place = place
    let first = sources.first ?? 0
    if case .addInteger(let number, let form) = primitive {
      code.append(Instruction(.addInteger, x: form.rawValue, a: target, b: first, c: number))
    } else {
      let second = sources.count > 1 ? sources[1] : 0
      code.append(
        primitive.isExchanged
          ? Instruction(primitive.opcode, x: 1, a: target, b: second, c: first)
          : Instruction(primitive.opcode, a: target, b: first, c: second))
    }
    guard primitive.isPaired else { return }
    reserve(depth + 1 + 2 + 1)
    code.append(Instruction(.move, a: target, b: depth))
  }

  mutating func emit(_ effect: Effect, _ place: Place) {
    let operands = pending.operands(effect.operands)
    flush()
    code.place = place
    let mark = depth
    let sources = registers(for: operands)
    depth = mark
    code.place = place
    switch effect {
    case .storeGlobal(let index, _):
      code.append(Instruction(.storeGlobal, a: sources[0]))
      code.extend(index)
    case .storeSlot(_, let slot, _):
      code.append(Instruction(.storeEnvironment, a: sources[0], b: sources[1], c: slot))
    case .receive(let limit):
      code.append(Instruction(.receiveStart, x: limit == nil ? 0 : 1, a: sources.first ?? 0))
    case .take: code.append(Instruction(.receiveTake))
    case .resume: code.append(Instruction(.receiveResume, a: sources[0]))
    case .checkCount: code.append(Instruction(.checkCount, a: sources[0]))
    }
  }
}

extension Primitive {
  /// Whether its instruction is that of the opposite, with operands exchanged and a flag that tells so.
  fileprivate var isExchanged: Bool { self == .greater || self == .greaterOrEqual }

  fileprivate var opcode: Opcode {
    switch self {
    case .add: .add
    case .subtract: .subtract
    case .multiply: .multiply
    case .divide: .divide
    case .modulo: .modulo
    case .quotient: .quotient
    case .addInteger: .addInteger
    case .less, .greater: .less
    case .lessOrEqual, .greaterOrEqual: .lessOrEqual
    case .equal: .equal
    case .not: .not
    case .at: .at
    case .count: .count
    case .first: .first
    case .rest: .rest
    case .append: .append
    case .selfPid: .selfPid
    case .send: .send
    }
  }
}
