import Bytecode
import Memory
import Words

/// Tuples, lists and closures.
extension Translator {
  mutating func translateData(_ opcode: Opcode, _ i: Instruction, _ at: Int) -> Bool {
    switch opcode {
    case .openTuple:
      guard i.x > 0, i.x <= Self.mostMembers else { return false }
      tuple(i.a, of: i.x, otherwise: label(at + i.signedC))
      for k in (1..<i.x).reversed() {
        assembler.load(.rcx, Place(.rax, 8 + k * 8))
        assembler.store(register(i.b + k), .rcx)
      }
      assembler.load(.rax, Place(.rax, 8))
      assembler.store(register(i.b), .rax)
      known.inRax = i.b
    case .tupleMember: tupleMember(i, at)
    case .makeTuple:
      guard i.c > 0, i.c <= Self.mostMembers else { return false }
      allocate(.tuple, size: i.c, at)
      copyMembers(from: i.b, i.c, to: 0)
      putObject(i.a)
    case .makeClosure:
      guard i.c <= Self.mostMembers else { return false }
      allocate(.closure, size: 1 + i.c, at)
      assembler.constant(.rcx, second(at))
      assembler.store(Place(.rdx, 8), .rcx)
      copyMembers(from: i.b, i.c, to: 1)
      putObject(i.a)
    case .count: ask(stubs.values.count, i, at, i.b)
    case .first:
      assembler.constant(.rdx, 0)
      ask(stubs.values.member, i, at, i.b)
    case .at:
      if let index = knownNatural(i.c), index < 1 << 31 {
        assembler.constant(.rdx, index)
        ask(stubs.values.member, i, at, i.b)
      } else {
        ask(stubs.values.at, i, at, i.b, i.c)
      }
    case .modulo: divide(stubs.values.modulo, plain: stubs.values.moduloByPlain, i, at)
    case .quotient: divide(stubs.values.quotient, plain: stubs.values.quotientByPlain, i, at)
    case .append: ask(stubs.values.append, i, at, i.b, i.c)
    case .listMember:
      assembler.constant(.rdx, UInt64(i.c))
      ask(stubs.values.listMember, i, at, i.b)
    case .listRest: rest(i.a, of: i.b, without: i.c, at)
    case .rest:
      // The empty list is the Prelude's.
      assembler.compare(register(i.b), with: .rbp)
      assembler.jump(door(at), if: .aboveOrEqual)
      rest(i.a, of: i.b, without: 1, at)
    default: return false
    }
    return true
  }

  /// Puts a stub's answer for the words of one or two registers into register `a`.
  private mutating func ask(_ stub: UInt, _ i: Instruction, _ at: Int, _ x: Int, _ y: Int? = nil) {
    loadArgument(.rdi, x)
    if let y { loadArgument(.rsi, y) }
    held = nil
    assembler.call(near: stub)
    putAnswer(i.a, at)
  }

  /// By a number that is known, or any other.
  private mutating func divide(_ stub: UInt, plain: UInt, _ i: Instruction, _ at: Int) {
    guard let divisor = knownNatural(i.c), divisor > 0 else { return ask(stub, i, at, i.b, i.c) }
    assembler.constant(.rcx, divisor)
    ask(plain, i, at, i.b)
  }

  /// The number in a register, if it is known to be whole, at least 0 (not -0), and below 2^53.
  private func knownNatural(_ index: Int) -> UInt64? {
    guard let bits = known.number(index), let n = Word(bits: bits).integer, n >= 0, n < 1 << 53,
      Word(n).bits == bits
    else { return nil }
    return UInt64(n)
  }

  private mutating func loadArgument(_ to: Register, _ index: Int) {
    if held == index { assembler.move(to, .rax) } else { assembler.load(to, register(index)) }
  }

  /// Puts an answer into a register; 0: the interpreter does it.
  private mutating func putAnswer(_ index: Int, _ at: Int) {
    assembler.test(.rax)
    assembler.jump(door(at), if: .equal)
    putWord(index)
  }

  private mutating func rest(_ index: Int, of list: Int, without count: Int, _ at: Int) {
    assembler.move(.rdi, .rbx)
    assembler.load(.rsi, register(list))
    assembler.constant(.rdx, UInt64(count))
    call(Helpers.listRest)
    putAnswer(index, at)
  }

  /// Larger objects are the interpreter's.
  private static let mostMembers = 8

  private mutating func tupleMember(_ i: Instruction, _ at: Int) {
    word(i.b)
    assembler.compute(.compare, .rax, .rbp)
    assembler.jump(door(at), if: .aboveOrEqual)
    assembler.compute(.and, .rax, Self.addressBits)
    assembler.compareByte(Place(.rax, 1), with: ObjectKind.tuple.rawValue)
    assembler.jump(door(at), if: .notEqual)
    assembler.compare32(Place(.rax, 4), with: UInt32(i.c))
    assembler.jump(door(at), if: .belowOrEqual)
    assembler.load(.rax, Place(.rax, 8 + i.c * 8))
    putWord(i.a)
  }

  /// `Heap.allocate`: rdx becomes the address of a new object, whose header is written. Without room the interpreter makes it.
  /// rax stays.
  private mutating func allocate(_ kind: ObjectKind, size: Int, _ at: Int) {
    assembler.load(.rdx, field(fields.top))
    assembler.compute(.subtract, .rdx, 8 + size * 8)
    assembler.compute(.compare, .rdx, field(fields.stackTop))
    assembler.jump(door(at), if: .less)
    assembler.store(field(fields.top), .rdx)
    assembler.constant(.rcx, Header(kind, size: size).bits)
    assembler.store(Place(.rdx, 0), .rcx)
  }

  /// The last one comes first: it may be in rax.
  private mutating func copyMembers(from first: Int, _ count: Int, to index: Int) {
    for k in (0..<count).reversed() {
      word(first + k)
      assembler.store(Place(.rdx, 8 + (index + k) * 8), .rax)
    }
  }

  /// The object at rdx, with the tag of its heap.
  private mutating func putObject(_ index: Int) {
    assembler.move(.rax, .rdx)
    assembler.computeByte(.or, .rax, field(fields.tag))
    putWord(index)
  }
}
