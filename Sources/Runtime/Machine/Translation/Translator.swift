import Bytecode
import Memory
import Words

/// Turns loaded bytecode into machine code, an instruction at a time: a template translator, as in Erlang's BeamAsm ("The Road to
/// the JIT", Högberg, 2020). Registers of the process stay where they are, in its stack, and so do links, safepoints and
/// charges, so that everybody else (the collector, slow paths, stacks in panics) need not know of it, and a process may be
/// interpreted in one slice and run as machine code in the next.
///
///     rbx  the process's block     r14  its frame     r15d  reductions
///     r13  2^49: what numbers are offset by, and the first of them     rbp  2^48: the end of pointers
///     r12  where the thread's stack began (T5)     rax, rcx, rdx, rsi, rdi, xmm0–2  free within an instruction
///
/// T2  At the start of each instruction's code the process is in its frame, `r14`, and `r15d`; beside that only what `Known`
///     says is kept from one instruction to the next. `pc` is where the code is: it is put into the block by what leaves (`Stubs`).
/// T3  What an instruction does, and what it charges, is what `Machine` does and charges for it: random programs must print
///     the same under both, and simulations come to the same figures.
/// T5  Between r12 and rsp stand places in machine code where the running frame, its caller and so on return to, as far as they
///     were called since the way in; then that of a stub which returns by the link. As every call charges, a slice cannot fill the stack.
struct Translator {
  /// A procedure as it was loaded: its first instruction is at `start`.
  struct Input {
    let start: UInt
    let code: [Instruction]
    let frameSize: Int
  }

  var assembler: Assembler
  let stubs: Stubs
  let fields: ProcessBlock.Fields
  private let inputs: [Input]
  private var starts: [UInt: Int] = [:]

  // The procedure that is being translated.
  private(set) var input: Input
  private var entries: [Assembler.Label] = []
  /// The code of each instruction, for who knows what is known there; and for all others.
  private var labels: [Assembler.Label] = []
  private var ways: [Assembler.Label] = []
  /// What jumps to an instruction agree on, of those that have been translated; nil: there are none.
  private var arriving: [Known?] = []
  private var isLoopTarget: [Bool] = []
  /// What is known, if anything comes here from the instruction before.
  var known = Known()
  private var isReached = true
  /// What rax held at the start of this instruction, until that has been used.
  var held: Int?
  /// The index behind this instruction; nil in cold code.
  private var next: Int?
  private var constants: [UInt64: Assembler.Label] = [:]
  /// Where the rest of the code begins that is rarely run, and what it is.
  private var cold: [(label: Assembler.Label, kind: Cold)] = []
  private var doors: [Int: Assembler.Label] = [:]

  private enum Cold {
    /// The interpreter does the instruction at this index.
    case door(Int)
    /// The slice is used up, or there is no room: at the procedure's entry, or at the jump back to an index.
    case entryStop
    case loopStop(target: Int, live: Int)
    /// There is no message: the process waits, and looks again at an index.
    case wait(target: Int, live: Int)
    /// What a call of Swift answered that is not the usual: see `Helpers`.
    case sendAnswer(Int)
    case nativeRequest
    /// The running frame ends higher than any before: rcx.
    case raise(Assembler.Label)
    /// The way to an instruction for who does not know that rax holds a register there.
    case way(to: Int, register: Int)
    /// The second word of a pair: where a slow path returns to.
    case follow(Int)
  }

  private init(_ inputs: [Input], _ stubs: Stubs, base: UInt) {
    let words = inputs.reduce(0) { $0 + $1.code.count }
    assembler = Assembler(base: base, capacity: words * 48 + 256)
    self.stubs = stubs
    fields = stubs.fields
    self.inputs = inputs
    input = Input(start: 0, code: [], frameSize: 0)
    for (index, input) in inputs.enumerated() { starts[input.start] = index }
    entries = assembler.newLabels(inputs.count)
  }

  /// Translates procedures and enters their machine code into the table (T1). False: there is no more room for it.
  static func translate(_ inputs: [Input], _ stubs: Stubs) -> Bool {
    var translator = Translator(inputs, stubs, base: CodeArea.nextMachineCode)
    var table: [(word: UInt, label: Assembler.Label)] = []
    for index in inputs.indices { translator.translate(index, &table) }
    translator.placeConstants()
    translator.assembler.resolve()
    guard CodeArea.publish(translator.assembler.bytes, at: translator.assembler.base) else { return false }
    for (word, label) in table {
      let place = unsafe UnsafeMutablePointer<UInt>(bitPattern: word + UInt(CodeArea.distance))
        .unsafelyUnwrapped
      unsafe place.pointee = translator.assembler.address(of: label)
    }
    return true
  }

  // MARK: Procedures

  private mutating func translate(_ index: Int, _ table: inout [(word: UInt, label: Assembler.Label)]) {
    input = inputs[index]
    labels = assembler.newLabels(input.code.count)
    ways = labels
    arriving = Array(repeating: nil, count: input.code.count)
    findLoops()
    doors = [:]
    placeEntry(index, &table)
    var at = 0
    while at < input.code.count {
      begin(at)
      let opcode = input.code[at].opcode
      next = at + (opcode?.width ?? 1)
      translateInstruction(at: at)
      at += opcode?.width ?? 1
    }
    next = nil
    translateCold()
    for (at, label) in labels.enumerated() where assembler.isPlaced(label) {
      table.append((input.start + UInt(at) * 8, ways[at]))
    }
  }

  /// Where calls enter: who comes through the table has not loaded rax.
  private mutating func placeEntry(_ index: Int, _ table: inout [(word: UInt, label: Assembler.Label)]) {
    assembler.align(16)
    let way = assembler.newLabel()
    assembler.place(way)
    table.append((input.start - 8, way))
    let looksAtArgument = looksAtArgument(input)
    known = Known(inRax: looksAtArgument ? 0 : nil)
    isReached = true
    if looksAtArgument { assembler.load(.rax, register(0)) }
    assembler.place(entries[index])
    checkEntry()
  }

  /// What is known where an instruction begins is what all ways to it agree on.
  private mutating func begin(_ at: Int) {
    if isLoopTarget[at] {
      known = Known()
    } else if let there = arriving[at] {
      known = isReached ? known.common(there) : there
    } else if !isReached {
      known = Known()
    }
    isReached = true
    assembler.place(labels[at])
    if let register = known.inRax { ways[at] = later(.way(to: at, register: register)) }
  }

  /// Jumps back lead to where nothing is known.
  private mutating func findLoops() {
    isLoopTarget = Array(repeating: false, count: input.code.count)
    var at = 0
    while at < input.code.count {
      let instruction = input.code[at]
      switch instruction.opcode {
      case .loop, .receiveWait: isLoopTarget[at + instruction.wide] = true
      default: break
      }
      at += instruction.opcode?.width ?? 1
    }
  }

  /// What `Machine.enterChecked` does. It keeps rax.
  private mutating func checkEntry() {
    let stop = later(.entryStop)
    assembler.compute32(.subtract, .r15, 1)
    assembler.jump(stop, if: .negative)
    assembler.address(.rcx, Place(.r14, input.frameSize * 8))
    assembler.compute(.compare, .rcx, Place(.rbx, fields.top))
    assembler.jump(stop, if: .above)
    assembler.compute(.compare, .rcx, Place(.rbx, fields.stackTop))
    assembler.jump(later(.raise(labels[0])), if: .above)
  }

  private mutating func later(_ kind: Cold) -> Assembler.Label {
    let label = assembler.newLabel()
    cold.append((label, kind))
    return label
  }

  private mutating func translateCold() {
    while let (label, kind) = cold.popLast() {
      assembler.place(label)
      switch kind {
      case .door(let at): goThroughDoor(at: at)
      case .entryStop:
        assembler.address(.rax, near: input.start)
        assembler.jump(near: stubs.entry)
      case .loopStop(let target, let live):
        assembler.address(.rax, near: address(of: target))
        assembler.constant(.rcx, UInt64(live))
        assembler.jump(near: stubs.loop)
      case .wait(let target, let live):
        assembler.address(.rax, near: address(of: target))
        assembler.constant(.rcx, UInt64(live))
        assembler.jump(near: stubs.wait)
      case .sendAnswer(let at):
        assembler.compute32(.compare, .rax, Int(Helpers.hasAsked))
        assembler.jump(near: stubs.request, if: .equal)
        assembler.jump(door(at))
      case .nativeRequest:
        assembler.constant(.rcx, UInt64(Helpers.nativeRequest))
        assembler.jump(near: stubs.doorSaved)
      case .raise(let body):
        assembler.store(Place(.rbx, fields.stackTop), .rcx)
        assembler.jump(body)
      case .way(let at, let register):
        assembler.load(.rax, self.register(register))
        assembler.jump(labels[at])
      case .follow(let at):
        assembler.place(labels[at])
        known = Known()
        translateInstruction(at: at)
        assembler.jump(ways[at + 1])
      }
    }
  }

  // MARK: What instructions need

  /// The address of the bytecode word at an index.
  func address(of at: Int) -> UInt { input.start + UInt(at) * 8 }

  /// The second word of the instruction at an index, as the loader has made it.
  func second(_ at: Int) -> UInt64 {
    unsafe UnsafePointer<UInt64>(bitPattern: address(of: at + 1)).unsafelyUnwrapped.pointee
  }

  /// Where to jump to, for the instruction at an index. For the moment of the jump: what is known now is what comes there.
  mutating func label(_ at: Int) -> Assembler.Label {
    if assembler.isPlaced(labels[at]) { return ways[at] }
    arriving[at] = known.common(arriving[at] ?? known)
    return labels[at]
  }

  /// Whether the instruction behind this one returns a register, and only this one leads there: then nobody reads the
  /// register again, and its word need only be in rax.
  func isReturnedAtOnce(_ index: Int) -> Bool {
    guard let next, next < input.code.count, arriving[next] == nil, !isLoopTarget[next] else { return false }
    return input.code[next].opcode == .return && input.code[next].a == index
  }

  /// Where a word lies that does not change.
  mutating func constant(_ bits: UInt64) -> Assembler.Label {
    if let label = constants[bits] { return label }
    let label = assembler.newLabel()
    constants[bits] = label
    return label
  }

  private mutating func placeConstants() {
    assembler.align(8)
    for (bits, label) in constants {
      assembler.place(label)
      assembler.word(bits)
    }
  }

  /// Where the interpreter does the instruction at an index: the rare part of its code.
  mutating func door(_ at: Int) -> Assembler.Label {
    if let label = doors[at] { return label }
    let label = later(.door(at))
    doors[at] = label
    return label
  }

  mutating func goThroughDoor(at: Int) {
    let instruction = input.code[at]
    guard let opcode = instruction.opcode else { return assembler.trap() }
    assembler.address(.rax, near: address(of: at))
    assembler.constant(.rcx, UInt64(Doors.address(instruction, opcode)))
    assembler.jump(near: stubs.door)
  }

  /// The slow path of the pair at an index returns to its second word: that gets code, too.
  mutating func follow(_ at: Int) { _ = later(.follow(at + 1)) }

  mutating func stopsInLoop(target: Int, live: Int) -> Assembler.Label {
    later(.loopStop(target: target, live: live))
  }

  mutating func waits(target: Int, live: Int) -> Assembler.Label { later(.wait(target: target, live: live)) }
  mutating func sendAnswer(_ at: Int) -> Assembler.Label { later(.sendAnswer(at)) }
  mutating func nativeRequest() -> Assembler.Label { later(.nativeRequest) }

  /// Calls a function of Swift with up to four words, in rdi, rsi, rdx and rcx, on a stack as C wants it; the answer is in rax. It
  /// keeps rbx, rbp and r12 to r15.
  mutating func call(_ helper: UInt) {
    held = nil
    assembler.move(.rbp, .rsp)
    assembler.compute(.and, .rsp, -16)
    assembler.constant(.rax, UInt64(helper))
    assembler.call(.rax)
    assembler.move(.rsp, .rbp)
    assembler.constant(.rbp, Stubs.pointersEnd)
  }

  /// Puts the process's registers where Swift finds them, at the instruction at an index.
  mutating func save(_ at: Int) {
    assembler.address(.rax, near: address(of: at))
    assembler.store(field(fields.pc), .rax)
    assembler.store(field(fields.frame), .r14)
    assembler.store32(field(fields.reductions), .r15)
  }

  /// Whether the procedure whose code is at an address wants its first argument in rax, too.
  func wantsArgument(_ code: UInt) -> Bool { starts[code].map { looksAtArgument(inputs[$0]) } ?? false }

  /// Enters the procedure whose code is at an address.
  mutating func enter(_ code: UInt) {
    if let index = starts[code] { return assembler.jump(entries[index]) }
    assembler.jump(near: machineCode(code - 8))
  }

  /// Calls it: T5.
  mutating func callCode(_ code: UInt) {
    if let index = starts[code] { return assembler.call(entries[index]) }
    assembler.call(near: machineCode(code - 8))
  }

  /// What the table says about a word of bytecode (T1).
  private func machineCode(_ word: UInt) -> UInt {
    unsafe UnsafePointer<UInt>(bitPattern: word + UInt(CodeArea.distance)).unsafelyUnwrapped.pointee
  }

  /// The bits that are an address, of a word that is known to be a pointer: its upper ones are 0.
  static let addressBits = -8

  func register(_ index: Int) -> Place { Place(.r14, index * 8) }
  func field(_ offset: Int) -> Place { Place(.rbx, offset) }

  private mutating func translateInstruction(at: Int) {
    let instruction = input.code[at]
    guard let opcode = instruction.opcode else { return assembler.trap() }
    let shape = opcode.shape
    switch shape.second {
    case .move, .jumpIfFalsy: follow(at)
    case .none, .extend: break
    }
    held = known.inRax
    known.inRax = nil
    translate(opcode, instruction, at)
    known.forget(instruction, shape, input.code, at)
    learnNumber(opcode, instruction, at)
    isReached = shape.fallsThrough
  }

  /// T7.
  private mutating func learnNumber(_ opcode: Opcode, _ instruction: Instruction, _ at: Int) {
    switch opcode {
    case .loadInteger: known.numbers.append((instruction.a, Word(instruction.wide).bits))
    case .loadConstant where Word(bits: second(at)).isNumber:
      known.numbers.append((instruction.a, second(at)))
    default: break
    }
  }

  private mutating func translate(_ opcode: Opcode, _ instruction: Instruction, _ at: Int) {
    if translateMove(opcode, instruction, at) || translateCall(opcode, instruction, at)
      || translateJump(opcode, instruction, at) || translateNumber(opcode, instruction, at)
      || translateData(opcode, instruction, at) || translateMessaging(opcode, instruction, at)
    {
      return
    }
    goThroughDoor(at: at)
  }
}
