import Memory
import Words

/// What a safepoint does for a process of the single heap in place of a private collection: its stack gets the size that it
/// needs, its account is looked at, and if a collection of the heap is due, all schedulers are asked to stop for it.
enum SingleCollecting {
  /// - Parameter frameSize: registers of the running frame; nil: not known
  /// - Returns: false if the process has outgrown its limit, or memory was refused
  static func collect(_ process: Process, frameSize: Int?) -> Bool {
    let block = unsafe process.block
    if unsafe block.pointee.heap.isExhausted { return false }
    if unsafe block.pointee.heap.wantsCollection {
      unsafe block.pointee.heap.wantsCollection = false
      unsafe block.pointee.heap.top = unsafe block.pointee.heap.end
    }
    guard fitStack(process, frameSize), process.heap.isWithinSingleLimit() else { return false }
    unsafe block.pointee.neededWords = 0
    let refusal = process.heap.refusal()
    if refusal == .final { return false }
    // Asked again at the next safepoint, which is behind the collection.
    if refusal == .collectFirst { process.heap.requestCollection() }
    if refusal == .collectFirst || SingleHeap.isDue {
      unsafe process.scheduler.pointee.shared.pointee.policies?.takeUnretainedValue().requestCollection()
      // The slice ends here, so that the schedulers meet soon.
      unsafe block.pointee.reductions = min(block.pointee.reductions, 0)
    }
    return true
  }

  /// Moves the stack to a block of another size if it needs more, or much less. Only it is in there.
  private static func fitStack(_ process: Process, _ frameSize: Int?) -> Bool {
    let block = unsafe process.block
    let base = unsafe block.pointee.heap.base
    let words = unsafe Int(block.pointee.heap.end - base) / 8
    let depth = unsafe Int(UInt(bitPattern: block.pointee.frame) - base) / 8
    let live = unsafe depth + block.pointee.liveRegisters
    let entered = unsafe depth + (frameSize ?? block.pointee.liveRegisters)
    let more = unsafe block.pointee.neededWords
    if entered <= words && more == 0 && !isWasteful(words, entered) { return true }
    // A caller's frame may end above that of the procedure that is being entered (F3).
    let needed = max(entered, Stacks.reach(of: process) ?? words) + more
    if unsafe needed > block.pointee.heap.limitWords { return false }
    if needed <= words && !isWasteful(words, needed) { return true }
    let size = HeapBlock.size(atLeast: needed * 2)
    let place = HeapBlock.allocateScanned(words: size)
    guard place != 0 else { return false }
    let source = unsafe UnsafePointer<UInt64>(bitPattern: base).unsafelyUnwrapped
    unsafe UnsafeMutablePointer<UInt64>(bitPattern: place).unsafelyUnwrapped
      .update(from: source, count: min(live, words))
    HeapBlock.freeScanned(base)
    unsafe block.pointee.heap.base = place
    unsafe block.pointee.heap.end = place + UInt(size * 8)
    unsafe block.pointee.heap.top = place + UInt(size * 8)
    unsafe block.pointee.heap.stackTop = place + UInt(size * 8)
    unsafe block.pointee.frame = unsafe UnsafeMutablePointer(bitPattern: place + UInt(depth * 8))
    return true
  }

  /// Less than an eighth of the block is needed.
  private static func isWasteful(_ words: Int, _ needed: Int) -> Bool { words > 256 && needed * 8 < words }
}
