/// Verifies procedures, one after the other, with the same scratch memory.
///
/// One sweep from front to back is enough: only safepoints jump back, and what holds behind a safepoint is known
/// from the instruction alone (all registers below its window, and no others). So the first pass notes what they
/// bring to their targets, and when the second pass comes to a label it has seen every way to it.
struct ProcedureVerifier {
  let image: CodeImage
  let plans = OpcodePlan.all
  let opcodes: [Opcode] = Opcode.allCases

  // Of the procedure that is being verified.
  var index = 0
  var code: [Instruction] = []
  var frameSize = 0
  /// Where the procedure's closure is, if it needs one.
  var closureRegister: Int?
  /// For each word of the code: `secondWord`, `plain`, or 1 + the index of its label.
  var marks: [Int32] = []
  var labels: [LabelState] = []
  var state: RegisterState
  /// Whether the sweep knows a way to where it is.
  var isReachable = true

  static let plain: Int32 = 0
  static let secondWord: Int32 = -1

  init(_ image: CodeImage) {
    self.image = image
    let largest = image.procedures.reduce(0) { max($0, min($1.frameSize, Verifier.frameLimit)) }
    state = RegisterState(capacity: largest)
  }

  mutating func verify(_ index: Int) throws(BytecodeError) {
    self.index = index
    let procedure = image.procedures[index]
    code = procedure.code
    frameSize = procedure.frameSize
    try verifyFrame(procedure)
    closureRegister = procedure.needsClosure ? procedure.arity : nil
    try markWords()
    try verifyPositions(procedure)
    try noteBackwardJumps()
    try sweep(initialised: procedure.arity + (procedure.needsClosure ? 1 : 0))
  }

  private func verifyFrame(_ procedure: Procedure) throws(BytecodeError) {
    guard image.functions.indices.contains(procedure.function) else {
      throw failure("there is no function \(procedure.function)", "the module has \(image.functions.count)")
    }
    guard (0...Verifier.arityLimit).contains(procedure.arity) else {
      throw failure("it takes \(procedure.arity) arguments", "a procedure takes 0 to \(Verifier.arityLimit)")
    }
    guard !procedure.isVariadic || procedure.arity == 1 else {
      throw failure("it is variadic with arity \(procedure.arity)", "a variadic procedure takes one list")
    }
    guard (0...Verifier.frameLimit).contains(procedure.frameSize) else {
      throw failure(
        "its frame has \(procedure.frameSize) registers", "a frame has 0 to \(Verifier.frameLimit)")
    }
    let needed = procedure.arity + (procedure.needsClosure ? 1 : 0)
    guard needed <= procedure.frameSize else {
      throw failure(
        "its frame of \(procedure.frameSize) registers cannot hold its \(needed) arguments",
        "make the frame larger")
    }
    guard !procedure.code.isEmpty else { throw failure("it has no code", "end it with a return") }
    guard procedure.code.count <= 0x7FFF_FFFF else { throw failure("it has too much code", "split it") }
  }

  private func verifyPositions(_ procedure: Procedure) throws(BytecodeError) {
    var last = -1
    for position in procedure.positions {
      guard position.start > last, position.start < code.count else {
        throw failure(
          "its positions do not ascend, or leave its code, at instruction \(position.start)",
          "sort them by start")
      }
      guard marks[position.start] != Self.secondWord else {
        throw failure(
          "a position begins inside instruction \(position.start - 1)", "let it begin at an instruction")
      }
      guard image.files.indices.contains(position.file) else {
        throw failure("there is no file \(position.file)", "the module has \(image.files.count)")
      }
      guard position.line >= 1, position.column >= 1 else {
        throw failure("a position has line \(position.line), column \(position.column)", "both count from 1")
      }
      last = position.start
    }
  }
}

// MARK: First pass: where instructions begin

extension ProcedureVerifier {
  private mutating func markWords() throws(BytecodeError) {
    marks.removeAll(keepingCapacity: true)
    labels.removeAll(keepingCapacity: true)
    marks.reserveCapacity(code.count)
    while marks.count < code.count {
      let pc = marks.count
      let byte = Int(code[pc].code)
      guard byte < plans.count else {
        throw failure(pc, "opcode \(byte) is not known", "compile the script again with this version")
      }
      guard opcodes[byte] != .extend else {
        throw failure(pc, "extend stands alone", "it belongs behind an instruction with a second word")
      }
      marks.append(Self.plain)
      guard plans[byte].width == 2 else { continue }
      guard pc + 1 < code.count else {
        throw failure(pc, "\(opcodes[byte]) lacks its second word", "the code is truncated")
      }
      marks.append(Self.secondWord)
    }
  }

  /// What `loop` and `receiveWait` bring to their targets, ahead of the sweep.
  private mutating func noteBackwardJumps() throws(BytecodeError) {
    for pc in code.indices where marks[pc] != Self.secondWord {
      let instruction = code[pc]
      let opcode = opcodes[Int(instruction.code)]
      guard opcode == .loop || opcode == .receiveWait else { continue }
      let target = pc + instruction.wide
      if opcode == .loop, target >= pc {
        throw failure(pc, "loop jumps forward", "use jump")
      }
      try checkTarget(target, from: pc)
      // Whether a loop stands in a receive as its target does, the sweep checks when it gets there.
      merge(
        LabelState(
          height: instruction.a, above: 0, isReceiving: true, hasMessage: opcode == .loop,
          isReachedForward: false),
        into: target)
    }
  }

  func checkTarget(_ target: Int, from pc: Int) throws(BytecodeError) {
    guard code.indices.contains(target) else {
      throw failure(
        pc, "the jump to \(target) leaves the code", "the procedure has \(code.count) instruction words")
    }
    guard marks[target] != Self.secondWord else {
      throw failure(
        pc, "the jump to \(target) lands inside an instruction",
        "jump to the instruction, not its second word")
    }
  }

  mutating func merge(_ state: LabelState, into target: Int) {
    if marks[target] == Self.plain {
      labels.append(state)
      marks[target] = Int32(labels.count)
    } else {
      labels[Int(marks[target]) - 1].intersect(state)
    }
  }
}

// MARK: Errors

extension ProcedureVerifier {
  func failure(_ message: String, _ advice: String) -> BytecodeError {
    BytecodeError(.procedure(index, name: image.label(ofProcedure: index)), message, advice: advice)
  }

  func failure(_ pc: Int, _ message: String, _ advice: String) -> BytecodeError {
    BytecodeError(
      .instruction(procedure: index, name: image.label(ofProcedure: index), index: pc), message,
      advice: advice)
  }
}

extension CodeImage {
  /// How messages name a procedure: `fib/1`, `print!/*`.
  func label(ofProcedure index: Int) -> String {
    let procedure = procedures[index]
    let name = functions.indices.contains(procedure.function) ? functions[procedure.function].name : "?"
    return "\(name)/\(procedure.isVariadic ? "*" : "\(procedure.arity)")"
  }
}
