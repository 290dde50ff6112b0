import Lanes
import Memory
import Words

/// The birth of processes.
enum Spawning {
  /// Makes a process that will call `function` (of no arguments), and makes it runnable. `limit`: words of its heap;
  /// `isRef`: it belongs to a ref, so that nobody waits for its end.
  /// - Returns: its pid; nil if there are as many processes as there may be.
  static func spawn(
    _ function: Word, parent: Word, limit: Int = Heap.defaultLimit, isRef: Bool = false,
    priority: Priority = .normal,
    on scheduler: UnsafeMutablePointer<SchedulerBlock>
  ) -> Word? {
    let cell = unsafe Sending.makeCell(function, .message, to: .nil, pool: scheduler.pointee.pool)
    return unsafe spawn(
      cell, parent: parent, limit: limit, isRef: isRef, priority: priority, on: scheduler)
  }

  /// The same with a function that a cell carries, which is given back if there is no process.
  static func spawn(
    _ function: MessageCell, parent: Word, limit: Int = Heap.defaultLimit, isRef: Bool = false,
    priority: Priority = .normal,
    on scheduler: UnsafeMutablePointer<SchedulerBlock>
  ) -> Word? {
    guard let block = unsafe takeSlot(scheduler) else {
      unsafe function.free(pool: scheduler.pointee.pool)
      return nil
    }
    let pid = unsafe prepare(block, parent: parent, on: scheduler)
    unsafe block.pointee.heap.limitWords = limit
    unsafe block.pointee.label = FunctionInfo(function.value).map { Word(.function, $0.index) } ?? .nil
    unsafe block.pointee.outcome = function.address
    unsafe block.pointee.setKind(isRef: isRef, priority: priority)
    if !isRef { unsafe scheduler.pointee.spawned.count() }
    unsafe block.pointee.inbox.reopen()
    unsafe Scheduler.enqueue(Process(unsafe: block), on: scheduler)
    return pid
  }

  private static func takeSlot(
    _ scheduler: UnsafeMutablePointer<SchedulerBlock>
  ) -> UnsafeMutablePointer<ProcessBlock>? {
    if let block = unsafe scheduler.pointee.freeSlots.take() { return unsafe block }
    if unsafe scheduler.pointee.shared.pointee.table.refill(&scheduler.pointee.freeSlots) {
      unsafe lookForCrowd(scheduler)
      return unsafe scheduler.pointee.freeSlots.take()
    }
    return unsafe scheduler.pointee.freeSlots.take(force: true)
  }

  /// Clears a slot for its next tenant. What the last one left is forgotten.
  private static func prepare(
    _ block: UnsafeMutablePointer<ProcessBlock>, parent: Word,
    on scheduler: UnsafeMutablePointer<SchedulerBlock>
  ) -> Word {
    unsafe block.pointee.lock.lock()
    let left = unsafe block.pointee.outcome
    unsafe block.pointee.outcome = 0
    let pid = unsafe ProcessTable.nextPid(after: Word(bits: block.pointee.pid.load(ordering: .relaxed)))
    unsafe block.pointee.pid.store(pid.bits, ordering: .relaxed)
    unsafe block.pointee.status.store(ProcessStatus.runnable.rawValue, ordering: .relaxed)
    unsafe block.pointee.lock.unlock()
    if left != 0 { unsafe MessageCell(address: left).free(pool: scheduler.pointee.pool) }
    unsafe block.pointee.request = .none
    unsafe block.pointee.cursor = .free
    unsafe block.pointee.parent = parent
    unsafe block.pointee.awaitedToken = .nil
    unsafe block.pointee.requestValue = .nil
    return pid
  }

  /// So many processes count as very many: their first blocks are small.
  private static let crowd = 50_000

  /// Whether there are very many is looked at now and then, since it takes a look at all schedulers.
  static func lookForCrowd(_ scheduler: UnsafeMutablePointer<SchedulerBlock>) {
    unsafe scheduler.pointee.isCrowded = unsafe scheduler.pointee.shared.pointee.alive() >= crowd
  }

  /// Gives a process its block and its first frame, before its first slice. False: the system has no memory.
  static func begin(_ process: Process, pool: Pool) -> Bool {
    let block = unsafe process.block
    let cell = unsafe MessageCell(address: block.pointee.outcome)
    let shared = unsafe process.scheduler.pointee.shared
    let words = HeapBlock.firstSize(
      atLeast: cell.payloadWords, isCrowded: unsafe process.scheduler.pointee.isCrowded)
    let isSingle = unsafe shared.pointee.isSingle
    let base =
      isSingle ? HeapBlock.allocateScanned(words: words) : HeapBlock.allocate(words: words, pool: pool)
    guard base != 0 else { return false }
    unsafe block.pointee.heap.base = base
    unsafe block.pointee.heap.end = base + UInt(words) * 8
    unsafe block.pointee.heap.top = unsafe block.pointee.heap.end
    unsafe block.pointee.heap.stackTop = base + UInt(isSingle ? words : Boot.frameSize) * 8
    if isSingle { unsafe block.pointee.heap.tag = SingleHeap.tag }
    process.heap.adopt(cell)
    unsafe block.pointee.outcome = 0
    unsafe block.pointee.frame = unsafe UnsafeMutablePointer(bitPattern: base)
    unsafe block.pointee.frame.unsafelyUnwrapped[0] = cell.value.bits
    unsafe block.pointee.pc = unsafe process.scheduler.pointee.boot
    unsafe block.pointee.liveRegisters = 1
    cell.free(pool: pool)
    return true
  }
}
