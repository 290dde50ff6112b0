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
  let values: ValueStubs

  /// What rbp holds: words below it are pointers.
  static let pointersEnd: UInt64 = 1 << 48

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
    guard CodeArea.publish(writer.assembler.bytes, at: start), let values = ValueStubs(fields) else {
      return nil
    }
    self.values = values
  }
}

private struct StubWriter {
  var assembler = Assembler(base: CodeArea.nextMachineCode, capacity: 256)
  private let fields: ProcessBlock.Fields
  private let leave: Assembler.Label
  private let bottom: Assembler.Label
  private static let saved: [Register] = [.rbp, .rbx, .r12, .r13, .r14, .r15]

  init(_ fields: ProcessBlock.Fields) {
    self.fields = fields
    leave = assembler.newLabel()
    bottom = assembler.newLabel()
  }

  private func field(_ offset: Int) -> Place { Place(.rbx, offset) }

  /// The C calling convention on the outside: six registers are kept for the caller.
  mutating func run() -> UInt {
    let start = here
    for register in Self.saved { assembler.push(register) }
    assembler.compute(.subtract, .rsp, 8)
    assembler.move(.r12, .rsp)
    assembler.move(.rbx, .rdi)
    assembler.constant(.r13, Word.numberOffset)
    assembler.constant(.rbp, Stubs.pointersEnd)
    assembler.address(.rax, of: bottom)
    assembler.push(.rax)
    resume()
    assembler.place(leave)
    assembler.move(.rsp, .r12)
    assembler.compute(.add, .rsp, 8)
    for register in Self.saved.reversed() { assembler.pop(register) }
    assembler.returnToCaller()
    return start
  }

  private var here: UInt { UInt(assembler.bytes.count) }

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

  /// A door may leave the process in another frame than it was in. If it has called, its callee's return goes through the table; in
  /// what else it may have done, all returns to come do (T5).
  mutating func doors(_ base: UInt) -> (UInt, saved: UInt) {
    let hasCalled = assembler.newLabel()
    let isThere = assembler.newLabel()
    let start = base + here
    save()
    let saved = base + here
    assembler.move(.rdi, .rbx)
    assembler.move(.rax, .rsp)
    assembler.compute(.and, .rsp, -16)
    assembler.push(.rax)
    assembler.push(.rax)
    assembler.call(.rcx)
    assembler.load(.rsp, Place(.rsp, 0))
    assembler.compute32(.compare, .rax, Int(Doors.goesOn))
    assembler.jump(leave, if: .notEqual)
    assembler.load(.rax, field(fields.frame))
    assembler.compute(.compare, .rax, .r14)
    assembler.jump(isThere, if: .equal)
    assembler.jump(hasCalled, if: .above)
    let drops = assembler.newLabel()
    assembler.place(drops)
    assembler.address(.rsp, Place(.r12, -8))
    assembler.place(isThere)
    resume()
    assembler.place(hasCalled)
    assembler.load(.rdx, Place(.rax, -8))
    assembler.shiftRight(.rdx, 48)
    assembler.shiftLeft(.rdx, 3)
    assembler.compute(.subtract, .rax, .rdx)
    assembler.compute(.add, .rax, 8)
    assembler.compute(.compare, .rax, .r14)
    assembler.jump(drops, if: .notEqual)
    let lookUp = assembler.newLabel()
    assembler.address(.rax, of: lookUp)
    assembler.push(.rax)
    assembler.jump(isThere)
    returns(lookUp)
    return (start, saved)
  }

  /// Where returns go of which nothing is known but the link: `Machine.leave`, with the value in rax. The marks in a link stand
  /// above and below its address.
  private mutating func returns(_ lookUp: Assembler.Label) {
    assembler.place(bottom)
    // What lies there is still there: nobody writes so near below a stack's end.
    assembler.compute(.subtract, .rsp, 8)
    assembler.place(lookUp)
    assembler.load(.rdx, Place(.r14, -8))
    assembler.store(Place(.r14, -8), .rax)
    assembler.move(.rcx, .rdx)
    assembler.shiftRight(.rcx, 48)
    assembler.shiftLeft(.rcx, 3)
    assembler.constant(.rax, StackMarks.addressMask)
    assembler.compute(.and, .rdx, .rax)
    assembler.compute(.subtract, .r14, .rcx)
    assembler.compute(.add, .r14, 8)
    assembler.jump(through: Place(.rdx, CodeArea.distance))
  }

  mutating func stop(_ step: Step, keepsCount: Bool = false, isSaved: Bool = false) -> UInt {
    let start = here
    if keepsCount { assembler.store16(field(fields.liveRegisters), .rcx) }
    if !isSaved { save() }
    assembler.constant(.rax, UInt64(Doors.number(step)))
    assembler.jump(leave)
    return start
  }
}
