import Lanes
import Memory
import Words

/// All process control blocks, in slabs that are allocated when first needed and never go away.
///
///     pid word: [ generation:20 | slot:24 ] in the 44 bits of the immediate
///
/// T1  A slot's generation changes with each tenant, so that an old pid finds nobody.
/// T2  A slot rests in a list of ended processes, oldest first, until `minimumRest` others have ended after it: so the
///     last processes that ended can still be asked for their outcome.
/// T3  Where processes are born and where they end may be different schedulers, all the time. So who has many more slots
///     than rest gives some to `spare`, and the table grows only if there are none: it has not many more slots than
///     processes were ever alive at once.
@safe struct ProcessTable: ~Copyable {
  static let slabSlots = 1024
  static let maxSlots = 1 << 24
  /// How many ended processes keep their outcome (language.md §2.1).
  static let minimumRest = 10_000
  /// The same for those that ended on one of many schedulers, however many these are.
  static let leastRest = 500

  let slabs: UnsafeMutablePointer<UnsafeMutablePointer<ProcessBlock>?>
  private let growth: UnsafeMutablePointer<Growth>

  /// What the lock guards.
  private struct Growth: ~Copyable {
    let lock = RankedMutex(rank: .processTable)
    var slots = 0
    /// Slots that have rested and that no scheduler has in its list, oldest first.
    var spare = SlotChain()
  }

  init() {
    let count = ProcessTable.maxSlots / ProcessTable.slabSlots
    unsafe slabs = .allocate(capacity: count)
    unsafe slabs.initialize(repeating: nil, count: count)
    unsafe growth = .allocate(capacity: 1)
    unsafe growth.initialize(to: Growth())
  }

  /// The process with this pid, if its slot still has that tenant (alive or ended).
  @inline(__always) func find(_ pid: Word) -> Process? {
    let slot = Int(pid.immediateValue & 0xFF_FFFF)
    guard let slab = unsafe slabs[slot / ProcessTable.slabSlots] else { return nil }
    let block = unsafe slab + slot % ProcessTable.slabSlots
    // relaxed: a hint. Who sends to a former tenant writes the pid into the cell, and the new tenant drops it.
    guard unsafe block.pointee.pid.load(ordering: .relaxed) == pid.bits else { return nil }
    return unsafe Process(unsafe: block)
  }

  /// Whether the process with this pid has not ended yet.
  func isAlive(_ pid: Word) -> Bool {
    // relaxed: who must know more precisely waits for its end.
    guard let process = find(pid) else { return false }
    return unsafe process.block.pointee.status.load(ordering: .relaxed) != ProcessStatus.ended.rawValue
  }

  /// The process in a slot that exists.
  func process(inSlot slot: Int) -> Process {
    let slab = unsafe slabs[slot / ProcessTable.slabSlots].unsafelyUnwrapped
    return unsafe Process(unsafe: slab + slot % ProcessTable.slabSlots)
  }

  /// Calls `body` with every slot that exists.
  func forEach(_ body: (Process) -> Void) {
    let slots = slotCount
    for slot in 0..<slots {
      let slab = unsafe slabs[slot / ProcessTable.slabSlots].unsafelyUnwrapped
      unsafe body(Process(unsafe: slab + slot % ProcessTable.slabSlots))
    }
  }

  /// Calls `body` with at most `limit` slots from `first` on; returns where to go on, nil behind the last slot.
  func forEach(from first: Int, limit: Int, _ body: (Process) -> Void) -> Int? {
    let slots = slotCount
    let end = limit > slots - first ? slots : first + limit
    for slot in first..<max(first, end) {
      let slab = unsafe slabs[slot / ProcessTable.slabSlots].unsafelyUnwrapped
      unsafe body(Process(unsafe: slab + slot % ProcessTable.slabSlots))
    }
    return end < slots ? end : nil
  }

  /// How many slots there are.
  var slotCount: Int { unsafe growth.pointee.lock.withLock { unsafe growth.pointee.slots } }

  /// Gives `list` slots: spare ones (T3), or those of one slab more. False at the ceiling of processes, or of memory.
  func refill(_ list: inout FreeSlots) -> Bool {
    unsafe growth.pointee.lock.lock()
    defer { unsafe growth.pointee.lock.unlock() }
    if unsafe growth.pointee.spare.isEmpty { return unsafe grow(&list, from: &growth.pointee.slots) }
    unsafe list.add(rested: growth.pointee.spare.removeFirst(FreeSlots.batch))
    return true
  }

  /// Takes from `list` some of the slots that it has too many of, all of which have rested: what their tenants left is
  /// forgotten. (They may lie there for long: a million processes that were alive at once would else keep a million results.)
  @inline(never) func relieve(_ list: inout FreeSlots, pool: Pool) {
    let chain = list.removeSurplus()
    unsafe chain.forEach { block in
      unsafe block.pointee.lock.lock()
      let left = unsafe block.pointee.outcome
      unsafe block.pointee.outcome = 0
      unsafe block.pointee.lock.unlock()
      if left != 0 { MessageCell(address: left).free(pool: pool) }
    }
    unsafe growth.pointee.lock.withLock { unsafe growth.pointee.spare.append(chain) }
  }

  private func grow(_ list: inout FreeSlots, from slots: inout Int) -> Bool {
    let bytes = ProcessTable.slabSlots * MemoryLayout<ProcessBlock>.stride
    guard slots < ProcessTable.maxSlots, MemoryAccount.allows(bytes) else { return false }
    MemoryAccount.add(bytes)
    // Neighbours may run on different schedulers, so none shares a cache line with another.
    let slab = unsafe UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: 128)
      .bindMemory(to: ProcessBlock.self, capacity: ProcessTable.slabSlots)
    for i in 0..<ProcessTable.slabSlots {
      unsafe (slab + i).initialize(to: ProcessBlock())
      // The pid that the slot had "before" its first tenant: generation 0, which nobody was given.
      unsafe slab[i].pid.store(Word(.pid, UInt64(slots + i)).bits, ordering: .relaxed)
      _ = unsafe slab[i].inbox.close()
      unsafe list.addFresh(slab + i)
    }
    unsafe slabs[slots / ProcessTable.slabSlots] = slab
    slots += ProcessTable.slabSlots
    return true
  }

  /// The pid of the next tenant of a slot.
  static func nextPid(after pid: Word) -> Word {
    let slot = pid.immediateValue & 0xFF_FFFF
    let generation = (pid.immediateValue >> 24 + 1) & 0xF_FFFF
    return Word(.pid, generation << 24 | slot)
  }
}
