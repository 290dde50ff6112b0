import Bytecode
import Memory
import Words

/// Arithmetic, and tests of numbers. What is no number, and what comes to NaN, is the interpreter's.
extension Translator {
  mutating func translateNumber(_ opcode: Opcode, _ i: Instruction, _ at: Int) -> Bool {
    switch opcode {
    case .add: compute(.add, i, at)
    case .subtract: compute(.subtract, i, at)
    case .multiply: compute(.multiply, i, at)
    case .divide: divide(i, at)
    case .addInteger: addInteger(i, at)
    case .less: compare(i, at, .above)
    case .lessOrEqual: compare(i, at, .aboveOrEqual)
    case .jumpUnlessLess: jumpUnless(i, at, .belowOrEqual)
    case .jumpUnlessLessOrEqual: jumpUnless(i, at, .below)
    case .jumpUnlessZero:
      // 0 and -0: without their sign, nothing is left.
      word(i.a)
      known.inRax = i.a
      assembler.double(.rcx, .rax)
      assembler.compute(.compare, .rcx, constant(Word.numberOffset << 1))
      assembler.jump(label(at + i.wide), if: .notEqual)
    default: return false
    }
    return true
  }

  /// The number in a register of the process: taking away the offset tells whether it is one.
  mutating func number(_ to: FloatRegister, _ index: Int, _ at: Int) {
    if let bits = known.number(index) {
      return assembler.load(to, constant(Word(bits: bits).number.bitPattern))
    }
    word(index)
    assembler.compute(.subtract, .rax, .r13)
    assembler.jump(door(at), if: .below)
    assembler.move(to, .rax)
  }

  /// Puts xmm0 into a register of the process.
  mutating func putNumber(_ index: Int, _ at: Int) {
    assembler.compare(.xmm0, .xmm0)
    assembler.jump(door(at), if: .unordered)
    assembler.move(.rax, .xmm0)
    assembler.compute(.add, .rax, .r13)
    putWord(index)
  }

  private mutating func compute(_ operation: Assembler.FloatOperation, _ i: Instruction, _ at: Int) {
    if held == i.c {
      number(.xmm1, i.c, at)
      number(.xmm0, i.b, at)
    } else {
      number(.xmm0, i.b, at)
      number(.xmm1, i.c, at)
    }
    assembler.compute(operation, .xmm0, .xmm1)
    putNumber(i.a, at)
  }

  private mutating func divide(_ i: Instruction, _ at: Int) {
    number(.xmm0, i.b, at)
    number(.xmm1, i.c, at)
    assembler.move(.rax, .xmm1)
    assembler.compute(.add, .rax, .rax)
    assembler.jump(door(at), if: .equal)
    assembler.compute(.divide, .xmm0, .xmm1)
    putNumber(i.a, at)
  }

  /// Comes to NaN only if the number is NaN, whose bits stay.
  private mutating func addInteger(_ i: Instruction, _ at: Int) {
    number(.xmm0, i.b, at)
    assembler.compute(.add, .xmm0, constant(Double(i.signedC).bitPattern))
    assembler.move(.rax, .xmm0)
    assembler.compute(.add, .rax, .r13)
    putWord(i.a)
  }

  /// xmm0 is the second number, so that NaN makes all conditions false.
  private mutating func compare(_ i: Instruction, _ at: Int, _ condition: Condition) {
    number(.xmm1, i.b, at)
    number(.xmm0, i.c, at)
    assembler.constant(.rax, 0)
    assembler.compare(.xmm0, .xmm1)
    assembler.set(.rax, if: condition)
    putBoolean(i.a)
  }

  private mutating func jumpUnless(_ i: Instruction, _ at: Int, _ condition: Condition) {
    number(.xmm1, i.a, at)
    number(.xmm0, i.b, at)
    assembler.compare(.xmm0, .xmm1)
    assembler.jump(label(at + i.signedC), if: condition)
  }

  /// rax, 0 or 1, as a boolean: their words are 16 apart.
  mutating func putBoolean(_ index: Int) {
    assembler.compute(.add, .rax, 1)
    assembler.shiftLeft(.rax, 4)
    assembler.compute(.add, .rax, .rbp)
    putWord(index)
  }
}
