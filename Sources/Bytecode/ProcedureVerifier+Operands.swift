// Operands that are no registers, and what single opcodes ask besides.

extension ProcedureVerifier {
  func checkUnusedFields(
    _ instruction: Instruction, _ plan: OpcodePlan, _ pc: Int
  ) throws(BytecodeError) {
    guard plan.unusedBits(of: instruction) == 0 else {
      throw failure(pc, "\(name(pc)): a field that it does not use is not 0", "leave it 0")
    }
  }

  // MARK: Second words

  func checkSecondWord(_ first: Instruction, _ plan: OpcodePlan, _ pc: Int) throws(BytecodeError) {
    switch plan.second {
    case .none: return
    case .extend: try checkExtend(first, plan, pc)
    case .move(let arguments):
      let second = code[pc + 1]
      guard second == Instruction(.move, a: first.a, b: second.b) else {
        throw failure(
          pc, "\(name(pc)): its second word must be move \(first.a), w", "w is the window of its slow path")
      }
      try checkSlowPath(window: second.b, arguments, pc)
    case .jumpIfFalsy(let arguments):
      let second = code[pc + 1]
      guard second == Instruction(.jumpIfFalsy, a: second.a, wide: first.signedC - 1) else {
        throw failure(
          pc, "\(name(pc)): its second word must be jumpIfFalsy w to the same target",
          "w is the window of its slow path")
      }
      try checkSlowPath(window: second.a, arguments, pc)
    }
  }

  /// The machine lays the arguments of the slow path out without looking.
  private func checkSlowPath(window: Int, _ arguments: Int, _ pc: Int) throws(BytecodeError) {
    guard window + arguments < frameSize else {
      throw failure(
        pc, "\(name(pc)): its slow path needs registers \(window) to \(window + arguments)",
        "the frame has \(frameSize) registers; make it larger, or the window lower")
    }
  }

  private func checkExtend(_ first: Instruction, _ plan: OpcodePlan, _ pc: Int) throws(BytecodeError) {
    let index = code[pc + 1].index
    guard code[pc + 1] == Instruction(.extend, wide: index) else {
      throw failure(pc, "\(name(pc)): its second word must be extend", "give it the index there")
    }
    switch plan.index {
    case .constant: try checkIndex(index, image.constants.count, "constant", pc)
    case .sameConstant, .keyword: try checkConstant(index, plan, pc)
    case .procedure: try checkCall(first, of: index, pc)
    case .function:
      try checkIndex(index, image.functions.count, "function", pc)
      let captures = image.functions[index].captures
      guard captures == first.c, captures > 0 else {
        throw failure(
          pc,
          "\(name(pc)): function \(image.functions[index].name) captures \(captures) values, here \(first.c)",
          captures == 0 ? "load it as a constant" : "give it \(captures)")
      }
    case .global: try checkIndex(index, image.globals.count, "global", pc)
    default: break
    }
  }

  private func checkIndex(_ index: Int, _ count: Int, _ what: String, _ pc: Int) throws(BytecodeError) {
    guard index < count else {
      throw failure(pc, "\(name(pc)): there is no \(what) \(index)", "the module has \(count)")
    }
  }

  private func checkConstant(_ index: Int, _ plan: OpcodePlan, _ pc: Int) throws(BytecodeError) {
    try checkIndex(index, image.constants.count, "constant", pc)
    switch (plan.index, image.constants[index]) {
    case (_, .keyword): return
    case (.keyword, _):
      throw failure(pc, "\(name(pc)): constant \(index) is no keyword", "give it a keyword")
    case (_, .nil), (_, .boolean): return
    case (_, .number(let number)) where number != 0: return
    case (_, .tuple(let members)) where members.isEmpty: return
    default:
      throw failure(
        pc, "\(name(pc)): constant \(index) has no bits of its own", "use jumpUnlessEqual or jumpUnlessZero")
    }
  }

  private func checkCall(_ call: Instruction, of index: Int, _ pc: Int) throws(BytecodeError) {
    let count = image.procedures.count
    try checkIndex(index, count + image.imports.count, "procedure", pc)
    let isOwn = index < count
    guard !isOwn || !image.procedures[index].needsClosure else {
      throw failure(
        pc, "\(name(pc)): \(image.label(ofProcedure: index)) needs its closure", "call the function's value")
    }
    let taken = isOwn ? image.procedures[index].arity : image.imports[index - count].arity ?? 1
    guard call.b == taken else {
      let called = isOwn ? image.label(ofProcedure: index) : "prelude \(image.imports[index - count].name)"
      throw failure(
        pc, "\(name(pc)): \(called) takes \(taken) arguments, here \(call.b)", "give it \(taken)")
    }
  }

  // MARK: Single opcodes

  func checkDetails(
    _ instruction: Instruction, _ opcode: Opcode, _ plan: OpcodePlan, _ pc: Int
  ) throws(BytecodeError) {
    if plan.x == .flag, instruction.x >= plan.flags {
      throw failure(pc, "\(name(pc)): flag \(instruction.x) is not known", "it is below \(plan.flags)")
    }
    switch opcode {
    case .call:
      // The machine passes a closure behind the arguments, should the callee need it.
      guard instruction.a + instruction.b + 1 < frameSize else {
        throw failure(
          pc, "call: register \(instruction.a + instruction.b + 1), for the closure, is outside its frame",
          "the frame has \(frameSize) registers; make it larger")
      }
    case .jumpUnlessType:
      guard instruction.x < TypeCode.allCases.count else {
        throw failure(pc, "\(name(pc)): type \(instruction.x) is not known", "use a type of the language")
      }
    case .callNative: try checkNative(instruction, pc)
    case .computeOrCall: try checkComputation(instruction, pc)
    case .loadCapture: try checkCapture(instruction, pc)
    case .makePartial:
      guard instruction.x <= instruction.c else {
        throw failure(pc, "makePartial: the hole is behind the last argument", "it is 0 to \(instruction.c)")
      }
    case .addInteger: try checkAddInteger(instruction, pc)
    case .receiveStart: try checkLimit(instruction, pc)
    case .panicNoClause:
      let arity = image.procedures[index].arity
      guard instruction.x == 1 || (instruction.b == 0 && instruction.a == arity) else {
        throw failure(pc, "panicNoClause: it must show the \(arity) arguments", "give it 0, \(arity)")
      }
    default: break
    }
  }

  private func checkNative(_ instruction: Instruction, _ pc: Int) throws(BytecodeError) {
    guard let native = Native(rawValue: UInt16(instruction.c)) else {
      throw failure(
        pc, "callNative: native \(instruction.c) is not known", "compile the script again with this version")
    }
    guard instruction.b == native.arity else {
      throw failure(
        pc, "callNative: \(native.name) takes \(native.arity) arguments, here \(instruction.b)",
        "give it \(native.arity)")
    }
  }

  private func checkComputation(_ instruction: Instruction, _ pc: Int) throws(BytecodeError) {
    guard let computation = Computation(rawValue: instruction.x), instruction.b == computation.arity else {
      throw failure(
        pc, "computeOrCall: computation \(instruction.x) does not take \(instruction.b) arguments",
        "give it as many as its function takes")
    }
  }

  private func checkCapture(_ instruction: Instruction, _ pc: Int) throws(BytecodeError) {
    guard instruction.b == closureRegister else {
      throw failure(
        pc, "loadCapture: register \(instruction.b) is not the procedure's closure",
        closureRegister.map { "use register \($0)" } ?? "let the procedure need its closure")
    }
    let captures = image.functions[image.procedures[index].function].captures
    guard instruction.c < captures else {
      throw failure(pc, "loadCapture: there is no capture \(instruction.c)", "its function has \(captures)")
    }
  }

  private func checkAddInteger(_ instruction: Instruction, _ pc: Int) throws(BytecodeError) {
    let number = instruction.signedC
    let isRight =
      switch instruction.x {
      case 2: number == 1
      case 3: number == -1
      default: number != 0
      }
    guard isRight else {
      throw failure(
        pc, "addInteger: \(number) does not go with flag \(instruction.x)",
        "inc (2) adds 1, dec (3) -1, the others anything but 0")
    }
  }

  private func checkLimit(_ instruction: Instruction, _ pc: Int) throws(BytecodeError) {
    guard instruction.x == 1 else {
      guard instruction.a == 0 else {
        throw failure(pc, "receiveStart: a field that it does not use is not 0", "leave it 0")
      }
      return
    }
    guard instruction.a < frameSize, !isReachable || state.isSet(instruction.a) else {
      throw failure(
        pc, "receiveStart: register \(instruction.a) may be read before it is set", "set the limit before")
    }
  }
}
