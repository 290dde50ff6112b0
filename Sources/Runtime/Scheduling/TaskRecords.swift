import Glibc
import Lanes
import Synchronization

/// What policies keep for each process, beside the table of processes: memory that the default policy never touches.
@safe struct TaskRecords: ~Copyable {
  private static let slabRecords = 1024
  /// Addresses of slabs, by slot of the process table: zeroed memory that the system maps when it is first used.
  private let slabs: UnsafeMutablePointer<Atomic<UInt>>
  private let growth = Mutex<Void>(())

  init() {
    let count = ProcessTable.maxSlots / TaskRecords.slabRecords
    guard let zeros = unsafe calloc(count, MemoryLayout<Atomic<UInt>>.stride) else {
      fatalError("out of memory: the system refused the table of task records")
    }
    unsafe slabs = zeros.assumingMemoryBound(to: Atomic<UInt>.self)
  }

  /// The record of a slot. It never moves.
  func record(_ slot: Int) -> UnsafeMutablePointer<TaskRecord> {
    let index = slot / TaskRecords.slabRecords
    // acquire: pairs with the releasing store in `grow`: the records have been initialised.
    var slab = unsafe slabs[index].load(ordering: .acquiring)
    if slab == 0 { slab = grow(index) }
    return unsafe UnsafeMutablePointer<TaskRecord>(bitPattern: slab).unsafelyUnwrapped
      + slot % TaskRecords.slabRecords
  }

  @inline(never) private func grow(_ index: Int) -> UInt {
    growth.withLock { _ in
      let there = unsafe slabs[index].load(ordering: .relaxed)
      if there != 0 { return there }
      let slab = UnsafeMutablePointer<TaskRecord>.allocate(capacity: TaskRecords.slabRecords)
      unsafe slab.initialize(repeating: TaskRecord(), count: TaskRecords.slabRecords)
      unsafe slabs[index].store(UInt(bitPattern: slab), ordering: .releasing)
      return UInt(bitPattern: slab)
    }
  }
}
