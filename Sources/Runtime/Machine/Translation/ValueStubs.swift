import Memory
import Words

/// Machine code that translations call for what lists and whole numbers need in nearly every program: as `Helpers`, without
/// leaving machine code. Arguments are words in rdi and rsi (or a plain index in rdx), the answer is in rax; 0, which is no value
/// (W2): the interpreter does the instruction. They change rax, rcx, rdx, rsi, rdi and xmm0 to xmm1.
struct ValueStubs {
  /// A list or tuple, and an index: the member, or nil.
  let at: UInt
  /// The same with a plain index.
  let member: UInt
  /// A list, and a plain index: a member that is there.
  let listMember: UInt
  /// A list or tuple: how many members it has.
  let count: UInt
  /// A list, and what is to come behind its last member: the list with that. It changes r8 to r11, too.
  let append: UInt
  /// Two whole numbers, as `SlowPaths.naturals` takes them.
  let modulo: UInt
  let quotient: UInt
  /// The same with a plain divisor in rcx.
  let moduloByPlain: UInt
  let quotientByPlain: UInt

  /// Nil: the system does not allow machine code.
  init?(_ fields: ProcessBlock.Fields) {
    var writer = ValueStubWriter(fields)
    let start = writer.assembler.base
    at = start + writer.at()
    member = start + writer.member(outside: .nothing)
    listMember = start + writer.member(outside: .refused)
    count = start + writer.count()
    append = start + writer.append()
    modulo = start + writer.division(remainder: true)
    quotient = start + writer.division(remainder: false)
    moduloByPlain = start + writer.division(remainder: true, isPlain: true)
    quotientByPlain = start + writer.division(remainder: false, isPlain: true)
    writer.placeConstants()
    writer.assembler.resolve()
    guard CodeArea.publish(writer.assembler.bytes, at: start) else { return nil }
  }
}

private struct ValueStubWriter {
  var assembler = Assembler(base: CodeArea.nextMachineCode, capacity: 1024)
  let fields: ProcessBlock.Fields
  private var absent: Assembler.Label

  init(_ fields: ProcessBlock.Fields) {
    self.fields = fields
    absent = assembler.newLabel()
  }

  mutating func placeConstants() {
    assembler.align(8)
    assembler.place(absent)
    assembler.word(Word.absent.bits)
  }

  /// What is asked of a list beyond its end.
  enum Outside {
    /// It is nil; and a tuple will do as well.
    case nothing
    /// It is the interpreter's.
    case refused
  }

  private mutating func begin() -> UInt {
    assembler.align(16)
    return UInt(assembler.bytes.count)
  }

  private mutating func refuse(_ label: Assembler.Label) {
    assembler.place(label)
    assembler.constant(.rax, 0)
    assembler.returnToCaller()
  }

  /// rdi becomes the address of the object that it points at.
  private mutating func pointer(otherwise refused: Assembler.Label) {
    assembler.compute(.compare, .rdi, .rbp)
    assembler.jump(refused, if: .aboveOrEqual)
    assembler.compute(.and, .rdi, Translator.addressBits)
  }

  /// `to` becomes the whole number of a word, which becomes the bits of that number as a `Double`. Whatever loses
  /// anything thereby is refused: fractions, NaN, -0, and what is too large.
  private mutating func integer(_ to: Register, _ word: Register, otherwise refused: Assembler.Label) {
    assembler.compute(.subtract, word, .r13)
    assembler.jump(refused, if: .below)
    assembler.move(.xmm0, word)
    assembler.truncate(to, .xmm0)
    assembler.convert(.xmm1, to)
    assembler.move(.rax, .xmm1)
    assembler.compute(.compare, .rax, word)
    assembler.jump(refused, if: .notEqual)
  }

  // MARK: Members

  mutating func at() -> UInt {
    let start = begin()
    let refused = assembler.newLabel()
    pointer(otherwise: refused)
    integer(.rdx, .rsi, otherwise: refused)
    assembler.move(.rcx, .rdx)
    assembler.shiftRight(.rcx, 31)
    assembler.jump(refused, if: .notEqual)
    find(outside: .nothing, otherwise: refused)
    refuse(refused)
    return start
  }

  mutating func member(outside: Outside) -> UInt {
    let start = begin()
    let refused = assembler.newLabel()
    pointer(otherwise: refused)
    find(outside: outside, otherwise: refused)
    refuse(refused)
    return start
  }

  /// Member rdx of the object at rdi (`ListView.leaf(of:)`).
  private mutating func find(outside: Outside, otherwise refused: Assembler.Label) {
    let isOther = assembler.newLabel()
    let isOutside = outside == .nothing ? assembler.newLabel() : refused
    let isInTrie = assembler.newLabel()
    let isLeaf = assembler.newLabel()
    assembler.compareByte(Place(.rdi, 1), with: ObjectKind.list.rawValue)
    assembler.jump(isOther, if: .notEqual)
    assembler.load32(.rcx, Place(.rdi, 12))
    assembler.compute(.compare, .rdx, .rcx)
    assembler.jump(isOutside, if: .aboveOrEqual)
    assembler.load32(.rax, Place(.rdi, 8))
    assembler.compute(.add, .rdx, .rax)
    assembler.compute(.add, .rcx, .rax)
    assembler.compute(.subtract, .rcx, 1)
    assembler.compute(.and, .rcx, -ListView.width)
    assembler.compute(.compare, .rdx, .rcx)
    assembler.jump(isInTrie, if: .below)
    assembler.load(.rax, Place(.rdi, 24))
    assembler.place(isLeaf)
    assembler.compute(.and, .rax, Translator.addressBits)
    assembler.compute32(.and, .rdx, ListView.width - 1)
    assembler.load(.rax, Place(.rax, 8), index: .rdx)
    assembler.returnToCaller()
    assembler.place(isInTrie)
    descend()
    assembler.jump(isLeaf)
    assembler.place(isOther)
    guard outside == .nothing else { return assembler.jump(refused) }
    assembler.compareByte(Place(.rdi, 1), with: ObjectKind.tuple.rawValue)
    assembler.jump(refused, if: .notEqual)
    assembler.load32(.rcx, Place(.rdi, 4))
    assembler.compute(.compare, .rdx, .rcx)
    assembler.jump(isOutside, if: .aboveOrEqual)
    assembler.load(.rax, Place(.rdi, 8), index: .rdx)
    assembler.returnToCaller()
    assembler.place(isOutside)
    assembler.move(.rax, .rbp)
    assembler.returnToCaller()
  }

  /// rax becomes the leaf of index rdx in the trie of the list at rdi.
  private mutating func descend() {
    let again = assembler.newLabel()
    assembler.loadByte(.rcx, Place(.rdi, 2))
    assembler.load(.rax, Place(.rdi, 16))
    assembler.place(again)
    assembler.compute(.and, .rax, Translator.addressBits)
    assembler.move(.rsi, .rdx)
    assembler.shiftRightByCount(.rsi)
    assembler.compute32(.and, .rsi, ListView.width - 1)
    assembler.load(.rax, Place(.rax, 8), index: .rsi)
    assembler.compute32(.subtract, .rcx, ListView.bits)
    assembler.jump(again, if: .above)
  }

  mutating func count() -> UInt {
    let start = begin()
    let refused = assembler.newLabel()
    let isOther = assembler.newLabel()
    let isKnown = assembler.newLabel()
    pointer(otherwise: refused)
    assembler.load32(.rax, Place(.rdi, 12))
    assembler.compareByte(Place(.rdi, 1), with: ObjectKind.list.rawValue)
    assembler.jump(isOther, if: .notEqual)
    assembler.place(isKnown)
    putInteger()
    assembler.place(isOther)
    assembler.load32(.rax, Place(.rdi, 4))
    assembler.compareByte(Place(.rdi, 1), with: ObjectKind.tuple.rawValue)
    assembler.jump(isKnown, if: .equal)
    refuse(refused)
    return start
  }

  /// Answers rax as a number.
  private mutating func putInteger() {
    assembler.convert(.xmm0, .rax)
    assembler.move(.rax, .xmm0)
    assembler.compute(.add, .rax, .r13)
    assembler.returnToCaller()
  }

  // MARK: Appending

  /// `Lists.append`: here where it fills a free slot of a leaf in the process's block, else by a helper.
  mutating func append() -> UInt {
    let start = begin()
    let refused = assembler.newLabel()
    let isPlain = assembler.newLabel()
    assembler.move(.r8, .rdi)
    // L6 at `Lists.append`.
    assembler.compute(.compare, .rsi, .rbp)
    assembler.jump(refused, if: .below)
    pointer(otherwise: refused)
    assembler.compareByte(Place(.rdi, 1), with: ObjectKind.list.rawValue)
    assembler.jump(refused, if: .notEqual)
    assembler.load(.rcx, Place(.rbx, fields.more))
    assembler.test(.rcx)
    assembler.jump(isPlain, if: .equal)
    assembler.compare(Place(.rcx, HeapMore.promotionCountOffset), with: 0)
    assembler.jump(refused, if: .notEqual)
    assembler.place(isPlain)
    // `Heap.mayFill`: what is shared lies outside of the block.
    assembler.load(.rax, Place(.rdi, 24))
    assembler.move(.rdx, .rax)
    assembler.compute(.subtract, .rdx, Place(.rbx, fields.base))
    assembler.shiftRight(.rdx, 3)
    assembler.load32(.rcx, Place(.rbx, fields.blockWords))
    assembler.compute(.compare, .rdx, .rcx)
    assembler.jump(refused, if: .aboveOrEqual)
    // The slot behind the last member, if that is not the last of a full leaf.
    assembler.load32(.rcx, Place(.rdi, 8))
    assembler.load32(.rdx, Place(.rdi, 12))
    assembler.compute(.add, .rcx, .rdx)
    assembler.compute32(.and, .rcx, ListView.width - 1)
    assembler.jump(refused, if: .equal)
    assembler.load32(.rdx, Place(.rax, 4))
    assembler.compute(.compare, .rcx, .rdx)
    assembler.jump(refused, if: .aboveOrEqual)
    assembler.load(.rdx, Place(.rax, 8), index: .rcx)
    assembler.compute(.compare, .rdx, absent)
    assembler.jump(refused, if: .notEqual)
    assembler.load(.rdx, Place(.rbx, fields.top))
    assembler.compute(.subtract, .rdx, 32)
    assembler.compute(.compare, .rdx, Place(.rbx, fields.stackTop))
    assembler.jump(refused, if: .less)
    assembler.store(Place(.rbx, fields.top), .rdx)
    assembler.store(Place(.rax, 8), index: .rcx, .rsi)
    copyList()
    assembler.place(refused)
    assembler.move(.rdi, .rbx)
    assembler.move(.rdx, .rsi)
    assembler.move(.rsi, .r8)
    assembler.move(.rbp, .rsp)
    assembler.compute(.and, .rsp, -16)
    assembler.constant(.rax, UInt64(Helpers.append))
    assembler.call(.rax)
    assembler.move(.rsp, .rbp)
    assembler.constant(.rbp, Stubs.pointersEnd)
    assembler.returnToCaller()
    return start
  }

  /// Makes the object at rdx that of the list at rdi with one member more, and tail rax.
  private mutating func copyList() {
    assembler.load(.rcx, Place(.rdi, 0))
    assembler.load(.rsi, Place(.rdi, 16))
    assembler.store(Place(.rdx, 0), .rcx)
    assembler.store(Place(.rdx, 16), .rsi)
    assembler.load(.rcx, Place(.rdi, 8))
    assembler.constant(.rsi, 1 << 32)
    assembler.compute(.add, .rcx, .rsi)
    assembler.store(Place(.rdx, 24), .rax)
    assembler.store(Place(.rdx, 8), .rcx)
    assembler.move(.rax, .rdx)
    assembler.returnToCaller()
  }

  // MARK: Division

  mutating func division(remainder: Bool, isPlain: Bool = false) -> UInt {
    let start = begin()
    let refused = assembler.newLabel()
    let isWide = assembler.newLabel()
    integer(.rdx, .rdi, otherwise: refused)
    if !isPlain {
      integer(.rcx, .rsi, otherwise: refused)
      assembler.test(.rcx)
      assembler.jump(refused, if: .equal)
    }
    assembler.move(.rax, .rdx)
    assembler.compute(.or, .rdx, .rcx)
    assembler.move(.rsi, .rdx)
    assembler.shiftRight(.rdx, 53)
    assembler.jump(refused, if: .notEqual)
    // rdx is 0 now. Division of 32 bits is the faster one.
    assembler.shiftRight(.rsi, 32)
    assembler.jump(isWide, if: .notEqual)
    assembler.divide32(by: .rcx)
    if remainder { assembler.move(.rax, .rdx) }
    putInteger()
    assembler.place(isWide)
    assembler.divide(by: .rcx)
    if remainder { assembler.move(.rax, .rdx) }
    putInteger()
    refuse(refused)
    return start
  }
}
