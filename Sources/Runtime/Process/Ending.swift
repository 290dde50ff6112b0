import Lanes
import Memory
import Words

/// The end of processes, and what is told of it.
enum Ending {
  /// Ends a process that stopped with `.finish`, `.exit` or `.panic`: what it left is kept, who waits is told, all that it
  /// had is given back.
  /// - Parameters: `(key, value)` is its outcome, `(:ok, value)` or `(:err, reason)`; the value is in its heap, and small
  ///   (`Sharing.left`)
  /// - Returns: false if too much waits in its mailbox for one step (`Remains`): it has ended, but must get turns
  static func end(
    _ process: Process, _ key: Word, _ value: Word, on scheduler: UnsafeMutablePointer<SchedulerBlock>
  ) -> Bool {
    let block = unsafe process.block
    // A heap without anything more holds nothing of the region but what is promoted for ever.
    let mayReachRegion = unsafe value.isRegionPointer || block.pointee.heap.more != nil
    let cell = unsafe makePair(
      key, value, mayReachRegion, .message, to: process.pid, for: process.heap, on: scheduler)
    unsafe block.pointee.lock.lock()
    unsafe block.pointee.outcome = cell.address
    unsafe block.pointee.status.store(ProcessStatus.ended.rawValue, ordering: .relaxed)
    unsafe block.pointee.lock.unlock()
    // M3: from here on nobody can be told by this process; who comes later reads the outcome.
    let late = unsafe block.pointee.inbox.close()
    // Mostly nobody waits, and nothing has come.
    let isQuiet = unsafe late == 0 && block.pointee.firstMessage == 0 && block.pointee.firstAwaiter == 0
    if unsafe isQuiet && block.pointee.extra == nil {
      unsafe forget(block, on: scheduler)
      unsafe giveBack(block, on: scheduler)
      return true
    }
    return unsafe end(process, late: late, on: scheduler)
  }

  @inline(never) private static func end(
    _ process: Process, late: UInt, on scheduler: UnsafeMutablePointer<SchedulerBlock>
  ) -> Bool {
    var remains = Remains(of: process, late: late)
    // First its memory: who has been told of the end may count on it.
    unsafe forget(process.block, on: scheduler)
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
    unsafe giveBack(process.block, on: scheduler)
    return true
  }

  private static func giveBack(
    _ block: UnsafeMutablePointer<ProcessBlock>, on scheduler: UnsafeMutablePointer<SchedulerBlock>
  ) {
    unsafe scheduler.pointee.freeSlots.addEnded(block)
    if unsafe scheduler.pointee.freeSlots.hasSurplus {
      unsafe scheduler.pointee.shared.pointee.table.relieve(
        &scheduler.pointee.freeSlots, pool: scheduler.pointee.pool)
    }
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
    let isLarge = unsafe block.pointee.heap.more != nil
    if unsafe scheduler.pointee.shared.pointee.audit?.pointee.losesHeap() != true {
      unsafe free(&block.pointee.heap, pool: scheduler.pointee.pool)
    }
    if isLarge {
      let shared = unsafe scheduler.pointee.shared
      unsafe shared.pointee.collectors.tidyLargeBlocks(shared)
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

  /// A cell with (key, value). The key is an immediate; the pair itself is made in the cell if there is room.
  /// - Parameter heap: where the pair may be made if there is none; nil: in one that lives as long
  private static func makePair(
    _ key: Word, _ value: Word, _ mayReachRegion: Bool, _ kind: Signal, to destination: Word,
    for heap: Heap? = nil, on scheduler: UnsafeMutablePointer<SchedulerBlock>
  ) -> MessageCell {
    let pool = unsafe scheduler.pointee.pool
    let isSingle = unsafe scheduler.pointee.shared.pointee.isSingle
    if !isSingle,
      let cell = MessageCopy.makePairCell(
        key, value, mayReachRegion: mayReachRegion, kind: kind.rawValue, to: destination, pool: pool)
    {
      return cell
    }
    if let heap { return Sending.makeCell(Tuples.make(heap, key, value), kind, to: destination, pool: pool) }
    let scratch = Heap.standalone(isSingle: isSingle)
    defer { scratch.discard() }
    return Sending.makeCell(Tuples.make(scratch, key, value), kind, to: destination, pool: pool)
  }

  /// A cell with (token, outcome) of a process that has ended; nil: that is forgotten. What it left is bounded (`Sharing.left`), so
  /// it is copied in one go; under the lock, since a copy writes into the original meanwhile.
  static func reply(
    _ token: Word, of process: Process, with pid: Word, to destination: Word,
    on scheduler: UnsafeMutablePointer<SchedulerBlock>
  ) -> MessageCell? {
    let block = unsafe process.block
    unsafe block.pointee.lock.lock()
    defer { unsafe block.pointee.lock.unlock() }
    let outcome = unsafe block.pointee.outcome
    // The slot may have its next tenant by now.
    guard process.pid == pid, outcome != 0,
      unsafe block.pointee.status.load(ordering: .relaxed) == ProcessStatus.ended.rawValue
    else { return nil }
    let left = MessageCell(address: outcome)
    // What is no small value may hold region pointers in its chunks.
    let mayReachRegion = left.isScanned || left.link != 0
    return unsafe makePair(token, left.value, mayReachRegion, .reply, to: destination, on: scheduler)
  }

  /// Sends (token, (:err, :unknown)) to whoever made a request.
  static func answer(_ request: MessageCell, unknownTo scheduler: UnsafeMutablePointer<SchedulerBlock>) {
    let pair = HeapObject(request.value)
    unsafe answer(pair[1], unknownTo: pair[0], on: scheduler)
  }

  static func answer(
    _ token: Word, unknownTo destination: Word, on scheduler: UnsafeMutablePointer<SchedulerBlock>
  ) {
    let scratch = unsafe Heap.standalone(isSingle: scheduler.pointee.shared.pointee.isSingle)
    defer { scratch.discard() }
    let unknown = Tuples.make(scratch, Keywords.err, Keywords.unknown)
    _ = unsafe Sending.signal(.reply, Tuples.make(scratch, token, unknown), to: destination, on: scheduler)
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

  /// Whether someone who asked to be told of the end is still there. Of very many, the last ones count as there.
  var isAwaited: Bool {
    let shared = unsafe scheduler.pointee.shared
    var address = unsafe block.pointee.firstAwaiter
    for _ in 0..<1000 where address != 0 {
      let cell = MessageCell(address: address)
      if unsafe shared.pointee.table.isAlive(HeapObject(cell.value)[0]) { return true }
      address = cell.next
    }
    return address != 0
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
