import Bytecode
import Memory
import Words

/// Instructions that move words. Each function of this kind answers whether it has translated the instruction.
extension Translator {
  mutating func translateMove(_ opcode: Opcode, _ i: Instruction, _ at: Int) -> Bool {
    switch opcode {
    case .move:
      word(i.b)
      putWord(i.a)
    case .loadConstant: put(second(at), into: i.a)
    case .loadInteger: put(Word(i.wide).bits, into: i.a)
    case .loadGlobal: loadGlobal(i, at)
    case .loadCapture:
      word(i.b)
      member(.rax, of: .rax, 1 + i.c)
      putWord(i.a)
    case .selfPid:
      assembler.load(.rax, field(fields.pid))
      putWord(i.a)
    default: return false
    }
    return true
  }

  /// A word that is known now.
  private mutating func put(_ bits: UInt64, into index: Int) {
    if bits == Word.nil.bits { assembler.move(.rax, .rbp) } else { assembler.constant(.rax, bits) }
    putWord(index)
  }

  /// A plain load is an acquiring one on this processor.
  private mutating func loadGlobal(_ i: Instruction, _ at: Int) {
    assembler.constant(.rax, second(at))
    assembler.load(.rax, Place(.rax, 0))
    assembler.constant(.rcx, Word.unbound.bits)
    assembler.compute(.compare, .rax, .rcx)
    assembler.jump(door(at), if: .equal)
    putWord(i.a)
  }

  /// Word `index` of the object that the pointer in `object` points at.
  mutating func member(_ to: Register, of object: Register, _ index: Int) {
    assembler.compute(.and, object, Self.addressBits)
    assembler.load(to, Place(object, 8 + index * 8))
  }
}
