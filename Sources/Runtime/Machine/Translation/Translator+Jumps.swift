import Bytecode
import Memory
import Words

/// Jumps and tests of other things than numbers.
extension Translator {
  mutating func translateJump(_ opcode: Opcode, _ i: Instruction, _ at: Int) -> Bool {
    switch opcode {
    case .jump:
      known.inRax = held
      assembler.jump(label(at + i.wide))
    case .jumpIfFalsy:
      testFalsy(i.a)
      assembler.jump(label(at + i.wide), if: .equal)
    case .jumpIfTruthy:
      testFalsy(i.a)
      assembler.jump(label(at + i.wide), if: .notEqual)
    case .not:
      testFalsy(i.b)
      assembler.constant(.rax, 0)
      assembler.set(.rax, if: .equal)
      putBoolean(i.a)
    case .equal: equal(i, at)
    case .jumpUnlessSame:
      compare(i.a, with: second(at))
      assembler.jump(label(at + i.wide), if: .notEqual)
    case .jumpUnlessEqual: return jumpUnlessEqual(i, at)
    case .jumpUnlessEqualTo:
      compareNumbers(i.a, i.b, at, otherwise: label(at + i.signedC))
    case .jumpUnlessType:
      jumpUnlessType(i, otherwise: label(at + i.wide))
    case .jumpUnlessTuple where i.x > 0: tuple(i.a, of: i.x, otherwise: label(at + i.wide))
    case .jumpUnlessList: list(i, at)
    case .jumpUnlessListFrom where i.x == 1:
      listObject(i.a, otherwise: label(at + i.wide))
    default: return false
    }
    return true
  }

  private mutating func jumpUnlessType(_ i: Instruction, otherwise: Assembler.Label) {
    if i.x == Int(TypeCode.number.rawValue) {
      assembler.compare(register(i.a), with: .r13)
      return assembler.jump(otherwise, if: .below)
    }
    if i.x == Int(TypeCode.list.rawValue) { return jumpUnlessList(i, otherwise: otherwise) }
    assembler.load(.rdi, register(i.a))
    call(Helpers.type)
    assembler.compute32(.compare, .rax, i.x)
    assembler.jump(otherwise, if: .notEqual)
  }

  private mutating func jumpUnlessList(_ i: Instruction, otherwise: Assembler.Label) {
    let isObject = assembler.newLabel()
    let isList = assembler.newLabel()
    word(i.a)
    assembler.compute(.compare, .rax, .rbp)
    assembler.jump(isObject, if: .below)
    assembler.compute(.compare, .rax, constant(Word.emptyList.bits))
    assembler.jump(otherwise, if: .notEqual)
    assembler.jump(isList)
    assembler.place(isObject)
    assembler.compute(.and, .rax, Self.addressBits)
    assembler.compareByte(Place(.rax, 1), with: ObjectKind.list.rawValue)
    assembler.jump(otherwise, if: .notEqual)
    assembler.place(isList)
  }

  /// Sets the flags to `equal` if a register holds nil or false.
  private mutating func testFalsy(_ index: Int) {
    word(index)
    assembler.compute(.and, .rax, ~16)
    assembler.compute(.compare, .rax, .rbp)
  }

  /// What rax holds afterwards stays there on both ways.
  private mutating func compare(_ index: Int, with bits: UInt64) {
    let isNil = bits == Word.nil.bits
    if isNil && held != index {
      known.inRax = held
      return assembler.compare(register(index), with: .rbp)
    }
    word(index)
    known.inRax = index
    if isNil { return assembler.compute(.compare, .rax, .rbp) }
    assembler.compute(.compare, .rax, constant(bits))
  }

  /// A constant that is an object: what is none is not equal.
  private mutating func jumpUnlessEqual(_ i: Instruction, _ at: Int) -> Bool {
    guard Word(bits: second(at)).isPointer else { return false }
    assembler.compare(register(i.a), with: .rbp)
    assembler.jump(label(at + i.wide), if: .aboveOrEqual)
    assembler.jump(door(at))
    return true
  }

  /// Two numbers, or two immediates; objects are the interpreter's.
  private mutating func compareNumbers(_ x: Int, _ y: Int, _ at: Int, otherwise: Assembler.Label) {
    let isNumber = assembler.newLabel()
    let isDone = assembler.newLabel()
    word(x)
    assembler.load(.rcx, register(y))
    assembler.compute(.compare, .rax, .r13)
    assembler.jump(isNumber, if: .aboveOrEqual)
    assembler.compute(.compare, .rax, .rbp)
    assembler.jump(door(at), if: .below)
    assembler.compute(.compare, .rax, .rcx)
    assembler.jump(otherwise, if: .notEqual)
    assembler.jump(isDone)
    assembler.place(isNumber)
    assembler.compute(.subtract, .rcx, .r13)
    assembler.jump(otherwise, if: .below)
    assembler.compute(.subtract, .rax, .r13)
    assembler.move(.xmm0, .rax)
    assembler.move(.xmm1, .rcx)
    assembler.compare(.xmm0, .xmm1)
    assembler.jump(otherwise, if: .unordered)
    assembler.jump(otherwise, if: .notEqual)
    assembler.place(isDone)
  }

  /// `Machine.compare` without its slow part: two objects are the interpreter's.
  private mutating func equal(_ i: Instruction, _ at: Int) {
    let isNumber = assembler.newLabel()
    let areWords = assembler.newLabel()
    let isDone = assembler.newLabel()
    word(i.b)
    assembler.load(.rcx, register(i.c))
    assembler.constant(.rdx, 0)
    assembler.compute(.compare, .rax, .r13)
    assembler.jump(isNumber, if: .aboveOrEqual)
    assembler.compute(.compare, .rax, .rbp)
    assembler.jump(areWords, if: .aboveOrEqual)
    assembler.compute(.compare, .rcx, .rbp)
    assembler.jump(door(at), if: .below)
    assembler.place(areWords)
    assembler.compute(.compare, .rax, .rcx)
    assembler.set(.rdx, if: .equal)
    assembler.jump(isDone)
    assembler.place(isNumber)
    assembler.compute(.subtract, .rcx, .r13)
    assembler.jump(isDone, if: .below)
    assembler.compute(.subtract, .rax, .r13)
    assembler.move(.xmm0, .rax)
    assembler.move(.xmm1, .rcx)
    assembler.compare(.xmm0, .xmm1)
    assembler.jump(isDone, if: .unordered)
    assembler.set(.rdx, if: .equal)
    assembler.place(isDone)
    assembler.move(.rax, .rdx)
    putBoolean(i.a)
  }

  /// rax becomes the address of the tuple in a register.
  mutating func tuple(_ index: Int, of count: Int, otherwise: Assembler.Label) {
    word(index)
    assembler.compute(.compare, .rax, .rbp)
    assembler.jump(otherwise, if: .aboveOrEqual)
    assembler.compute(.and, .rax, Self.addressBits)
    // A tuple's header says nothing else.
    assembler.constant(.rcx, Header(.tuple, size: count).bits)
    assembler.compare(Place(.rax, 0), with: .rcx)
    assembler.jump(otherwise, if: .notEqual)
  }

  /// rax becomes the address of the list object in a register.
  mutating func listObject(_ index: Int, otherwise: Assembler.Label) {
    word(index)
    assembler.compute(.compare, .rax, .rbp)
    assembler.jump(otherwise, if: .aboveOrEqual)
    assembler.compute(.and, .rax, Self.addressBits)
    assembler.compareByte(Place(.rax, 1), with: ObjectKind.list.rawValue)
    assembler.jump(otherwise, if: .notEqual)
  }

  /// A list of so many members: its count is the upper half of its first word.
  private mutating func list(_ i: Instruction, _ at: Int) {
    if i.x == 0 {
      compare(i.a, with: Word.emptyList.bits)
      return assembler.jump(label(at + i.wide), if: .notEqual)
    }
    let otherwise = label(at + i.wide)
    listObject(i.a, otherwise: otherwise)
    assembler.compare32(Place(.rax, 12), with: UInt32(i.x))
    assembler.jump(otherwise, if: .notEqual)
  }
}
