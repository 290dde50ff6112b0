import Lanes
import Memory
import Synchronization
import Words

/// All process control blocks, in slabs that are allocated when first needed and never go away.
///
///     pid word: [ generation:20 | slot:24 ] in the 44 bits of the immediate
///
/// T1  A slot's generation changes with each tenant, so that an old pid finds nobody.
/// T2  A slot rests in a list of ended processes, oldest first, until `minimumRest` others have ended after it: so the
///     last processes that ended can still be asked for their outcome.
@safe struct ProcessTable: ~Copyable {
  static let slabSlots = 1024
  static let maxSlots = 1 << 24
  /// How many ended processes keep their outcome (language.md §2.1).
  static let minimumRest = 10_000
  /// The same for those that ended on one of many schedulers, however many these are.
  static let leastRest = 500

  let slabs: UnsafeMutablePointer<UnsafeMutablePointer<ProcessBlock>?>
  private let growth: Mutex<Int>

  init() {
    let count = ProcessTable.maxSlots / ProcessTable.slabSlots
    unsafe slabs = .allocate(capacity: count)
    unsafe slabs.initialize(repeating: nil, count: count)
    growth = Mutex(0)
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

  /// The process in a slot that exists.
  func process(inSlot slot: Int) -> Process {
    let slab = unsafe slabs[slot / ProcessTable.slabSlots].unsafelyUnwrapped
    return unsafe Process(unsafe: slab + slot % ProcessTable.slabSlots)
  }

  /// Calls `body` with every slot that exists.
  func forEach(_ body: (Process) -> Void) {
    let slots = growth.withLock { $0 }
    for slot in 0..<slots {
      let slab = unsafe slabs[slot / ProcessTable.slabSlots].unsafelyUnwrapped
      unsafe body(Process(unsafe: slab + slot % ProcessTable.slabSlots))
    }
  }

  /// Calls `body` with at most `limit` slots from `first` on; returns where to go on, nil behind the last slot.
  func forEach(from first: Int, limit: Int, _ body: (Process) -> Void) -> Int? {
    let slots = growth.withLock { $0 }
    let end = limit > slots - first ? slots : first + limit
    for slot in first..<max(first, end) {
      let slab = unsafe slabs[slot / ProcessTable.slabSlots].unsafelyUnwrapped
      unsafe body(Process(unsafe: slab + slot % ProcessTable.slabSlots))
    }
    return end < slots ? end : nil
  }

  /// Makes one slab more and gives its slots to `list`; false at the ceiling of processes, or of memory.
  func grow(into list: inout FreeSlots) -> Bool {
    let first = growth.withLock { slots -> Int? in
      let bytes = ProcessTable.slabSlots * MemoryLayout<ProcessBlock>.stride
      guard slots < ProcessTable.maxSlots, MemoryAccount.allows(bytes) else { return nil }
      MemoryAccount.add(bytes)
      // Neighbours may run on different schedulers, so none shares a cache line with another.
      let slab = unsafe UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: 128)
        .bindMemory(to: ProcessBlock.self, capacity: ProcessTable.slabSlots)
      for i in 0..<ProcessTable.slabSlots {
        unsafe (slab + i).initialize(to: ProcessBlock())
        // The pid that the slot had "before" its first tenant: generation 0, which nobody was given.
        unsafe slab[i].pid.store(Word(.pid, UInt64(slots + i)).bits, ordering: .relaxed)
        _ = unsafe slab[i].inbox.close()
      }
      unsafe slabs[slots / ProcessTable.slabSlots] = slab
      slots += ProcessTable.slabSlots
      return slots - ProcessTable.slabSlots
    }
    guard let first else { return false }
    let slab = unsafe slabs[first / ProcessTable.slabSlots].unsafelyUnwrapped
    for i in 0..<ProcessTable.slabSlots { unsafe list.addFresh(slab + i) }
    return true
  }

  /// The pid of the next tenant of a slot.
  static func nextPid(after pid: Word) -> Word {
    let slot = pid.immediateValue & 0xFF_FFFF
    let generation = (pid.immediateValue >> 24 + 1) & 0xF_FFFF
    return Word(.pid, generation << 24 | slot)
  }
}

/// A scheduler's own free slots: those never used, and those whose tenants have ended, oldest first.
@safe struct FreeSlots {
  private var fresh: UnsafeMutablePointer<ProcessBlock>?
  private var firstEnded: UnsafeMutablePointer<ProcessBlock>?
  private var lastEnded: UnsafeMutablePointer<ProcessBlock>?
  private(set) var endedCount = 0
  /// How many ended ones this list keeps before it reuses any.
  let rest: Int

  init(rest: Int) {
    self.rest = rest
    unsafe fresh = nil
    unsafe firstEnded = nil
    unsafe lastEnded = nil
  }

  mutating func addFresh(_ block: UnsafeMutablePointer<ProcessBlock>) {
    unsafe block.pointee.nextFree = fresh
    unsafe fresh = block
  }

  mutating func addEnded(_ block: UnsafeMutablePointer<ProcessBlock>) {
    unsafe block.pointee.nextFree = nil
    if let last = unsafe lastEnded { unsafe last.pointee.nextFree = block } else { unsafe firstEnded = block }
    unsafe lastEnded = block
    endedCount += 1
  }

  /// A slot for a new process; nil: the table must grow first (or is full).
  mutating func take(force: Bool = false) -> UnsafeMutablePointer<ProcessBlock>? {
    if endedCount > rest || force, let block = unsafe firstEnded {
      unsafe firstEnded = block.pointee.nextFree
      if unsafe firstEnded == nil { unsafe lastEnded = nil }
      endedCount -= 1
      unsafe block.pointee.nextFree = nil
      unsafe expect(firstEnded)
      return unsafe block
    }
    guard let block = unsafe fresh else { return nil }
    unsafe fresh = block.pointee.nextFree
    unsafe block.pointee.nextFree = nil
    return unsafe block
  }

  /// The slot that will be taken next is not in the cache any more, after thousands of others: it is asked for while the
  /// process before it is made.
  private func expect(_ block: UnsafeMutablePointer<ProcessBlock>?) {
    guard let block = unsafe block else { return }
    unsafe Process(unsafe: block).expect()
  }
}
