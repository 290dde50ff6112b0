import Lanes
import Memory
import Words

/// The end of processes, and what is told of it.
enum Ending {
  /// Ends a process that stopped with `.finish`, `.exit` or `.panic`: what it left is kept, who waits is told, all that it
  /// had is given back.
  /// - Parameter outcome: `(:ok, value)` or `(:err, reason)`, in its heap
  /// - Returns: false if too much waits in its mailbox for one step (`Remains`): it has ended, but must get turns
  static func end(
    _ process: Process, outcome: Word, on scheduler: UnsafeMutablePointer<SchedulerBlock>
  ) -> Bool {
    let block = unsafe process.block
    let pool = unsafe scheduler.pointee.pool
    // Made in steps before, or small.
    let made = unsafe block.pointee.extra?.takeUnretainedValue().outcome ?? 0
    let cell =
      made != 0
      ? MessageCell(address: made) : Sending.makeCell(outcome, .message, to: process.pid, pool: pool)
    unsafe block.pointee.lock.lock()
    unsafe block.pointee.outcome = cell.address
    unsafe block.pointee.status.store(ProcessStatus.ended.rawValue, ordering: .relaxed)
    unsafe block.pointee.lock.unlock()
    // M3: from here on nobody can be told by this process; who comes later reads the outcome.
    var remains = unsafe Remains(of: process, late: block.pointee.inbox.closeNewestFirst())
    // First its memory: who has been told of the end may count on it.
    unsafe forget(block, on: scheduler)
    return unsafe settle(process, &remains, on: scheduler)
  }

  /// Goes on with what `end` has left; true as there.
  static func goOn(_ process: Process, on scheduler: UnsafeMutablePointer<SchedulerBlock>) -> Bool {
    guard var remains = process.extra.remains else { fatalError("the end of a process has ended already") }
    return unsafe settle(process, &remains, on: scheduler)
  }

  private static func settle(
    _ process: Process, _ remains: inout Remains, on scheduler: UnsafeMutablePointer<SchedulerBlock>
  ) -> Bool {
    guard unsafe remains.settle(process, on: scheduler) else {
      process.extra.remains = remains
      return false
    }
    unsafe releaseExtra(process.block)
    unsafe scheduler.pointee.freeSlots.addEnded(process.block)
    if unsafe scheduler.pointee.freeSlots.hasSurplus {
      unsafe scheduler.pointee.shared.pointee.table.relieve(&scheduler.pointee.freeSlots)
    }
    return true
  }

  private static func forget(
    _ block: UnsafeMutablePointer<ProcessBlock>, on scheduler: UnsafeMutablePointer<SchedulerBlock>
  ) {
    unsafe block.pointee.firstMessage = 0
    unsafe block.pointee.lastMessage = 0
    unsafe block.pointee.seenMessage = 0
    unsafe block.pointee.beforeSeen = 0
    unsafe block.pointee.unseenMessage = 0
    unsafe block.pointee.messageCount = 0
    unsafe block.pointee.adoptedMessages = 0
    unsafe block.pointee.firstAwaiter = 0
    unsafe block.pointee.lastAwaiter = 0
    let garbage = unsafe block.pointee.heap.isExhausted ? block.pointee.heap.heldBytes : 0
    if unsafe scheduler.pointee.shared.pointee.audit?.pointee.losesHeap() != true {
      unsafe free(&block.pointee.heap, pool: scheduler.pointee.pool)
    }
    if garbage > 0 { MemoryAccount.endedExhausted(holding: garbage) }
    unsafe block.pointee.heap = HeapState()
    unsafe releaseExtra(block)
  }

  private static func releaseExtra(_ block: UnsafeMutablePointer<ProcessBlock>) {
    guard let extra = unsafe block.pointee.extra else { return }
    unsafe extra.release()
    unsafe block.pointee.extra = nil
  }

  private static func free(_ heap: inout HeapState, pool: Pool) {
    unsafe Chunk.free(chain: heap.chunks)
    if heap.tag == SingleHeap.tag {
      HeapBlock.freeScanned(heap.base)
    } else if heap.base != 0 {
      HeapBlock.free(heap.base, words: Int(heap.end - heap.base) / 8, pool: pool)
    }
    heap.releaseMore(pool: pool)
  }

  // MARK: Telling

  /// Sends (token, outcome) to whoever made a request; the outcome is copied.
  static func answer(
    _ request: MessageCell, _ outcome: Word, on scheduler: UnsafeMutablePointer<SchedulerBlock>
  ) {
    let pair = HeapObject(request.value)
    let scratch = unsafe Heap.standalone(isSingle: scheduler.pointee.shared.pointee.isSingle)
    defer { scratch.discard() }
    let reply = Tuples.make(scratch, pair[1], outcome)
    _ = unsafe Sending.signal(.reply, reply, to: pair[0], on: scheduler)
  }

  static func answer(_ request: MessageCell, unknownTo scheduler: UnsafeMutablePointer<SchedulerBlock>) {
    let scratch = unsafe Heap.standalone(isSingle: scheduler.pointee.shared.pointee.isSingle)
    defer { scratch.discard() }
    unsafe answer(request, Tuples.make(scratch, Keywords.err, Keywords.unknown), on: scheduler)
  }
}

extension Process {
  /// Remembers who wants to be told of the end.
  func addAwaiter(_ cell: MessageCell) {
    cell.next = 0
    if unsafe block.pointee.lastAwaiter == 0 {
      unsafe block.pointee.firstAwaiter = cell.address
    } else {
      unsafe MessageCell(address: block.pointee.lastAwaiter).next = cell.address
    }
    unsafe block.pointee.lastAwaiter = cell.address
  }

  /// Forgets a request. Calls are mostly answered in the order in which they came, so it is mostly the first.
  func removeAwaiter(token: Word) {
    var before: UInt = 0
    var address = unsafe block.pointee.firstAwaiter
    while address != 0 {
      let cell = MessageCell(address: address)
      if HeapObject(cell.value)[1] == token {
        if before == 0 {
          unsafe block.pointee.firstAwaiter = cell.next
        } else {
          MessageCell(address: before).next = cell.next
        }
        if unsafe block.pointee.lastAwaiter == address { unsafe block.pointee.lastAwaiter = before }
        cell.free(pool: pool)
        return
      }
      before = address
      address = cell.next
    }
  }
}
