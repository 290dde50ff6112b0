import Bytecode

/// Chooses the machine's own codes when code is loaded.
enum Fusion {
  /// The code for the instruction at `index`, if the machine has one of its own for it, alone or with the one behind it.
  static func code(_ code: [Instruction], at index: Int) -> MachineCode? {
    let instruction = code[index]
    guard let opcode = instruction.opcode else { return nil }
    let behind = index + opcode.width
    let next = behind < code.count ? code[behind] : Instruction(.extend)
    return pair(opcode, instruction, next) ?? special(opcode, instruction)
  }

  private static func pair(
    _ opcode: Opcode, _ instruction: Instruction, _ next: Instruction
  ) -> MachineCode? {
    // What returns what was just made does not need to put it into its register first.
    let returnsIt = next.opcode == .return && next.a == instruction.a
    switch (opcode, next.opcode) {
    case (.move, .move): return .moveAndMove
    case (.move, .callDirect): return .moveAndCall
    case (.move, .loop): return .moveAndLoop
    case (.openTuple, .jumpUnlessSame) where instruction.x == 2: return .openPairAndJump
    case (.openTuple, .jumpUnlessSame) where instruction.x == 3: return .openTripleAndJump
    case (.addInteger, .callDirect): return .addIntegerAndCall
    case (.addInteger, .loop): return .addIntegerAndLoop
    case (.add, .loop): return .addAndLoop
    case (.loadInteger, .return) where returnsIt: return .loadIntegerAndReturn
    case (.loadConstant, .return) where returnsIt: return .loadConstantAndReturn
    case (.add, .return) where returnsIt: return .addAndReturn
    case (.computeOrCall, .return) where returnsIt && instruction.x == 0: return .sumAndReturn
    case (.makeTuple, .return) where returnsIt && instruction.c == 2: return .makePairAndReturn
    default: return nil
    }
  }

  private static func special(_ opcode: Opcode, _ instruction: Instruction) -> MachineCode? {
    switch opcode {
    case .makeTuple: instruction.c == 2 ? .makePair : instruction.c == 3 ? .makeTriple : nil
    case .openTuple: instruction.x == 2 ? .openPair : instruction.x == 3 ? .openTriple : nil
    case .jumpUnlessList: instruction.x == 0 ? .jumpUnlessEmptyList : nil
    case .jumpUnlessListFrom: instruction.x == 1 ? .jumpUnlessFullList : nil
    default: nil
    }
  }
}
