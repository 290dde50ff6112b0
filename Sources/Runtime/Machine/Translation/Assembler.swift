/// A register of an x86-64 processor, under its number in machine code.
enum Register: UInt8 {
  case rax, rcx, rdx, rbx, rsp, rbp, rsi, rdi, r8, r9, r10, r11, r12, r13, r14, r15
}

/// A floating-point register.
enum FloatRegister: UInt8 {
  case xmm0, xmm1, xmm2
}

/// What a conditional jump asks of the flags; the raw value is its number in machine code.
enum Condition: UInt8 {
  /// Unsigned: `<`, `≥`, `=`, `≠`, `≤`, `>`.
  case below = 2
  case aboveOrEqual, equal, notEqual, belowOrEqual, above
  /// The sign flag.
  case negative
  /// After a comparison of floating-point numbers: one of them is NaN.
  case unordered = 10
  /// Signed `<`.
  case less = 12
}

/// A memory operand: what lies `offset` bytes behind the address in a register.
struct Place {
  let base: Register
  let offset: Int

  init(_ base: Register, _ offset: Int) {
    self.base = base
    self.offset = offset
  }
}

/// Writes x86-64 machine code. Two-operand instructions take the destination first, as in Intel's manuals (Intel 64 and IA-32
/// Architectures Software Developer's Manual, volume 2, is the source of all encodings).
///
/// Jumps go to labels, which may be placed later. Whatever is at a fixed address is reached relative to the code itself, which
/// will lie at `base`; the caller keeps both within 2 GiB.
struct Assembler {
  /// A place in the code.
  struct Label: Equatable {
    fileprivate let index: Int
  }

  /// The address that the first byte will have.
  let base: UInt
  private(set) var bytes: [UInt8] = []
  /// Where each label is, in bytes from the start; -1: nowhere yet.
  private var labels: [Int] = []
  private var fixups: [(at: Int, label: Int)] = []

  init(base: UInt, capacity: Int) {
    self.base = base
    bytes.reserveCapacity(capacity)
  }

  // MARK: Labels

  mutating func newLabel() -> Label {
    labels.append(-1)
    return Label(index: labels.count - 1)
  }

  /// As many labels as are wanted, in order.
  mutating func newLabels(_ count: Int) -> [Label] {
    let first = labels.count
    labels.append(contentsOf: repeatElement(-1, count: count))
    return (first..<first + count).map { Label(index: $0) }
  }

  mutating func place(_ label: Label) { labels[label.index] = bytes.count }

  func isPlaced(_ label: Label) -> Bool { labels[label.index] >= 0 }

  /// The address of a label that has been placed.
  func address(of label: Label) -> UInt { base + UInt(labels[label.index]) }

  /// Fills in the jumps to labels. All must have been placed.
  mutating func resolve() {
    for (at, label) in fixups {
      precondition(labels[label] >= 0, "a jump to a label that was never placed")
      write(Int32(labels[label] - at - 4), at: at)
    }
    fixups = []
  }

  // MARK: Data

  /// Goes on at the next multiple of a power of two. What lies between is not run.
  mutating func align(_ bytesEach: Int) {
    while bytes.count % bytesEach != 0 { bytes.append(0xCC) }
  }

  /// A word for other instructions to read.
  mutating func word(_ bits: UInt64) { append(bits) }

  // MARK: Moving

  mutating func move(_ to: Register, _ from: Register) { pair(0x89, from, to) }
  mutating func load(_ to: Register, _ from: Place) { memory([0x8B], to.rawValue, from, wide: true) }
  mutating func store(_ to: Place, _ from: Register) { memory([0x89], from.rawValue, to, wide: true) }
  /// A 32-bit number with its sign.
  mutating func loadSigned32(_ to: Register, _ from: Place) { memory([0x63], to.rawValue, from, wide: true) }
  /// A 32-bit number ≥ 0: the upper half becomes 0.
  mutating func load32(_ to: Register, _ from: Place) { memory([0x8B], to.rawValue, from) }
  /// Word `index` behind a place. No register is one of r8 to r15, and the index is not rsp.
  mutating func load(_ to: Register, _ from: Place, index: Register) {
    bytes.append(contentsOf: [
      0x48, 0x8B, 0x44 | to.rawValue << 3, 0xC0 | index.rawValue << 3 | from.base.rawValue,
    ])
    bytes.append(UInt8(truncatingIfNeeded: from.offset))
  }
  mutating func store(_ to: Place, index: Register, _ from: Register) {
    bytes.append(contentsOf: [
      0x48, 0x89, 0x44 | from.rawValue << 3, 0xC0 | index.rawValue << 3 | to.base.rawValue,
    ])
    bytes.append(UInt8(truncatingIfNeeded: to.offset))
  }
  mutating func loadByte(_ to: Register, _ from: Place) { memory([0x0F, 0xB6], to.rawValue, from) }
  mutating func store32(_ to: Place, _ from: Register) { memory([0x89], from.rawValue, to) }
  mutating func store16(_ to: Place, _ from: Register) {
    bytes.append(0x66)
    memory([0x89], from.rawValue, to)
  }
  mutating func address(_ to: Register, _ of: Place) { memory([0x8D], to.rawValue, of, wide: true) }

  mutating func constant(_ to: Register, _ value: UInt64) {
    if value <= UInt32.max {
      rex(wide: false, reg: 0, base: to.rawValue)
      bytes.append(0xB8 | to.rawValue & 7)
      append(UInt32(value))
    } else {
      rex(wide: true, reg: 0, base: to.rawValue)
      bytes.append(0xB8 | to.rawValue & 7)
      append(value)
    }
  }

  /// An address near the code.
  mutating func address(_ to: Register, near address: UInt) {
    rex(wide: true, reg: to.rawValue, base: 0)
    bytes.append(0x8D)
    bytes.append((to.rawValue & 7) << 3 | 5)
    appendDistance(to: address)
  }

  mutating func address(_ to: Register, of label: Label) { memory([0x8D], to.rawValue, label) }

  /// Twice what is in a register, which stays.
  mutating func double(_ to: Register, _ from: Register) {
    let low = from.rawValue & 7
    bytes.append(0x48 | (to.rawValue >= 8 ? 4 : 0) | (from.rawValue >= 8 ? 3 : 0))
    bytes.append(0x8D)
    // rbp and r13 always have an offset.
    bytes.append((low == 5 ? 0x44 : 0x04) | (to.rawValue & 7) << 3)
    bytes.append(low << 3 | low)
    if low == 5 { bytes.append(0) }
  }

  mutating func push(_ register: Register) {
    rex(wide: false, reg: 0, base: register.rawValue)
    bytes.append(0x50 | register.rawValue & 7)
  }

  mutating func pop(_ register: Register) {
    rex(wide: false, reg: 0, base: register.rawValue)
    bytes.append(0x58 | register.rawValue & 7)
  }

  // MARK: Computing

  /// Operations that all have the same forms; the raw value is their number in machine code.
  enum Operation: UInt8 {
    case add, or
    case and = 4
    case subtract
    case compare = 7
  }

  mutating func compute(_ operation: Operation, _ to: Register, _ from: Register) {
    pair(operation.rawValue << 3 | 1, from, to)
  }

  mutating func compute(_ operation: Operation, _ to: Register, _ from: Place) {
    memory([operation.rawValue << 3 | 3], to.rawValue, from, wide: true)
  }

  mutating func compute(_ operation: Operation, _ to: Register, _ value: Int) {
    immediate(operation, to, value, wide: true)
  }

  /// With the word at a label.
  mutating func compute(_ operation: Operation, _ to: Register, _ from: Label) {
    memory([operation.rawValue << 3 | 3], to.rawValue, from, wide: true)
  }

  /// With the lowest byte of rax, rcx, rdx or rbx.
  mutating func computeByte(_ operation: Operation, _ to: Register, _ from: Place) {
    memory([operation.rawValue << 3 | 2], to.rawValue, from)
  }

  /// The same in 32 bits, which clears the upper half.
  mutating func compute32(_ operation: Operation, _ to: Register, _ value: Int) {
    immediate(operation, to, value, wide: false)
  }

  private mutating func immediate(_ operation: Operation, _ to: Register, _ value: Int, wide: Bool) {
    rex(wide: wide, reg: 0, base: to.rawValue)
    let isShort = Int(Int8(truncatingIfNeeded: value)) == value
    bytes.append(isShort ? 0x83 : 0x81)
    bytes.append(0xC0 | operation.rawValue << 3 | to.rawValue & 7)
    if isShort {
      bytes.append(UInt8(truncatingIfNeeded: value))
    } else {
      append(UInt32(truncatingIfNeeded: value))
    }
  }

  mutating func compare(_ place: Place, with register: Register) {
    memory([0x39], register.rawValue, place, wide: true)
  }

  mutating func compare32(_ place: Place, with value: UInt32) { compare(place, with: value, wide: false) }
  /// `value` is below 2^31.
  mutating func compare(_ place: Place, with value: UInt32) { compare(place, with: value, wide: true) }

  private mutating func compare(_ place: Place, with value: UInt32, wide: Bool) {
    let isShort = value < 0x80
    memory([isShort ? 0x83 : 0x81], Operation.compare.rawValue, place, wide: wide)
    if isShort { bytes.append(UInt8(value)) } else { append(value) }
  }

  mutating func compareByte(_ place: Place, with value: UInt8) {
    memory([0x80], Operation.compare.rawValue, place)
    bytes.append(value)
  }

  mutating func testByte(_ place: Place, _ bits: UInt8) {
    memory([0xF6], 0, place)
    bytes.append(bits)
  }

  /// Sets the flags by a register and itself.
  mutating func test(_ register: Register) { pair(0x85, register, register) }

  /// Sets the flags by some of the lowest bits of rax, rcx, rdx or rbx.
  mutating func testByte(_ register: Register, _ bits: UInt8) {
    bytes.append(contentsOf: [0xF6, 0xC0 | register.rawValue, bits])
  }

  mutating func shiftLeft(_ register: Register, _ count: UInt8) { shift(4, register, count) }
  mutating func shiftRight(_ register: Register, _ count: UInt8) { shift(5, register, count) }

  /// By as many bits as the lowest byte of rcx says, modulo 64.
  mutating func shiftRightByCount(_ register: Register) {
    rex(wide: true, reg: 0, base: register.rawValue)
    bytes.append(contentsOf: [0xD3, 0xE8 | register.rawValue & 7])
  }

  /// rax becomes rdx:rax divided by a register, rdx the remainder.
  mutating func divide(by register: Register) { divide(by: register, wide: true) }
  /// The same with 32 bits of each.
  mutating func divide32(by register: Register) { divide(by: register, wide: false) }

  private mutating func divide(by register: Register, wide: Bool) {
    rex(wide: wide, reg: 0, base: register.rawValue)
    bytes.append(contentsOf: [0xF7, 0xF0 | register.rawValue & 7])
  }

  private mutating func shift(_ operation: UInt8, _ register: Register, _ count: UInt8) {
    rex(wide: true, reg: 0, base: register.rawValue)
    bytes.append(contentsOf: [0xC1, 0xC0 | operation << 3 | register.rawValue & 7, count])
  }

  /// The lowest byte of rax, rcx, rdx or rbx becomes 1 or 0.
  mutating func set(_ to: Register, if condition: Condition) {
    bytes.append(contentsOf: [0x0F, 0x90 | condition.rawValue, 0xC0 | to.rawValue])
  }

  // MARK: Floating point

  enum FloatOperation: UInt8 {
    case add = 0x58
    case multiply, subtract = 0x5C
    /// What is in the destination if that is less (or greater), else the other.
    case minimum, divide, maximum
  }

  mutating func move(_ to: FloatRegister, _ from: Register) {
    bytes.append(0x66)
    rex(wide: true, reg: 0, base: from.rawValue)
    bytes.append(contentsOf: [0x0F, 0x6E, 0xC0 | to.rawValue << 3 | from.rawValue & 7])
  }

  mutating func move(_ to: Register, _ from: FloatRegister) {
    bytes.append(0x66)
    rex(wide: true, reg: 0, base: to.rawValue)
    bytes.append(contentsOf: [0x0F, 0x7E, 0xC0 | from.rawValue << 3 | to.rawValue & 7])
  }

  /// The number without its fraction; -2^63 if that has no room.
  mutating func truncate(_ to: Register, _ from: FloatRegister) {
    bytes.append(contentsOf: [0xF2, 0x48, 0x0F, 0x2C, 0xC0 | to.rawValue << 3 | from.rawValue])
  }

  /// A whole number as a floating-point number. None of r8 to r15.
  mutating func convert(_ to: FloatRegister, _ from: Register) {
    bytes.append(contentsOf: [0xF2, 0x48, 0x0F, 0x2A, 0xC0 | to.rawValue << 3 | from.rawValue])
  }

  mutating func compute(_ operation: FloatOperation, _ to: FloatRegister, _ from: FloatRegister) {
    bytes.append(contentsOf: [0xF2, 0x0F, operation.rawValue, 0xC0 | to.rawValue << 3 | from.rawValue])
  }

  /// With the number at a label.
  mutating func compute(_ operation: FloatOperation, _ to: FloatRegister, _ from: Label) {
    bytes.append(0xF2)
    memory([0x0F, operation.rawValue], to.rawValue, from, wide: false)
  }

  mutating func load(_ to: FloatRegister, _ from: Label) {
    bytes.append(0xF2)
    memory([0x0F, 0x10], to.rawValue, from, wide: false)
  }

  mutating func compare(_ x: FloatRegister, _ y: FloatRegister) {
    bytes.append(contentsOf: [0x66, 0x0F, 0x2E, 0xC0 | x.rawValue << 3 | y.rawValue])
  }

  // MARK: Jumping

  mutating func jump(_ label: Label) {
    bytes.append(0xE9)
    appendDistance(to: label)
  }

  mutating func jump(_ label: Label, if condition: Condition) {
    bytes.append(contentsOf: [0x0F, 0x80 | condition.rawValue])
    appendDistance(to: label)
  }

  mutating func jump(near address: UInt) {
    bytes.append(0xE9)
    appendDistance(to: address)
  }

  mutating func jump(near address: UInt, if condition: Condition) {
    bytes.append(contentsOf: [0x0F, 0x80 | condition.rawValue])
    appendDistance(to: address)
  }

  /// Jumps to the address that a word in memory holds.
  mutating func jump(through place: Place) { memory([0xFF], 4, place) }

  mutating func call(_ label: Label) {
    bytes.append(0xE8)
    appendDistance(to: label)
  }

  mutating func call(near address: UInt) {
    bytes.append(0xE8)
    appendDistance(to: address)
  }

  /// Calls the address that a word in memory holds.
  mutating func call(through place: Place) { memory([0xFF], 2, place) }

  mutating func call(_ register: Register) {
    rex(wide: false, reg: 0, base: register.rawValue)
    bytes.append(contentsOf: [0xFF, 0xD0 | register.rawValue & 7])
  }

  mutating func returnToCaller() { bytes.append(0xC3) }
  /// Stops the program, if it ever comes here.
  mutating func trap() { bytes.append(contentsOf: [0x0F, 0x0B]) }

  // MARK: Encoding

  /// Two registers, `reg` in the middle field.
  private mutating func pair(_ code: UInt8, _ reg: Register, _ base: Register) {
    rex(wide: true, reg: reg.rawValue, base: base.rawValue)
    bytes.append(code)
    bytes.append(0xC0 | (reg.rawValue & 7) << 3 | base.rawValue & 7)
  }

  /// A register (or what stands in its field) and memory.
  private mutating func memory(_ code: [UInt8], _ reg: UInt8, _ place: Place, wide: Bool = false) {
    rex(wide: wide, reg: reg, base: place.base.rawValue)
    bytes.append(contentsOf: code)
    let low = place.base.rawValue & 7
    let isShort = Int(Int8(truncatingIfNeeded: place.offset)) == place.offset
    // rbp and r13 always have an offset, rsp and r12 always a byte more.
    let mode: UInt8 = place.offset == 0 && low != 5 ? 0 : isShort ? 0x40 : 0x80
    bytes.append(mode | (reg & 7) << 3 | low)
    if low == 4 { bytes.append(0x24) }
    if mode == 0x40 { bytes.append(UInt8(truncatingIfNeeded: place.offset)) }
    if mode == 0x80 { append(UInt32(truncatingIfNeeded: place.offset)) }
  }

  /// A register and the memory at a label.
  private mutating func memory(_ code: [UInt8], _ reg: UInt8, _ label: Label, wide: Bool = true) {
    rex(wide: wide, reg: reg, base: 0)
    bytes.append(contentsOf: code)
    bytes.append((reg & 7) << 3 | 5)
    appendDistance(to: label)
  }

  private mutating func rex(wide: Bool, reg: UInt8, base: UInt8) {
    let prefix: UInt8 = 0x40 | (wide ? 8 : 0) | (reg >= 8 ? 4 : 0) | (base >= 8 ? 1 : 0)
    if prefix != 0x40 { bytes.append(prefix) }
  }

  private mutating func append<Number: FixedWidthInteger>(_ number: Number) {
    var rest = number
    for _ in 0..<Number.bitWidth / 8 {
      bytes.append(UInt8(truncatingIfNeeded: rest))
      rest >>= 8
    }
  }

  private mutating func appendDistance(to label: Label) {
    let place = labels[label.index]
    if place < 0 { fixups.append((bytes.count, label.index)) }
    append(place < 0 ? Int32(0) : Int32(place - bytes.count - 4))
  }

  private mutating func appendDistance(to address: UInt) {
    let here = Int(bitPattern: base) + bytes.count + 4
    append(Int32(Int(bitPattern: address) - here))
  }

  private mutating func write(_ number: Int32, at place: Int) {
    let bits = UInt32(bitPattern: number)
    for i in 0..<4 { bytes[place + i] = UInt8(truncatingIfNeeded: bits >> (8 * UInt32(i))) }
  }
}
