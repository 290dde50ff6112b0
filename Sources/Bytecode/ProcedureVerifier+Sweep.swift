// Second pass: operands, and which registers hold values.

extension ProcedureVerifier {
  mutating func sweep(initialised: Int) throws(BytecodeError) {
    state.restart(height: initialised)
    isReachable = true
    var pc = 0
    while pc < code.count {
      if marks[pc] > 0 { arrive(at: Int(marks[pc]) - 1) }
      let byte = Int(code[pc].code)
      let plan = plans[byte]
      try verify(pc, opcodes[byte], plan)
      if !plan.fallsThrough {
        isReachable = false
        state.leaveReceive()
      }
      pc += plan.width
      if pc == code.count, plan.fallsThrough {
        throw failure(
          pc - plan.width, "the code runs off its end", "end it with return, a tail call, a jump or a panic")
      }
    }
  }

  private mutating func arrive(at label: Int) {
    if isReachable {
      labels[label].intersect(state.label)
    } else if !labels[label].isReachedForward {
      // Only jumps back lead here, and what they bring is a guess until the sweep has come to them: whether a
      // `receive` has begun, the dead code before this place tells.
      labels[label].intersectReceive(state)
    }
    state.restart(from: labels[label])
    isReachable = true
  }

  private mutating func verify(_ pc: Int, _ opcode: Opcode, _ plan: OpcodePlan) throws(BytecodeError) {
    let instruction = code[pc]
    try checkUnusedFields(instruction, plan, pc)
    try checkSecondWord(instruction, plan, pc)
    if plan.a == .source { try read(instruction.a, pc) }
    if plan.b == .source { try read(instruction.b, pc) }
    if plan.c == .source { try read(instruction.c, pc) }
    if let range = plan.range { try readRange(instruction, range, pc) }
    try checkDetails(instruction, opcode, plan, pc)
    try passWindow(instruction, plan, pc)
    try followReceive(opcode, pc)
    if plan.jumps, opcode != .loop, opcode != .receiveWait { try jump(instruction, plan, pc) }
    if opcode == .receiveNext { state.hasMessage = true }
    try write(instruction, plan, pc)
  }

  // MARK: Registers

  private func checkRegister(_ register: Int, _ pc: Int) throws(BytecodeError) {
    guard register < frameSize else {
      throw failure(
        pc, "\(name(pc)): register \(register) is outside its frame",
        "the frame has \(frameSize) registers; make it larger, or use a lower one")
    }
  }

  private func read(_ register: Int, _ pc: Int) throws(BytecodeError) {
    try checkRegister(register, pc)
    guard !isReachable || state.isSet(register) else { throw unset(register, pc) }
  }

  private func readRange(_ instruction: Instruction, _ range: RegisterRange, _ pc: Int) throws(BytecodeError)
  {
    let first = instruction.field(range.base) + range.skip
    let end = first + instruction.field(range.count) * range.scale + range.extra
    guard end <= frameSize, first <= frameSize else {
      throw failure(
        pc, "\(name(pc)): registers \(first) to \(end - 1) are outside their frame",
        "the frame has \(frameSize) registers; make it larger, or use lower ones")
    }
    guard isReachable, let missing = state.firstUnset(first..<end) else { return }
    throw unset(missing, pc)
  }

  private func unset(_ register: Int, _ pc: Int) -> BytecodeError {
    failure(
      pc, "\(name(pc)): register \(register) may be read before it is set",
      "set it on every path to here; a call forgets the registers above its window")
  }

  /// The result, or the destination.
  private mutating func write(
    _ instruction: Instruction, _ plan: OpcodePlan, _ pc: Int
  ) throws(BytecodeError) {
    if plan.b == .destinations { return try writeMany(instruction.b..<instruction.b + instruction.x, pc) }
    let isResult: Bool
    switch plan.window {
    case .result, .behindArguments: isResult = true
    case .none, .register, .second: isResult = false
    }
    guard plan.a == .destination || isResult else { return }
    try checkRegister(instruction.a, pc)
    guard instruction.a != closureRegister else {
      throw failure(
        pc, "\(name(pc)): register \(instruction.a) holds the procedure's closure", "write to another")
    }
    if isReachable { state.set(instruction.a) }
  }

  private mutating func writeMany(_ registers: Range<Int>, _ pc: Int) throws(BytecodeError) {
    for register in registers {
      try checkRegister(register, pc)
      guard register != closureRegister else {
        throw failure(
          pc, "\(name(pc)): register \(register) holds the procedure's closure", "write to others")
      }
      if isReachable { state.set(register) }
    }
  }

  // MARK: Safepoints

  /// All registers below the window must hold values; those above are lost.
  private mutating func passWindow(
    _ instruction: Instruction, _ plan: OpcodePlan, _ pc: Int
  ) throws(BytecodeError) {
    let window: Int
    var kept: Int
    switch plan.window {
    case .none: return
    case .result, .register:
      window = instruction.a
      kept = window
    case .behindArguments:
      window = instruction.a + instruction.b
      kept = instruction.a
    case .second:
      window = code[pc + 1].field(plan.windowField)
      kept = window
    }
    guard window <= frameSize else { return try checkRegister(window, pc) }
    guard isReachable else { return }
    guard window <= state.height else {
      throw failure(
        pc, "\(name(pc)): register \(state.height) may be not set, and its window is \(window)",
        "set every register below a window on every path to it")
    }
    kept = min(kept, window)
    state.cut(to: kept)
  }

  // MARK: Jumps

  private mutating func jump(_ instruction: Instruction, _ plan: OpcodePlan, _ pc: Int) throws(BytecodeError)
  {
    let offset = plan.wide == .jump ? instruction.wide : instruction.signedC
    guard offset > 0 else {
      throw failure(pc, "\(name(pc)) jumps back", "only loop and receiveWait may")
    }
    try checkTarget(pc + offset, from: pc)
    if isReachable { merge(state.label, into: pc + offset) }
  }

  /// As far as is cheap: a message is taken only after one was given, and one is given only in a `receive`.
  private mutating func followReceive(_ opcode: Opcode, _ pc: Int) throws(BytecodeError) {
    switch opcode {
    case .receiveStart:
      state.isReceiving = true
      state.hasMessage = false
    case .receiveNext:
      try require(state.isReceiving, pc, "no receiveStart comes before it on every path")
      state.hasMessage = false
    case .receiveWait:
      try require(state.isReceiving, pc, "no receiveStart comes before it on every path")
      state.isReceiving = false
      state.hasMessage = false
    case .loop:
      let target = labels[Int(marks[pc + code[pc].wide]) - 1]
      try require(state.isReceiving || !target.isReceiving, pc, "it jumps into a receive from outside")
      try require(state.hasMessage || !target.hasMessage, pc, "it jumps to where a message was given")
    case .receiveHold:
      // The guard is no part of the receive: what it calls, loops and receives stands by itself.
      try require(state.hasMessage, pc, "no receiveNext comes before it on every path")
      state.leaveReceive()
    case .receiveResume:
      state.isReceiving = true
      state.hasMessage = true
    case .receiveTake:
      try require(state.hasMessage, pc, "no receiveNext comes before it on every path")
      state.isReceiving = false
      state.hasMessage = false
    default: break
    }
  }

  private func require(_ condition: Bool, _ pc: Int, _ message: String) throws(BytecodeError) {
    guard condition || !isReachable else {
      throw failure(
        pc, "\(name(pc)): \(message)", "a receive is: receiveStart, receiveNext, then one receiveTake")
    }
  }

  func name(_ pc: Int) -> String { opcodes[Int(code[pc].code)].name }
}

extension OpcodePlan {
  /// Where the second word of a pair has the window.
  var windowField: OperandField {
    if case .jumpIfFalsy = second { .a } else { .b }
  }
}
