import Memory
import Words

/// When and how a process's heap is collected.
enum Collecting {
  /// Words moved for which one reduction is charged: a collection costs its process about what it takes.
  private static let wordsPerReduction = 16

  /// Collects a paused process.
  /// - Parameter frameSize: registers of the running frame; nil: not known, so that the stack keeps what it had
  /// - Returns: false if it has outgrown its limit, or the system's memory
  static func collect(_ process: Process, frameSize: Int?, pool: Pool) -> Bool {
    if process.heap.isSingle { return SingleCollecting.collect(process, frameSize: frameSize) }
    let start = Clock.now()
    defer { unsafe process.scheduler.pointee.collections.record(Clock.now() &- start) }
    return collectNow(process, frameSize, pool)
  }

  private static func collectNow(_ process: Process, _ frameSize: Int?, _ pool: Pool) -> Bool {
    let block = unsafe process.block
    if unsafe block.pointee.heap.isExhausted { return false }
    guard collectOnce(process, frameSize, room: nil, pool) else { return false }
    let words = unsafe Int(block.pointee.heap.end - block.pointee.heap.base) / 8
    let live = unsafe block.pointee.heap.liveWords + block.pointee.neededWords
    if HeapSizing.isWasteful(words: words, live: live + (frameSize ?? 0)) {
      let stack = unsafe Int(block.pointee.heap.stackTop - block.pointee.heap.base) / 8
      _ = collectOnce(process, frameSize, room: live * 2 + stack * 2 + 64, pool)
    }
    unsafe block.pointee.neededWords = 0
    let isWithinLimit = unsafe !block.pointee.heap.isOverLimit
    if unsafe Torture.isDue(liveWords: block.pointee.heap.liveWords) { process.heap.requestCollection() }
    return isWithinLimit
  }

  /// Words of the block that stay reserved for the stack (F3). A caller's frame may end above that of the procedure that
  /// is being entered, so the stack keeps what it had; once that is much more than it seems to need (a recursion has
  /// returned), its frames are asked.
  private static func keptStack(_ process: Process, _ depth: Int, _ frameSize: Int?) -> Int {
    let block = unsafe process.block
    let reserved = unsafe Int(block.pointee.heap.stackTop - block.pointee.heap.base) / 8
    let needed = unsafe depth + (frameSize ?? block.pointee.liveRegisters)
    guard reserved > needed * 2 + 256, let reach = Stacks.reach(of: process) else {
      return max(reserved, needed)
    }
    return max(reach, needed)
  }

  private static func collectOnce(_ process: Process, _ frameSize: Int?, room: Int?, _ pool: Pool) -> Bool {
    let block = unsafe process.block
    let base = unsafe block.pointee.heap.base
    let depth = unsafe Int(UInt(bitPattern: block.pointee.frame) - base) / 8
    let live = unsafe depth + block.pointee.liveRegisters
    let kept = keptStack(process, depth, frameSize)
    let need = unsafe block.pointee.neededWords
    // A heap that grows towards its limit ends there, not at the limit of the machine.
    if unsafe kept + need > block.pointee.heap.limitWords { return false }
    let place = unsafe withUnsafeMutablePointer(to: &block.pointee.heap) { unsafe $0 }
    guard
      let moved = unsafe Scavenger.collect(
        place, liveStack: live, keptStack: max(kept, live), need: need, room: room, pool: pool,
        visitRoots: process.visitRoots)
    else { return false }
    unsafe block.pointee.frame = unsafe UnsafeMutablePointer(bitPattern: place.pointee.base + UInt(depth * 8))
    process.charge(moved / wordsPerReduction)
    unsafe process.scheduler.pointee.movedWords.add(UInt64(moved))
    if moved >= StepMeter.collectionFrom {
      unsafe process.scheduler.pointee.steps.step(.collection(words: moved), process)
    }
    if Torture.isOn { check(process, liveStack: live) }
    return true
  }

  /// Stops the VM if a collection has left a heap that is not sound (design §10).
  private static func check(_ process: Process, liveStack: Int) {
    let place = unsafe withUnsafeMutablePointer(to: &process.block.pointee.heap) { unsafe $0 }
    guard
      let wrong = unsafe HeapCheck.complaint(
        about: place, liveStack: liveStack, visitRoots: process.visitRoots)
    else { return }
    let stack = Stacks.places(of: process, limit: 12).map { "  " + $0.text }.joined(separator: "\n")
    fatalError("broken heap of process \(Show.showNumber(of: process.pid)): \(wrong)\n\(stack)")
  }
}
