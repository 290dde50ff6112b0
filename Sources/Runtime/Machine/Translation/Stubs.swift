import Bytecode
import Memory
import Words

/// The machine code that all translations share: the way in from Swift, and the ways out.
struct Stubs {
  let fields: ProcessBlock.Fields
  /// A C function of a process's block: runs the process from its `pc` until it must stop. Returns a step's number.
  let run: UInt
  /// rax: the pc of an instruction, rcx: its door.
  let door: UInt
  /// The same, where all registers have been saved. rcx: the door.
  let doorSaved: UInt
  /// rax: the pc of a procedure's first instruction, where the process must stop.
  let entry: UInt
  /// rax: the pc behind a jump back, rcx: live registers.
  let loop: UInt
  /// rax: the pc at which a process that waits looks for messages again, rcx: live registers.
  let wait: UInt
  /// All is saved: the process has asked for something.
  let request: UInt

  /// Nil: the system does not allow machine code.
  init?() {
    guard CodeArea.isReserved else { return nil }
    fields = ProcessBlock.Fields()
    var writer = StubWriter(fields)
    let start = writer.assembler.base
    run = start + writer.run()
    (door, doorSaved) = writer.doors(start)
    entry = start + writer.stop(.entry)
    loop = start + writer.stop(.loop, keepsCount: true)
    wait = start + writer.stop(.waiting, keepsCount: true)
    request = start + writer.stop(.request, isSaved: true)
    writer.assembler.resolve()
    guard CodeArea.publish(writer.assembler.bytes, at: start) else { return nil }
  }
}

private struct StubWriter {
  var assembler = Assembler(base: CodeArea.nextMachineCode, capacity: 256)
  private let fields: ProcessBlock.Fields
  private let leave: Assembler.Label
  private static let saved: [Register] = [.rbp, .rbx, .r12, .r13, .r14, .r15]

  init(_ fields: ProcessBlock.Fields) {
    self.fields = fields
    leave = assembler.newLabel()
  }

  private func field(_ offset: Int) -> Place { Place(.rbx, offset) }

  /// The C calling convention on both sides: six registers are kept for the caller, and the stack is aligned by 16 for doors.
  mutating func run() -> UInt {
    let start = UInt(assembler.bytes.count)
    for register in Self.saved { assembler.push(register) }
    assembler.compute(.subtract, .rsp, 8)
    assembler.move(.rbx, .rdi)
    assembler.constant(.r13, Word.numberOffset)
    assembler.constant(.rbp, 1 << 48)
    assembler.constant(.r12, StackMarks.addressMask)
    resume()
    assembler.place(leave)
    assembler.compute(.add, .rsp, 8)
    for register in Self.saved.reversed() { assembler.pop(register) }
    assembler.returnToCaller()
    return start
  }

  /// Goes on where the saved registers say.
  private mutating func resume() {
    assembler.load(.rax, field(fields.pc))
    assembler.load(.r14, field(fields.frame))
    assembler.loadSigned32(.r15, field(fields.reductions))
    assembler.jump(through: Place(.rax, CodeArea.distance))
  }

  private mutating func save() {
    assembler.store(field(fields.pc), .rax)
    assembler.store(field(fields.frame), .r14)
    assembler.store32(field(fields.reductions), .r15)
  }

  mutating func doors(_ base: UInt) -> (UInt, saved: UInt) {
    let start = base + UInt(assembler.bytes.count)
    save()
    let saved = base + UInt(assembler.bytes.count)
    assembler.move(.rdi, .rbx)
    assembler.call(.rcx)
    assembler.compute32(.compare, .rax, Int(Doors.goesOn))
    assembler.jump(leave, if: .notEqual)
    resume()
    return (start, saved)
  }

  mutating func stop(_ step: Step, keepsCount: Bool = false, isSaved: Bool = false) -> UInt {
    let start = UInt(assembler.bytes.count)
    if keepsCount { assembler.store16(field(fields.liveRegisters), .rcx) }
    if !isSaved { save() }
    assembler.constant(.rax, UInt64(Doors.number(step)))
    assembler.jump(leave)
    return start
  }
}
