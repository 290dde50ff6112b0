import Bytecode
import CLinux
import Memory
import Synchronization
import Words

/// What instructions do beyond a few words of straight code. Nothing here is inlined into the loop, and nothing here
/// sees the machine: only the process, whose registers have been saved where a path needs them.
enum SlowPaths {
  // MARK: Calls

  /// Calls a Prelude procedure with the window that the pair's second word names. False: it cannot be entered now.
  @inline(never) static func enter(_ process: Process, _ call: SlowCall, _ x: Word, _ y: Word) -> Bool {
    let block = unsafe process.block
    let pc = unsafe block.pointee.pc.unsafelyUnwrapped
    let frame = unsafe block.pointee.frame.unsafelyUnwrapped
    let follow = unsafe Instruction(bits: pc[1])
    let w = follow.opcode == .move ? follow.b : follow.a
    unsafe frame[w] = Machine.link(pc + 1, window: w)
    unsafe frame[w + 1] = x.bits
    if call.arity == 2 { unsafe frame[w + 2] = y.bits }
    return unsafe enter(process, Loader.slowCode(call), frame + w + 1)
  }

  /// Sets a process to a procedure's entry, with the checks of `Machine.enterChecked`. False: it must stop there.
  static func enter(
    _ process: Process, _ code: UnsafePointer<UInt64>, _ frame: UnsafeMutablePointer<UInt64>
  ) -> Bool {
    let block = unsafe process.block
    unsafe block.pointee.pc = code
    unsafe block.pointee.frame = frame
    unsafe block.pointee.reductions -= 1
    let end = unsafe UInt(bitPattern: frame) + UInt(CodeEntry(unsafe: code).frameSize) * 8
    if unsafe block.pointee.reductions < 0 || end > block.pointee.heap.top { return false }
    if unsafe end > block.pointee.heap.stackTop { unsafe block.pointee.heap.stackTop = end }
    return true
  }

  @inline(never) static func addInteger(_ process: Process, _ i: Instruction) -> Step {
    let x = register(process, i.b)
    let isEntered =
      switch i.x {
      case 1: enter(process, .subtract, x, Word(-i.signedC))
      case 2: enter(process, .increment, x, .nil)
      case 3: enter(process, .decrement, x, .nil)
      default: enter(process, .add, x, Word(i.signedC))
      }
    return isEntered ? .next : .entry
  }

  /// `callDirect`, for those that call only when they must.
  @inline(never) static func callDirect(_ process: Process, _ i: Instruction) -> Step {
    let block = unsafe process.block
    let pc = unsafe block.pointee.pc.unsafelyUnwrapped
    let frame = unsafe block.pointee.frame.unsafelyUnwrapped
    unsafe frame[i.a] = Machine.link(pc + 2, window: i.a)
    let code = unsafe UnsafePointer<UInt64>(bitPattern: UInt(pc[1])).unsafelyUnwrapped
    return unsafe enter(process, code, frame + i.a + 1) ? .next : .entry
  }

  /// A call of what is not simply a function that has code for so many arguments.
  @inline(never) static func callOther(_ process: Process, _ i: Instruction) -> Step {
    let block = unsafe process.block
    let pc = unsafe block.pointee.pc.unsafelyUnwrapped
    let frame = unsafe block.pointee.frame.unsafelyUnwrapped
    switch resolve(process, callee: i.a, arguments: i.a + 1, count: i.b) {
    case .enter(let code):
      unsafe frame[i.a] = Machine.link(pc + 1, window: i.a)
      let entry = CodeEntry(unsafe: code)
      return unsafe enter(process, entry.code, frame + i.a + 1) ? .next : .entry
    case .value(let word):
      unsafe frame[i.a] = word.bits
      unsafe block.pointee.pc = pc + 1
      return .next
    case .stop:
      unsafe block.pointee.liveRegisters = i.a + i.b + 1
      return .request
    }
  }

  @inline(never) static func tailCallOther(_ process: Process, _ i: Instruction) -> Step {
    let block = unsafe process.block
    let frame = unsafe block.pointee.frame.unsafelyUnwrapped
    switch resolve(process, callee: i.a, arguments: i.a + 1, count: i.b) {
    case .enter(let code):
      let entry = CodeEntry(unsafe: code)
      for k in 0..<entry.liveRegisters { unsafe frame[k] = frame[i.a + 1 + k] }
      return unsafe enter(process, entry.code, frame) ? .next : .entry
    case .value(let word):
      let link = unsafe frame[-1]
      unsafe frame[-1] = word.bits
      unsafe block.pointee.frame = frame + (1 - Int(link >> 48))
      unsafe block.pointee.pc = UnsafePointer(bitPattern: UInt(link & StackMarks.addressMask))
      return .next
    case .stop:
      unsafe block.pointee.liveRegisters = i.a + i.b + 1
      return .request
    }
  }

  /// A native has asked for something: it has entered a procedure (`apply`), or the scheduler must act.
  @inline(never) static func nativeRequest(_ process: Process, _ i: Instruction) -> Step {
    let block = unsafe process.block
    switch unsafe block.pointee.request {
    case .entered:
      unsafe block.pointee.request = .none
      let code = unsafe block.pointee.pc.unsafelyUnwrapped
      return unsafe enter(process, code, block.pointee.frame.unsafelyUnwrapped) ? .next : .entry
    case .yield:
      unsafe block.pointee.frame.unsafelyUnwrapped[i.a] = Keywords.ok.bits
      unsafe block.pointee.liveRegisters = i.a + 1
      unsafe block.pointee.pc = block.pointee.pc.unsafelyUnwrapped + 1
      return .request
    default:
      unsafe block.pointee.liveRegisters = i.a + i.b
      return .request
    }
  }

  @inline(never) static func runNative(
    _ process: Process, _ number: Int, _ arguments: UnsafeMutablePointer<UInt64>, _ count: Int
  ) -> Word {
    guard let native = Native(rawValue: UInt16(truncatingIfNeeded: number)) else {
      return process.panic("bad bytecode: there is no native \(number)")
    }
    let scheduler = unsafe process.scheduler
    let isTimed = unsafe scheduler.pointee.isAudited
    let start = isTimed ? ludi_monotonic_nanoseconds() : 0
    let result = unsafe NativeTable.run(native, NativeCall(process, unsafe: arguments, count: count))
    if isTimed { unsafe scheduler.pointee.steps.called(native, since: start) }
    return process.heap.isExhausted ? process.panic("out of memory") : result
  }

  // MARK: Whole numbers

  /// `mod`: here for whole numbers ≥ 0 of less than 2^53, where integers are exact; else the Prelude's.
  @inline(never) static func modulo(_ process: Process, _ i: Instruction) -> Step {
    let x = register(process, i.b)
    let y = register(process, i.c)
    guard let (n, m) = naturals(x, y) else { return enter(process, .modulo, x, y) ? .next : .entry }
    return setPair(process, i, Word(n % m))
  }

  /// `quot` likewise. The truncated quotient of doubles, which is what `quot` gives, is the same there.
  @inline(never) static func quotient(_ process: Process, _ i: Instruction) -> Step {
    let x = register(process, i.b)
    let y = register(process, i.c)
    guard let (n, m) = naturals(x, y) else { return enter(process, .quotient, x, y) ? .next : .entry }
    return setPair(process, i, Word(n / m))
  }

  /// Two numbers that can be divided so.
  @inline(__always) static func naturals(_ x: Word, _ y: Word) -> (Int, Int)? {
    guard let n = natural(x), let m = natural(y), m > 0 else { return nil }
    return (n, m)
  }

  /// -0 is none: its remainder is -0.
  @inline(__always) private static func natural(_ x: Word) -> Int? {
    guard x.isNumber else { return nil }
    let number = x.number
    guard number >= 0, number < 9_007_199_254_740_992, x != Word(-0.0) else { return nil }
    let n = Int(number)
    return Double(n) == number ? n : nil
  }

  /// The result of a pair that needs no call.
  @inline(__always) private static func setPair(_ process: Process, _ i: Instruction, _ word: Word) -> Step {
    let block = unsafe process.block
    unsafe block.pointee.frame.unsafelyUnwrapped[i.a] = word.bits
    unsafe block.pointee.pc = block.pointee.pc.unsafelyUnwrapped + 2
    return .next
  }

  // MARK: Tests

  /// What a comparison of two objects comes to.
  struct Comparison {
    let isEqual: Bool
    /// It has been broken off: the instruction is to be executed again.
    let isStuck: Bool
    /// Reductions.
    let work: Int
  }

  @inline(never) static func equal(_ process: Process, _ x: Word, _ y: Word) -> Comparison {
    var work = Work(process)
    let isEqual = Equality.equal(x, y, &work)
    let answer = process.settle(work, Word(isEqual))
    return Comparison(isEqual: isEqual, isStuck: answer == .request, work: work.done >> 3)
  }

  @inline(never) static func type(_ word: Word) -> Int { Int(TypeCode.of(word).rawValue) }

  @inline(never) static func find(_ word: Word, _ key: Word, _ type: TypeCode) -> (Word, work: Int) {
    // Keys are keywords: nothing is compared that takes long.
    var work = Work()
    if type == .dict {
      guard Dicts.isDict(word) else { return (.absent, 0) }
      return (Dicts.find(word, key, &work), work.done >> 3)
    }
    return (Structs.isStruct(word) ? Structs.find(word, key) : .absent, 0)
  }

  /// `word :key`, and `:key (word)`.
  @inline(never) static func key(_ process: Process, _ word: Word, _ key: Word) -> Word {
    if Dicts.isDict(word) {
      var work = Work()
      let found = Dicts.find(word, key, &work)
      return found == .absent ? .nil : found
    }
    let found: Word
    if Structs.isStruct(word) {
      found = Structs.find(word, key)
    } else if Namespaces.isNamespace(word) {
      found = Namespaces.find(word, key)
    } else {
      return .nil
    }
    if found != .absent { return found }
    return process.panic("no key \(Show.text(key)) in \(Show.text(word))")
  }

  // MARK: Making

  /// `request` if that goes on in the next slice.
  @inline(never) static func tupleRest(_ process: Process, _ tuple: Word, _ start: Int) -> Word {
    if tuple == .emptyTuple { return .emptyList }
    if Tuples.count(tuple) - start > ListNatives.movedAtOnce {
      return process.sliced { ListMaking(process.heap, HeapObject(tuple), from: start) }
    }
    return Tuples.list(process.heap, tuple, from: start)
  }

  @inline(never) static func listRest(_ heap: Heap, _ list: Word, _ count: Int) -> Word {
    Lists.drop(heap, list, count)
  }

  /// `append` to a list, or the Prelude's.
  @inline(never) static func append(_ process: Process, _ i: Instruction) -> Step {
    let list = register(process, i.b)
    let x = register(process, i.c)
    guard Lists.isList(list) else { return enter(process, .append, list, x) ? .next : .entry }
    return setPair(process, i, Lists.append(process.heap, list, x))
  }

  static func register(_ process: Process, _ index: Int) -> Word {
    unsafe Word(bits: process.block.pointee.frame.unsafelyUnwrapped[index])
  }

  @inline(never) static func makeList(_ process: Process, _ first: Int, _ count: Int) -> Word {
    if count == 0 { return .emptyList }
    return Lists.make(process.heap, count: count) { register(process, first + $0) }
  }

  /// `request` if keys are so large that it has to be done again.
  @inline(never) static func makeCollection(
    _ process: Process, _ type: TypeCode, _ first: Int, _ count: Int
  ) -> Word {
    attempt(process) { work in
      if type == .set {
        return Sets.make(process.heap, count: count, &work) { register(process, first + $0) }
      }
      let key = { register(process, first + 2 * $0) }
      let value = { register(process, first + 2 * $0 + 1) }
      if type == .dict { return Dicts.make(process.heap, count: count, &work, key: key, value: value) }
      return Structs.make(process.heap, count: count, &work, key: key, value: value)
    }
  }

  @inline(__always) private static func attempt(_ process: Process, _ body: (inout Work) -> Word) -> Word {
    var work = Work(process)
    let result = body(&work)
    process.charge(work.done >> 3)
    return process.settle(work, result)
  }

  @inline(never) static func makeNamespace(
    _ process: Process, _ name: Word, _ first: Int, _ count: Int
  ) -> Word {
    attempt(process) { work in
      Namespaces.make(
        process.heap, name: name, count: count, &work, key: { register(process, first + 2 * $0) },
        value: { register(process, first + 2 * $0 + 1) })
    }
  }

  /// `request` if it has to be done again.
  @inline(never) static func dictRest(_ process: Process, _ first: Int, _ count: Int) -> Word {
    attempt(process) { work in
      var dict = register(process, first)
      if Structs.isStruct(dict), dict.isPointer {
        let members = HeapObject(dict)
        dict = Dicts.make(
          process.heap, count: members.size / 2, &work, key: { members[2 * $0] },
          value: { members[2 * $0 + 1] })
      } else if dict == .emptyStruct {
        dict = .emptyDict
      }
      for k in 0..<count { dict = Dicts.remove(process.heap, dict, register(process, first + 1 + k), &work) }
      return dict
    }
  }

  /// The parts of an interpolated string.
  private struct Registers: ShownItems {
    let process: Process
    var index: Int
    let end: Int

    mutating func next() -> Word {
      defer { index += 1 }
      return index < end ? register(process, index) : .absent
    }
  }

  /// Registers joined as `string` would join them; `request` if that goes on in the next slice.
  @inline(never) static func interpolate(_ process: Process, _ first: Int, _ count: Int) -> Word {
    process.begun { TextShow(Registers(process: process, index: first, end: first + count)) }
  }

  // MARK: Toplevel names

  /// A global: its value, then its name. The value is written once and read by every process.
  private static func slot(_ address: UInt64) -> UnsafeMutablePointer<Atomic<UInt64>> {
    // SAFETY: the loader wrote the address into the code.
    unsafe UnsafeMutablePointer(bitPattern: UInt(address)).unsafelyUnwrapped
  }

  @inline(never) static func global(_ address: UInt64) -> Word {
    // acquire: pairs with the release in `storeGlobal`: who sees the value sees the object.
    unsafe Word(bits: slot(address).pointee.load(ordering: .acquiring))
  }

  @inline(never) static func globalName(_ address: UInt64) -> StringView {
    unsafe StringView(Word(bits: slot(address)[1].load(ordering: .relaxed)))
  }

  @inline(never) static func storeGlobal(_ address: UInt64, _ value: Word) {
    let published = ImmortalArea.publish(value)
    // release: pairs with the acquire in `global`.
    unsafe slot(address).pointee.store(published.bits, ordering: .releasing)
  }

  // MARK: Panics

  @inline(never) static func panic(_ process: Process, _ message: String, detail: String = "") {
    _ = process.panic(message, detail: detail)
  }

  @inline(never) static func panicUnbound(_ process: Process, _ name: StringView) {
    panic(process, "name \(name.string) is used before it is bound")
  }

  @inline(never) static func panicNoMatch(_ process: Process, _ value: Word) {
    panic(process, "no match: \(Show.text(value))")
  }

  @inline(never) static func panicCount(_ process: Process, _ value: Word) {
    panic(process, "repeat needs a whole number of 0 or more, but got \(Show.text(value))")
  }

  /// No clause of the running procedure took the arguments in its first registers.
  @inline(never) static func panicNoClause(_ process: Process, first: Int, count: Int, isLoop: Bool) {
    let code = CodeEntryOfProcess.running(process)
    let function = code?.function
    let list = register(process, 0)
    let isVariadic = !isLoop && code?.isVariadic == true && Lists.isList(list)
    let arguments = (0..<(isVariadic ? Lists.count(list) : count)).lazy.map {
      isVariadic ? Lists.at(list, $0) : register(process, first + $0)
    }
    panicNoClause(process, isLoop ? nil : function, arguments)
  }

  static func panicNoClause(
    _ process: Process, _ function: FunctionInfo?, _ arguments: some Sequence<Word>
  ) {
    let name = function?.name.string ?? "loop"
    let shown = Show.text(of: arguments)
    var detail = ""
    if let function, Lists.isList(function.clauses), Lists.count(function.clauses) > 0 {
      detail = "its clauses are:"
      for i in 0..<Lists.count(function.clauses) {
        detail += "\n  \(StringView(Lists.at(function.clauses, i)).string)"
      }
    }
    panic(process, "no match: \(name) was called with (\(shown))", detail: detail)
  }
}
