import Bytecode
import Memory
import Words

/// Instructions that move words. Each function of this kind answers whether it has translated the instruction.
extension Translator {
  mutating func translateMove(_ opcode: Opcode, _ i: Instruction, _ at: Int) -> Bool {
    switch opcode {
    case .move:
      assembler.load(.rax, register(i.b))
      assembler.store(register(i.a), .rax)
    case .loadConstant: put(second(at), into: i.a)
    case .loadInteger: put(Word(i.wide).bits, into: i.a)
    case .loadGlobal: loadGlobal(i, at)
    case .loadCapture:
      assembler.load(.rax, register(i.b))
      member(.rax, of: .rax, 1 + i.c)
      assembler.store(register(i.a), .rax)
    case .selfPid:
      assembler.load(.rax, field(fields.pid))
      assembler.store(register(i.a), .rax)
    default: return false
    }
    return true
  }

  /// A word that is known now.
  private mutating func put(_ bits: UInt64, into index: Int) {
    if bits == Word.nil.bits { return assembler.store(register(index), .rbp) }
    assembler.constant(.rax, bits)
    assembler.store(register(index), .rax)
  }

  /// A plain load is an acquiring one on this processor.
  private mutating func loadGlobal(_ i: Instruction, _ at: Int) {
    assembler.constant(.rax, second(at))
    assembler.load(.rax, Place(.rax, 0))
    assembler.constant(.rcx, Word.unbound.bits)
    assembler.compute(.compare, .rax, .rcx)
    assembler.jump(door(at), if: .equal)
    assembler.store(register(i.a), .rax)
  }

  /// Word `index` of the object that the pointer in `object` points at.
  mutating func member(_ to: Register, of object: Register, _ index: Int) {
    assembler.compute(.and, object, Self.addressBits)
    assembler.load(to, Place(object, 8 + index * 8))
  }
}
