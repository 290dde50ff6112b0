import CBoehm
import CLinux
import Synchronization
import Words

/// The one heap of `--heap single`: every object is one of Boehm's, and every pointer a region pointer, so that the copier
/// stops at it and messages pass by reference. The stacks of processes are roots of it; nothing else is different.
///
/// It is collected only while no scheduler runs a process (`PolicyControl.meet`), never from within an allocation:
/// natives hold words in Swift's memory, which Boehm does not see.
///
/// O1  A process's `HeapState` has this heap's tag; its block holds the stack alone (`stackTop = end`, so that the bump
///     allocator never has room) and is memory that Boehm scans.
/// O2  Between two slices every object that is still needed can be reached from a stack, a scanned cell, or a permanent
///     root.
public enum SingleHeap {
  /// A region pointer to a small object.
  public static var tag: UInt8 { 5 }

  /// Words that a process may allocate until it looks whether a collection is due.
  static var interval: Int { 8192 }
  /// Bytes from which on a collection is worth its while.
  private static let least = 16 << 20

  /// Makes the heap ready: from now on Boehm collects when `collect` says so, and at no other time.
  public static func begin() {
    if hasBegun.exchange(true, ordering: .relaxed) { return }
    Region.start()
    RegionStops.stopWatching()
    GC_disable()
  }

  /// Takes back what `begin` did, if it was called: Boehm collects when it sees fit.
  public static func end() {
    guard hasBegun.exchange(false, ordering: .relaxed) else { return }
    RegionStops.watch()
    GC_enable()
  }

  private static let hasBegun = Atomic<Bool>(false)

  /// Room for an object; 0: it was refused. Never collects.
  static func allocate(bytes: UInt, kind: ObjectKind) -> UInt {
    if kind.rawWords == Int.max { return UInt(bitPattern: unsafe GC_malloc_atomic(Int(bytes))) }
    return UInt(bitPattern: unsafe GC_malloc(Int(bytes)))
  }

  /// Room for an object although the ceiling is reached: the process is about to end, and natives know no failure.
  static func allocateBeyondCeiling(bytes: UInt, kind: ObjectKind) -> UInt {
    let address = Region.beyondCeiling(bytes: Int(bytes)) { allocate(bytes: bytes, kind: kind) }
    if address == 0 { fatalError("out of memory: the system refused \(bytes) bytes") }
    return address
  }

  /// How often the heap had been collected when an allocation was refused last.
  private static let refusedAt = Atomic<UInt64>(0)

  /// The same for the last process that ended for want of memory: what it had is not collected yet.
  private static let endedAt = Atomic<UInt64>(0)

  /// Whether who was just refused memory has to end: the last collection has freed next to nothing, or so much has been
  /// granted beyond the ceiling. If not, a collection may help.
  static func refusalIsFinal() -> Bool {
    let collections = UInt64(GC_get_gc_no())
    refusedAt.store(collections, ordering: .relaxed)
    let ceiling = Region.ceilingBytes
    let isTight = Int(GC_get_bytes_since_gc()) < ceiling / 32 || Int(GC_get_heap_size()) > ceiling / 8 * 9
    let isFinal = isTight && collections > endedAt.load(ordering: .relaxed)
    if isFinal { endedAt.store(collections, ordering: .relaxed) }
    return isFinal
  }

  static var isCollectedSinceRefusal: Bool {
    !Region.collects || UInt64(GC_get_gc_no()) > refusedAt.load(ordering: .relaxed)
  }

  /// Whether a moderate allocation would be granted.
  static var hasRoom: Bool { unsafe GC_malloc_atomic(1 << 16) != nil }

  /// Whether enough has been allocated since the last collection: as much as half of what the heap has taken from the
  /// system, or as the ceiling allows.
  public static var isDue: Bool {
    let fresh = Int(GC_get_bytes_since_gc())
    if Torture.isOn { return fresh > 1 << 14 }
    if RegionTorture.isOn { return RegionTorture.isDue }
    let heap = Int(GC_get_heap_size())
    let ceiling = Region.ceilingBytes
    if ceiling > 0 && heap > ceiling / 2 { return fresh > ceiling / 16 }
    return fresh > max(least, heap / 2)
  }

  /// Collects. No thread runs a process meanwhile.
  public static func collect() {
    guard Region.collects else { return }
    GC_enable()
    GC_gcollect()
    GC_disable()
  }
}
