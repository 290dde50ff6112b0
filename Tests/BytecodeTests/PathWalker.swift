import Bytecode

/// Runs a procedure without values: takes any way at every jump, and keeps book of which registers hold something.
/// What the verifier has passed must never trip it. Written from the reference, not from the verifier.
struct PathWalker {
  let image: CodeImage
  let procedure: Procedure
  private var isSet: Set<Int> = []

  init(_ image: CodeImage, _ index: Int) {
    self.image = image
    procedure = image.procedures[index]
  }

  /// What goes wrong on one random way of at most `steps` instructions, or nil.
  mutating func walk(steps: Int, _ random: inout SeededRandom) -> String? {
    isSet = Set(0..<procedure.arity + (procedure.needsClosure ? 1 : 0))
    var pc = 0
    for _ in 0..<steps {
      guard procedure.code.indices.contains(pc) else { return "\(pc) is outside the code" }
      let word = procedure.code[pc]
      guard let opcode = word.opcode, opcode != .extend else { return "\(pc) is no instruction" }
      if let wrong = read(pc, word, opcode) { return "\(opcode) at \(pc): \(wrong)" }
      guard let next = step(pc, word, opcode, &random) else { return nil }
      pc = next
    }
    return nil
  }

  private func require(_ registers: Range<Int>) -> String? {
    if registers.upperBound > procedure.frameSize { return "\(registers) leaves the frame" }
    return registers.first { !isSet.contains($0) }.map { "register \($0) holds nothing" }
  }

  /// Checks the registers that an instruction reads, by its name alone.
  private func read(_ pc: Int, _ word: Instruction, _ opcode: Opcode) -> String? {
    switch opcode {
    case .call: return require(0..<word.a + word.b + 1)
    case .callDirect, .computeOrCall:
      return require(0..<word.a) ?? require(word.a + 1..<word.a + word.b + 1)
    case .tailCall: return require(word.a..<word.a + word.b + 1)
    case .tailCallDirect: return require(word.a + 1..<word.a + word.b + 1)
    case .callNative: return require(0..<word.a + word.b)
    case .makeTuple, .makeList, .makeSet, .interpolate, .makeClosure: return require(word.b..<word.b + word.c)
    case .makeDict, .makeStruct, .makeNamespace: return require(word.b..<word.b + 2 * word.c)
    case .makePartial, .dictRest: return require(word.b..<word.b + word.c + 1)
    case .panicNoClause: return require(word.b..<word.b + word.a)
    case .loop, .receiveWait: return require(0..<word.a)
    case .receiveStart: return word.x == 1 ? require(word.a..<word.a + 1) : nil
    default: break
    }
    var wrong: String?
    for operand in opcode.shape.operands where operand.kind == .source {
      let register = operand.field == .a ? word.a : operand.field == .b ? word.b : word.c
      wrong = wrong ?? require(register..<register + 1)
    }
    if let window = window(pc, opcode) { wrong = wrong ?? require(0..<window) }
    return wrong
  }

  /// The window of a pair.
  private func window(_ pc: Int, _ opcode: Opcode) -> Int? {
    switch opcode.shape.second {
    case .none, .extend: nil
    case .move: procedure.code[pc + 1].b
    case .jumpIfFalsy: procedure.code[pc + 1].a
    }
  }

  /// Where it goes on, nil: nowhere.
  private mutating func step(
    _ pc: Int, _ word: Instruction, _ opcode: Opcode, _ random: inout SeededRandom
  ) -> Int? {
    switch opcode {
    case .call, .callDirect, .computeOrCall, .callNative, .loop, .receiveWait:
      isSet = isSet.filter { $0 < word.a }
    default: if let window = window(pc, opcode) { isSet = isSet.filter { $0 < window } }
    }
    let jump = opcode.shape.operands.first { $0.kind == .jump }
    if let jump, !opcode.shape.fallsThrough || random.chance(2) {
      return pc + (jump.field == .c ? word.signedC : word.wide)
    }
    guard opcode.shape.fallsThrough else { return nil }
    switch opcode {
    case .call, .callDirect, .computeOrCall, .callNative: isSet.insert(word.a)
    case .openTuple: isSet.formUnion(word.b..<word.b + word.x)
    default: if opcode.shape.operands.contains(where: { $0.kind == .destination }) { isSet.insert(word.a) }
    }
    return pc + opcode.width
  }
}
