import Bytecode
import Memory
import Words

/// `computeOrCall`: what comes to a few instructions stands in the code, the rest is a helper's. What is no number, or NaN, is
/// the interpreter's.
extension Translator {
  mutating func translateComputation(_ i: Instruction, _ at: Int) {
    let first = i.a + 1
    switch Computation(rawValue: i.x) {
    case .sum: combine(.add, i, at)
    case .difference: combine(.subtract, i, at)
    case .product: combine(.multiply, i, at)
    case .minimum: choose(.minimum, i, at)
    case .maximum: choose(.maximum, i, at)
    case .square:
      number(.xmm0, first, at)
      assembler.compute(.multiply, .xmm0, .xmm0)
      putNumber(i.a, at)
    case .negation:
      number(.xmm0, first, at)
      assembler.compute(.multiply, .xmm0, constant((-1.0).bitPattern))
      putNumber(i.a, at)
    case .floor: floor(i, at)
    case .isZero: compareWithZero(i, at, .equal)
    case .isPositive: compareWithZero(i, at, .above)
    case .isNegative: compareWithZero(i, at, .below)
    default: computeByHelper(i, at)
    }
  }

  /// Of three.
  private mutating func combine(_ operation: Assembler.FloatOperation, _ i: Instruction, _ at: Int) {
    // What was just computed, which rax may hold, comes first.
    number(.xmm2, i.a + 3, at)
    number(.xmm0, i.a + 1, at)
    number(.xmm1, i.a + 2, at)
    assembler.compute(operation, .xmm0, .xmm1)
    assembler.compute(operation, .xmm0, .xmm2)
    putNumber(i.a, at)
  }

  /// `NumberNatives.minimum` and `maximum`: the second only if it is less (or greater).
  private mutating func choose(_ operation: Assembler.FloatOperation, _ i: Instruction, _ at: Int) {
    number(.xmm0, i.a + 2, at)
    number(.xmm1, i.a + 1, at)
    assembler.compare(.xmm0, .xmm1)
    assembler.jump(door(at), if: .unordered)
    assembler.compute(operation, .xmm0, .xmm1)
    putNumber(i.a, at)
  }

  /// For what is less than 2^53 in size, and no zero, whose sign would be lost.
  private mutating func floor(_ i: Instruction, _ at: Int) {
    let isFloor = assembler.newLabel()
    if known.number(i.a + 1) != nil { return computeByHelper(i, at) }
    number(.xmm0, i.a + 1, at)
    assembler.compute(.add, .rax, .rax)
    assembler.jump(door(at), if: .equal)
    assembler.truncate(.rcx, .xmm0)
    assembler.convert(.xmm1, .rcx)
    assembler.compare(.xmm1, .xmm0)
    assembler.jump(isFloor, if: .belowOrEqual)
    assembler.compute(.subtract, .rcx, 1)
    assembler.place(isFloor)
    assembler.constant(.rdx, 1 << 53)
    assembler.compute(.add, .rdx, .rcx)
    assembler.shiftRight(.rdx, 54)
    assembler.jump(door(at), if: .notEqual)
    assembler.convert(.xmm0, .rcx)
    assembler.move(.rax, .xmm0)
    assembler.compute(.add, .rax, .r13)
    putWord(i.a)
  }

  private mutating func compareWithZero(_ i: Instruction, _ at: Int, _ condition: Condition) {
    number(.xmm0, i.a + 1, at)
    assembler.load(.xmm1, constant(0))
    assembler.constant(.rax, 0)
    assembler.compare(.xmm0, .xmm1)
    assembler.jump(door(at), if: .unordered)
    assembler.set(.rax, if: condition)
    putBoolean(i.a)
  }

  private mutating func computeByHelper(_ i: Instruction, _ at: Int) {
    assembler.constant(.rdi, UInt64(i.x))
    assembler.address(.rsi, register(i.a + 1))
    call(Helpers.compute)
    assembler.test(.rax)
    assembler.jump(door(at), if: .equal)
    putWord(i.a)
  }
}
