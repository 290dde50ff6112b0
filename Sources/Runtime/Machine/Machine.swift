import Bytecode
import Memory
import Words

/// Whether the loop goes on, or why the machine gives its process back.
enum Step {
  /// It goes on.
  case next
  /// At the entry of the procedure at `pc`: the slice is used up, the frame does not fit, or a collection is due.
  case entry
  /// The same at a backward jump; `liveRegisters` is set.
  case loop
  /// In `receive`, with nothing that matches: `liveRegisters` is set, `pc` is where it looks again.
  case waiting
  /// See the process's `request`.
  case request
}

/// A process while it runs: what the machine keeps in CPU registers.
///
/// The process's own `pc`, `frame` and `reductions` are true only between `save` and `reload`: in slow paths and while
/// it is paused. Slow paths get the process, never the machine: taking its address would keep all of it in memory.
///
/// F1  At a safepoint with window `w`, registers below `w` are initialised.
/// F2  `frame[-1]` is the link: (w + 2) << 48 | return address | mark (`StackMarks`), where the caller's frame starts w + 1
///     words below. Links look like numbers, so the stack is scanned as values.
/// F3  `heap.stackTop` is at least the end of every live frame, so that objects never reach into one.
@safe struct Machine: ~Copyable {
  let process: Process
  var pc: UnsafePointer<UInt64>
  var frame: UnsafeMutablePointer<UInt64>
  var reductions: Int

  @inline(__always) init(resuming process: Process) {
    self.process = process
    unsafe pc = process.block.pointee.pc.unsafelyUnwrapped
    unsafe frame = process.block.pointee.frame.unsafelyUnwrapped
    unsafe reductions = process.block.pointee.reductions
  }

  /// Puts the machine's registers where slow paths, the collector and the next slice find them.
  @inline(__always) func save() {
    unsafe process.block.pointee.pc = unsafe pc
    unsafe process.block.pointee.frame = unsafe frame
    unsafe process.block.pointee.reductions = reductions
  }

  @inline(__always) mutating func reload() {
    unsafe pc = unsafe process.block.pointee.pc.unsafelyUnwrapped
    unsafe frame = unsafe process.block.pointee.frame.unsafelyUnwrapped
    reductions = unsafe process.block.pointee.reductions
  }

  /// The door to slow code: the registers go to the process, the path works on the process, the registers come back.
  /// A door, so that the loop stays small: Swift's inliner gives up on a function of more than some hundred blocks.
  @inline(__always) mutating func slowly(_ path: (Process, Instruction) -> Step) -> Step {
    let i = fetch()
    save()
    return answer(path(process, i))
  }

  /// Goes on as a slow path says that saw the saved registers.
  @inline(__always) mutating func answer(_ step: Step) -> Step {
    reload()
    return step
  }

  // MARK: The instruction at pc

  @inline(__always) func fetch() -> Instruction { unsafe Instruction(bits: pc.pointee) }
  @inline(__always) var here: Operands { unsafe Operands(unsafe: pc) }
  /// The second word: a constant, an address, or the second instruction of a pair.
  @inline(__always) var second: UInt64 { unsafe pc[1] }

  @inline(__always) mutating func advance(_ words: Int = 1) -> Step {
    unsafe pc += words
    return .next
  }

  @inline(__always) mutating func jump(_ offset: Int) -> Step {
    unsafe pc += offset
    return .next
  }

  // MARK: Registers

  @inline(__always) func get(_ register: Int) -> Word { unsafe Word(bits: frame[register]) }
  @inline(__always) func set(_ register: Int, _ word: Word) { unsafe frame[register] = word.bits }
}
