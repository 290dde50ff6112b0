import Bytecode
import Words

/// What an instruction's code knows from those before it.
///
/// T6  `inRax` is true only for who comes from the instruction before, or by a jump of this procedure that was translated: a label
///     gets what all of them agree on, and one that is jumped back to, nothing. Everybody else (returns through the table,
///     doors, the way in, second words of pairs) takes the *way* to the instruction, which loads rax first.
/// T7  `numbers` is true whoever executed the instructions before. It is forgotten at every label.
struct Known {
  /// The register of the process whose word is in rax, too.
  var inRax: Int?
  /// Registers that hold a number that is known now.
  var numbers: [(register: Int, bits: UInt64)] = []

  /// What both know, at a place where two ways meet.
  func common(_ other: Known) -> Known { Known(inRax: inRax == other.inRax ? inRax : nil) }

  /// The number that a register holds.
  func number(_ index: Int) -> UInt64? { numbers.first { $0.register == index }?.bits }

  /// Forgets what an instruction may have overwritten: registers are used like a stack, so the first that it writes and all above.
  mutating func forget(_ i: Instruction, _ shape: OpcodeShape, _ code: [Instruction], _ at: Int) {
    guard !numbers.isEmpty else { return }
    var first = Int.max
    for operand in shape.operands {
      switch operand.kind {
      case .destination, .destinations: first = min(first, operand.field == .b ? i.b : i.a)
      default: break
      }
    }
    switch shape.window {
    case .none: break
    case .result, .register, .behindArguments: first = min(first, i.a)
    case .second: first = min(first, code[at + 1].opcode == .move ? code[at + 1].b : code[at + 1].a)
    }
    numbers.removeAll { $0.register >= first }
  }
}

extension Translator {
  /// Makes rax the word in a register of the process. What rax held at the start counts only for the first thing that an
  /// instruction does with rax.
  mutating func word(_ index: Int) {
    if held != index { assembler.load(.rax, register(index)) }
    held = nil
  }

  /// Puts rax into a register of the process: the last thing that an instruction does.
  mutating func putWord(_ index: Int) {
    if !isReturnedAtOnce(index) { assembler.store(register(index), .rax) }
    known.inRax = index
  }

  /// Whether a procedure begins with an instruction that uses what rax holds, if that is its first argument.
  func looksAtArgument(_ input: Input) -> Bool {
    guard let i = input.code.first else { return false }
    switch i.opcode {
    case .jumpUnlessZero, .jumpUnlessSame, .openTuple, .jumpUnlessTuple, .jumpIfFalsy, .jumpIfTruthy:
      return i.a == 0
    case .move, .addInteger, .add, .subtract, .tupleMember, .count, .first, .listMember: return i.b == 0
    default: return false
    }
  }
}
