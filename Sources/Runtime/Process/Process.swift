import CLinux
import Memory
import Words

/// A handle on a process: the address of its control block.
@safe struct Process: Equatable {
  let block: UnsafeMutablePointer<ProcessBlock>

  init(unsafe block: UnsafeMutablePointer<ProcessBlock>) { unsafe self.block = block }

  /// The process at an address that a run queue or an inject queue held.
  init(queued address: UInt) {
    unsafe block = UnsafeMutablePointer(bitPattern: address).unsafelyUnwrapped
  }

  var address: UInt { unsafe UInt(bitPattern: block) }

  static func == (x: Process, y: Process) -> Bool { unsafe x.block == y.block }

  var pid: Word { unsafe Word(bits: block.pointee.pid.load(ordering: .relaxed)) }

  var heap: Heap {
    // SAFETY: the block is never unmapped; `withUnsafeMutablePointer` on a field of a pointee gives its place.
    unsafe Heap(unsafe: withUnsafeMutablePointer(to: &block.pointee.heap) { unsafe $0 })
  }

  /// It will be used soon, and is probably in no cache. Anybody may say so.
  func expect() {
    for line in 0..<4 { unsafe ludi_prefetch(UnsafeRawPointer(block) + 64 * line) }
  }

  /// Asks for its stack and the top of its heap ahead, as far as they lie close together. Its block must be at hand.
  func expectMemory() {
    let (base, frame, top) = unsafe (block.pointee.heap.base, block.pointee.frame, block.pointee.heap.top)
    unsafe ludi_prefetch(UnsafeRawPointer(bitPattern: base))
    unsafe ludi_prefetch(frame)
    unsafe ludi_prefetch(UnsafeRawPointer(bitPattern: top))
  }

  var scheduler: UnsafeMutablePointer<SchedulerBlock> { unsafe block.pointee.scheduler.unsafelyUnwrapped }

  var pool: Pool { unsafe scheduler.pointee.pool }

  /// The rarely needed part, made now if it is not there.
  var extra: ProcessExtra {
    if let extra = unsafe block.pointee.extra { return unsafe extra.takeUnretainedValue() }
    let made = ProcessExtra()
    unsafe block.pointee.extra = Unmanaged.passRetained(made)
    return made
  }

  /// What the instruction at `pc` has come to so far, if that takes more than a slice.
  var work: SlicedWork? {
    get { unsafe block.pointee.extra?.takeUnretainedValue().work }
    nonmutating set {
      if newValue != nil || (unsafe block.pointee.extra != nil) { extra.work = newValue }
    }
  }

  /// Ends the process with a panic at the instruction that it is at. What a native returns.
  func panic(_ message: String, detail: String = "") -> Word {
    let extra = extra
    extra.panicMessage = message
    extra.panicDetail = detail
    return ask(.panic)
  }

  /// The same with a message that is a string of the program's, which may be large: it is not copied.
  func panic(saying message: Word) -> Word { ask(.panic, message) }

  func ask(_ request: ProcessRequest, _ value: Word = .nil) -> Word {
    unsafe block.pointee.request = request
    unsafe block.pointee.requestValue = value
    return .request
  }

  /// Charges work that the machine does not count by itself.
  func charge(_ reductions: Int) { unsafe block.pointee.reductions -= reductions }
}
