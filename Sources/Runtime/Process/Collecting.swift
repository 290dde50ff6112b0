import Memory
import Words

/// When and how a process's heap is collected.
enum Collecting {
  enum Outcome {
    case done
    /// The process has outgrown its limit, or the system's memory.
    case outOfMemory
    /// It would take long: a collector thread is to do it (`finish`).
    case deferred
  }

  /// Words moved for which one reduction is charged: a collection costs its process about what it takes.
  private static let wordsPerReduction = 16
  /// Words of a block from which on its collections are timed. A smaller one takes no longer than reading the clock, and
  /// is only counted.
  private static let timedFrom = 512
  /// A collection of more work, in words, is left to a collector thread: this many take less than 200 µs.
  private static let longWork = Torture.isOn ? 300 : 65_536

  /// Collects a paused process.
  /// - Parameters:
  ///   - frameSize: registers of the running frame; nil: not known, so that the stack keeps what it had
  ///   - mayDefer: there are collector threads
  static func collect(_ process: Process, frameSize: Int?, pool: Pool, mayDefer: Bool = false) -> Outcome {
    if process.heap.isSingle {
      return SingleCollecting.collect(process, frameSize: frameSize) ? .done : .outOfMemory
    }
    if process.heap.isExhausted { return .outOfMemory }
    let stack = Stack(process, frameSize)
    let kind = process.heap.dueCollection(liveStack: stack.live)
    if mayDefer && isLong(process, kind, stack) {
      process.extra.collectsFor = frameSize ?? -1
      return .deferred
    }
    let isTimed = kind != .small || process.heap.blockWords >= timedFrom
    let start = isTimed ? Clock.now() : 0
    guard let moved = collect(process, kind, frameSize, pool) else { return .outOfMemory }
    if isTimed {
      unsafe process.scheduler.pointee.collections.record(Clock.now() &- start)
    } else {
      unsafe process.scheduler.pointee.smallCollections.add(1)
    }
    unsafe process.scheduler.pointee.movedWords.add(UInt64(moved))
    if moved >= StepMeter.collectionFrom {
      unsafe process.scheduler.pointee.steps.step(.collection(words: moved), process)
    }
    return isWithinLimit(process, kind) ? .done : .outOfMemory
  }

  /// Whether the heap is as large as it may be. After a minor collection nobody knows: then a full one is to find out.
  private static func isWithinLimit(_ process: Process, _ kind: CollectionKind) -> Bool {
    guard unsafe process.block.pointee.heap.isOverLimit else { return true }
    if kind == .minor { process.heap.requestFullCollection() }
    return kind == .minor
  }

  /// Does what `collect` has deferred, on another thread. The words that were moved; nil: out of memory.
  static func finish(_ process: Process, pool: Pool) -> Int? {
    let frameSize = process.extra.collectsFor < 0 ? nil : process.extra.collectsFor
    let kind = process.heap.dueCollection(liveStack: Stack(process, frameSize).live)
    guard let moved = collect(process, kind, frameSize, pool) else { return nil }
    return isWithinLimit(process, kind) ? moved : nil
  }

  /// Lets a process that is out of memory end in its next slice.
  static func refuse(_ process: Process) {
    _ = process.panic("out of memory")
    unsafe process.block.pointee.pc = unsafe Boot.requesting
  }

  /// Gives back what a waiting process does not use, on a thread that is no scheduler: all of its heap is collected, into a
  /// block that is little larger than what is alive. If there is no memory for that, the process keeps what it has.
  static func hibernate(_ process: Process, pool: Pool) {
    let heap = process.heap
    if unsafe process.block.pointee.heap.more != nil { heap.requestFullCollection() }
    let kind = heap.dueCollection(liveStack: Stack(process, nil).live)
    guard collect(process, kind, nil, pool) != nil else { return }
    let block = unsafe process.block
    let stack = Stack(process, nil)
    let words = unsafe Int(block.pointee.heap.end - block.pointee.heap.base) / 8
    let needed = unsafe block.pointee.heap.liveWords + stack.kept - stack.live + hibernatingRoom
    guard unsafe !block.pointee.heap.isGenerational, HeapBlock.size(atLeast: needed) * 4 <= words * 3 else {
      return
    }
    _ = collectOnce(process, .small, stack, room: needed, pool)
  }

  /// Words that stay free, so that a process which wakes can look at a message before it needs a larger block.
  private static let hibernatingRoom = 16

  private static func isLong(_ process: Process, _ kind: CollectionKind, _ stack: Stack) -> Bool {
    var work = process.heap.work(kind, liveStack: stack.live)
    // A minor collection moves the stack if it needs a larger block.
    if kind == .minor { work += stack.live - StackMarks.settled(process, upTo: longWork) + stack.kept / 4 }
    return work > longWork || kind == .minor && process.heap.meetsFreshPages()
  }

  /// The words that were moved; nil: no memory.
  private static func collect(
    _ process: Process, _ kind: CollectionKind, _ frameSize: Int?, _ pool: Pool
  ) -> Int? {
    let block = unsafe process.block
    let stack = Stack(process, frameSize)
    guard let moved = collectOnce(process, kind, stack, room: nil, pool) else { return nil }
    // Not after a minor one: then nobody knows how much is alive.
    let mayShrink = kind == .small || kind == .full && process.heap.shouldLoseGenerations()
    if mayShrink { shrink(process, frameSize, pool) }
    unsafe block.pointee.neededWords = 0
    if Torture.isDue(process.heap) { process.heap.requestCollection() }
    return moved
  }

  /// Exchanges a block of which little is alive for a smaller one.
  private static func shrink(_ process: Process, _ frameSize: Int?, _ pool: Pool) {
    let block = unsafe process.block
    let words = unsafe Int(block.pointee.heap.end - block.pointee.heap.base) / 8
    let live = unsafe block.pointee.heap.liveWords + block.pointee.neededWords
    guard HeapSizing.isWasteful(words: words, live: live + (frameSize ?? 0)) else { return }
    let stack = unsafe Int(block.pointee.heap.stackTop - block.pointee.heap.base) / 8
    _ = collectOnce(process, .small, Stack(process, frameSize), room: live * 2 + stack * 2 + 64, pool)
  }

  /// How far the stack of a paused process reaches, in words from the block's start.
  private struct Stack {
    /// To the first register of the running frame.
    let depth: Int
    /// To the last register that is alive.
    let live: Int
    /// What stays reserved (F3). A caller's frame may end above that of the procedure that is being entered, so the stack
    /// keeps what it had; once that is much more than it seems to need (a recursion has returned), its frames are asked.
    let kept: Int

    init(_ process: Process, _ frameSize: Int?) {
      let block = unsafe process.block
      let base = unsafe block.pointee.heap.base
      depth = unsafe Int(UInt(bitPattern: block.pointee.frame) - base) / 8
      live = unsafe depth + block.pointee.liveRegisters
      let reserved = unsafe Int(block.pointee.heap.stackTop - base) / 8
      let needed = unsafe depth + (frameSize ?? block.pointee.liveRegisters)
      if reserved > needed * 2 + 256, let reach = Stacks.reach(of: process) {
        kept = max(reach, needed, live)
      } else {
        kept = max(reserved, needed, live)
      }
    }
  }

  private static func collectOnce(
    _ process: Process, _ kind: CollectionKind, _ stack: Stack, room: Int?, _ pool: Pool
  ) -> Int? {
    let block = unsafe process.block
    let need = unsafe block.pointee.neededWords
    // A heap that grows towards its limit ends there, not at the limit of the machine.
    if unsafe stack.kept + need > block.pointee.heap.limitWords { return nil }
    let place = unsafe withUnsafeMutablePointer(to: &block.pointee.heap) { unsafe $0 }
    var request = MinorCollection.Request(liveStack: stack.live, keptStack: stack.kept, need: need)
    let work: Int?
    switch kind {
    case .small:
      unsafe work = Scavenger.collect(
        place, liveStack: stack.live, keptStack: stack.kept, need: need, room: room, pool: pool,
        visitRoots: process.visitRoots)
    case .minor:
      (request.settled, request.deep) = StackMarks.advance(process, liveStack: stack.live)
      unsafe work = MinorCollection.collect(
        place, request, pool: pool, visitRoots: process.visitYoungRoots)
    case .full:
      unsafe work = FullCollection.collect(
        place, request, pool: pool, visitRoots: process.visitRootsSettling)
    }
    guard let work else { return nil }
    unsafe block.pointee.frame = unsafe UnsafeMutablePointer(
      bitPattern: place.pointee.base + UInt(stack.depth * 8))
    process.charge(work / wordsPerReduction)
    if Torture.isDue(process.heap) { check(process, liveStack: stack.live) }
    return work
  }

  /// Stops the VM if a collection has left a heap that is not sound (design §10).
  private static func check(_ process: Process, liveStack: Int) {
    let place = unsafe withUnsafeMutablePointer(to: &process.block.pointee.heap) { unsafe $0 }
    let settled = StackMarks.settled(process, upTo: Int.max)
    guard
      let wrong = unsafe HeapCheck.complaint(
        about: place, liveStack: liveStack, settled: settled, visitRoots: process.visitRoots)
    else { return }
    let stack = Stacks.places(of: process, limit: 12).map { "  " + $0.text }.joined(separator: "\n")
    fatalError("broken heap of process \(Show.showNumber(of: process.pid)): \(wrong)\n\(stack)")
  }
}
