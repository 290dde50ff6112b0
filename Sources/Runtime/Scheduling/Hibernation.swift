import Glibc
import Lanes
import Memory
import Platform
import Synchronization
import Words

/// Lets processes that have waited for long give back the memory that they no longer use, as Erlang's `hibernate` does when
/// a program asks for it. A thread of its own looks at all processes every so often, and collects those that have not run
/// since it last looked.
///
/// N1  It takes a process as a timer does: whoever takes the park mark away holds it, and makes it runnable or parks it
///     again. Messages that come meanwhile keep it from parking.
/// N2  While it looks, `collectors.pending` counts one more, so that nobody takes a process that it holds for one that waits
///     for ever; afterwards a scheduler is woken, which looks for a deadlock again.
@safe final class Hibernation: @unchecked Sendable {
  private let shared: UnsafeMutablePointer<SharedState>
  /// Between two looks, in nanoseconds.
  private let interval: UInt64
  private let changed = EventCount()
  private let isClosing = Atomic<Bool>(false)
  private let count = Atomic<Int>(0)
  private let pool = Pool()
  /// By slot: what its process looked like when it was last seen waiting (odd), or when it was collected (even); 0: neither.
  private var marks: [UInt16] = []
  /// A process was seen waiting for the first time: the next look may collect it.
  private var hasCandidates = false

  /// Heaps of fewer words are not worth it.
  private static let worthWords = 128
  /// A look takes at most one in so many parts of the time.
  private static let rarity: UInt64 = 100

  init(_ shared: UnsafeMutablePointer<SharedState>, interval: UInt64) {
    unsafe self.shared = shared
    self.interval = interval
  }

  /// Processes collected so far.
  var collected: Int { count.load(ordering: .relaxed) }

  /// Starts the thread, which ends after `close`. False: the system gave none, and processes keep what they have.
  func start() -> Bool { Thread.start { [self] in run() } }

  func close() {
    // release: the thread that sees it does nothing with what the closer wrote; the notification orders the rest.
    isClosing.store(true, ordering: .releasing)
    changed.notify()
  }

  // MARK: On its thread

  private func run() {
    _ = setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, 10)
    var turnsSeen: UInt64 = 0
    var wait = interval
    defer { MemoryUse.releaseKept(olderThan: 0) }
    while pause(wait) {
      MemoryUse.releaseKept(olderThan: interval)
      MemoryUse.releaseScannedCells()
      let turns = turnsOfAll()
      if turns == turnsSeen && !hasCandidates { continue }
      turnsSeen = turns
      let start = Clock.now()
      look()
      while LargeBlocks.tidy() {}
      wait = max(interval, (Clock.now() - start) * Hibernation.rarity)
    }
  }

  /// Waits; false: the program is over.
  private func pause(_ nanoseconds: UInt64) -> Bool {
    let end = Clock.now() + nanoseconds
    while !isClosing.load(ordering: .acquiring) {
      let now = Clock.now()
      if now >= end { return true }
      let key = changed.prepare()
      if isClosing.load(ordering: .acquiring) {
        changed.cancel()
        return false
      }
      changed.wait(key, nanoseconds: Int64(end - now))
    }
    return false
  }

  private func turnsOfAll() -> UInt64 {
    var turns: UInt64 = 0
    for index in 0..<(unsafe shared.pointee.idle.count) {
      turns &+= unsafe shared.pointee.blocks[index].pointee.switches.load(ordering: .relaxed)
    }
    return turns
  }

  private func look() {
    hasCandidates = false
    Region.attachThread()
    defer { Region.detachThread() }
    // N2; sequentially consistent: in one order with the looks of `isDeadlocked`.
    unsafe shared.pointee.collectors.pending.wrappingAdd(1, ordering: .sequentiallyConsistent)
    var slot = 0
    var next: Int? = 0
    while let first = next, !isClosing.load(ordering: .relaxed) {
      next = unsafe shared.pointee.table.forEach(from: first, limit: 1024) { process in
        visit(process, slot)
        slot += 1
      }
    }
    unsafe shared.pointee.collectors.pending.wrappingSubtract(1, ordering: .sequentiallyConsistent)
    unsafe shared.pointee.idle.wakeOne()
  }

  func visit(_ process: Process, _ slot: Int) {
    if slot == marks.count { marks.append(0) }
    // relaxed: a hint, which spares running processes' mailboxes a look.
    guard
      unsafe process.block.pointee.status.load(ordering: .relaxed) == ProcessStatus.waiting.rawValue,
      unsafe process.block.pointee.inbox.unpark()
    else { return }
    if isWorthIt(process) { consider(process, slot) }
    giveBack(process)
  }

  private func isWorthIt(_ process: Process) -> Bool {
    let block = unsafe process.block
    let words = unsafe Int(block.pointee.heap.end - block.pointee.heap.base) / 8
    return unsafe words + block.pointee.heap.chunkWords >= Hibernation.worthWords
      || block.pointee.heap.more != nil
  }

  private func consider(_ process: Process, _ slot: Int) {
    let look = fingerprint(of: process)
    switch marks[slot] {
    case look: break
    case look | 1:
      Collecting.hibernate(process, pool: pool)
      count.wrappingAdd(1, ordering: .relaxed)
      marks[slot] = fingerprint(of: process)
    default:
      marks[slot] = look | 1
      hasCandidates = true
    }
  }

  /// An even number that nearly always is another one after the process has run.
  private func fingerprint(of process: Process) -> UInt16 {
    let block = unsafe process.block
    var bits = process.pid.bits
    bits = bits &* 31 &+ UInt64(truncatingIfNeeded: unsafe block.pointee.reductions)
    bits = bits &* 31 &+ UInt64(unsafe block.pointee.messageCount)
    bits = bits &* 31 &+ UInt64(unsafe block.pointee.heap.top)
    return UInt16(truncatingIfNeeded: bits &* 0x9E37_79B9_7F4A_7C15 >> 48) & 0xFFFE | 2
  }

  /// Parks a process again, or makes it runnable if something has come for it.
  private func giveBack(_ process: Process) {
    let deadline = unsafe process.block.pointee.deadline
    if unsafe process.block.pointee.inbox.tryPark() {
      // Its timer may have found it held. The clock that was read before that shows less than this one.
      if deadline == 0 || Clock.now() < deadline { return }
      guard unsafe process.block.pointee.inbox.unpark() else { return }
    }
    unsafe process.block.pointee.status.store(ProcessStatus.runnable.rawValue, ordering: .relaxed)
    unsafe Scheduler.enqueueFromOutside(process, shared)
  }
}
