import Bytecode
import Memory
import Words

/// Calls and returns.
extension Translator {
  mutating func translateCall(_ opcode: Opcode, _ i: Instruction, _ at: Int) -> Bool {
    switch opcode {
    case .callDirect:
      let code = UInt(second(at))
      if wantsArgument(code) { word(i.a + 1) }
      link(.rcx, window: i.a, returningTo: at + 2)
      assembler.compute(.add, .r14, (i.a + 1) * 8)
      callCode(code)
      takeResult(window: i.a)
    case .tailCallDirect:
      guard i.b <= Self.mostMoves else { return false }
      moveArguments(i)
      let code = UInt(second(at))
      if wantsArgument(code) && i.b != 1 { assembler.load(.rax, register(0)) }
      enter(code)
    case .call:
      guard i.b < 8 else { return false }
      findCode(i, at)
      storeClosure(Place(.r14, (i.a + 1 + i.b) * 8))
      link(.rax, window: i.a, returningTo: at + 1)
      assembler.compute(.add, .r14, (i.a + 1) * 8)
      assembler.call(through: Place(.rcx, CodeArea.distance - 8))
      takeResult(window: i.a)
    case .tailCall:
      guard i.b < 8 else { return false }
      findCode(i, at)
      moveArguments(i)
      storeClosure(register(i.b))
      assembler.jump(through: Place(.rcx, CodeArea.distance - 8))
    case .computeOrCall: translateComputation(i, at)
    case .return:
      word(i.a)
      assembler.returnToCaller()
    case .loop: loop(at, live: i.a, target: at + i.wide)
    default: return false
    }
    return true
  }

  /// More arguments than these are moved by the interpreter.
  private static let mostMoves = 16

  /// The link of a call (F2).
  private mutating func link(_ free: Register, window: Int, returningTo at: Int) {
    let code = unsafe UnsafePointer<UInt64>(bitPattern: address(of: at)).unsafelyUnwrapped
    assembler.constant(free, unsafe Machine.link(code, window: window))
    assembler.store(register(window), free)
  }

  /// `Machine.moveArguments`.
  private mutating func moveArguments(_ i: Instruction) {
    for k in 0..<i.b {
      word(i.a + 1 + k)
      assembler.store(register(k), .rax)
    }
  }

  /// `Machine.directCode`: rcx becomes the code that the function or closure in register `a` has for `b` arguments, rdx that
  /// value.
  private mutating func findCode(_ i: Instruction, _ at: Int) {
    let isClosure = assembler.newLabel()
    let isFound = assembler.newLabel()
    held = nil
    assembler.load(.rdx, register(i.a))
    assembler.move(.rcx, .rdx)
    assembler.compute(.compare, .rdx, .rbp)
    assembler.jump(isClosure, if: .below)
    // An immediate's value is a function's index, an eighth of its record's address, if its tag says so.
    assembler.compute(.subtract, .rcx, .rbp)
    assembler.move(.rax, .rcx)
    assembler.compute(.compare, .rcx, .rbp)
    assembler.jump(door(at), if: .aboveOrEqual)
    assembler.compute32(.and, .rax, 15)
    assembler.compute32(.compare, .rax, Int(ImmediateTag.function.rawValue))
    assembler.jump(door(at), if: .notEqual)
    assembler.shiftRight(.rcx, 1)
    assembler.compute(.and, .rcx, -8)
    assembler.jump(isFound)
    assembler.place(isClosure)
    assembler.compute(.and, .rcx, Self.addressBits)
    assembler.compareByte(Place(.rcx, 1), with: ObjectKind.closure.rawValue)
    assembler.jump(door(at), if: .notEqual)
    assembler.load(.rcx, Place(.rcx, 8))
    assembler.shiftLeft(.rcx, 3)
    assembler.place(isFound)
    assembler.load(.rcx, Place(.rcx, i.b * 8))
    assembler.test(.rcx)
    assembler.jump(door(at), if: .equal)
  }

  /// The value that is called (rdx) goes behind the arguments if the code (rcx) says in its header that it needs it.
  private mutating func storeClosure(_ place: Place) {
    let isDone = assembler.newLabel()
    assembler.testByte(Place(.rcx, -4), 1)
    assembler.jump(isDone, if: .equal)
    assembler.store(place, .rdx)
    assembler.place(isDone)
  }

  /// Behind a call: `Machine.leave`, but for the way back. The callee left its result in rax, and its frame in r14.
  private mutating func takeResult(window: Int) {
    assembler.compute(.subtract, .r14, (window + 1) * 8)
    putWord(window)
  }

  private mutating func loop(_ at: Int, live: Int, target: Int) {
    let stop = stopsInLoop(target: target, live: live)
    assembler.compute32(.subtract, .r15, 1)
    assembler.jump(stop, if: .negative)
    assembler.compareByte(field(fields.wantsCollection), with: 0)
    assembler.jump(stop, if: .notEqual)
    assembler.jump(label(target))
  }
}
