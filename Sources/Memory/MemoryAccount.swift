import CBoehm
import CLinux
import Glibc
import Synchronization

/// What the VM has taken from the system for its processes, and the most that it may take.
///
/// Counted are blocks and chunks of heaps, slabs of pools and of the process table, long texts that are being made, and what the
/// shared region has. Threads count for themselves and hand over what they have counted now and then, so the sum is behind by
/// some 100 KiB; nothing is counted on the way of a small message.
///
/// Who asks for more than is left is refused: the process that asked panics with `out of memory`. Large pieces are
/// refused while there is still a reserve, so that small processes go on.
public enum MemoryAccount {
  private static let used = Atomic<Int>(0)
  private static let ceiling = Atomic<Int>(Int.max)

  /// The least that a ceiling may be: what the VM itself needs, and some processes.
  public static var leastCeiling: Int { 32 << 20 }
  /// From here on a piece of memory is large.
  private static var largeBytes: Int { 1 << 16 }

  /// Sets the most bytes that the VM may take; from here on the region's ceiling is what is left.
  public static func setCeiling(bytes: Int) {
    ceiling.store(bytes, ordering: .relaxed)
    passOn()
  }

  public static func add(_ bytes: Int) {
    let due = ludi_tally(bytes)
    if due != 0 { handOver(due) }
  }

  public static func remove(_ bytes: Int) { add(-bytes) }

  @inline(never) private static func handOver(_ bytes: Int) {
    used.wrappingAdd(bytes, ordering: .relaxed)
    passOn()
  }

  /// Tells the region how much there is for it.
  private static func passOn() {
    let most = ceiling.load(ordering: .relaxed)
    if most == Int.max { return }
    Region.setCeiling(bytes: max(1 << 20, most - used.load(ordering: .relaxed)))
  }

  /// Bytes that are taken, those of the region included.
  public static var bytes: Int { used.load(ordering: .relaxed) + regionBytes }

  /// Bytes that the region has taken from the system.
  public static var regionBytes: Int { Int(GC_get_heap_size()) }

  /// Whether so many bytes more may be taken.
  public static func allows(_ bytes: Int) -> Bool {
    let most = ceiling.load(ordering: .relaxed)
    if most == Int.max { return true }
    let reserve = bytes > largeBytes ? most / 8 : 0
    if bytes <= most - reserve - self.bytes { return true }
    if MemoryUse.releaseKept(olderThan: 0), bytes <= most - reserve - self.bytes { return true }
    guard Relief.isDue() else { return false }
    if Depot.shared.release() {
      malloc_trim(0)
      if bytes <= most - reserve - self.bytes { return true }
    }
    // What the region has, may be garbage.
    guard Region.collects, regionBytes > most / 8 else { return false }
    GC_gcollect_and_unmap()
    // What was freed just now, Boehm gives back to the system only behind the next collection.
    if GC_get_free_bytes() > UInt(most / 16) { GC_gcollect_and_unmap() }
    return bytes <= most - reserve - self.bytes
  }

  /// Collects the region because it has refused something, if that is due: left to itself it gives up sooner. True: it has.
  static func collectsRegion() -> Bool {
    guard Region.collects, Relief.isDue() else { return false }
    GC_gcollect()
    return true
  }

  /// A process has ended because memory was short. What it held is garbage now: if that was much, relief is due.
  /// - Parameter bytes: of its heap, and of what it held in the region
  public static func endedExhausted(holding bytes: Int) {
    if bytes > ceilingBytes / 64 { Relief.mayHelp() }
  }

  /// The most bytes that the VM may take.
  static var ceilingBytes: Int { ceiling.load(ordering: .relaxed) }

  /// Whether only the reserve for small pieces is left.
  static var isShort: Bool {
    let most = ceiling.load(ordering: .relaxed)
    return most != Int.max && bytes > most - most / 16
  }

  /// Whether so little is left that each turn must be asked what it has taken.
  public static var isTight: Bool {
    let most = ceiling.load(ordering: .relaxed)
    return most != Int.max && bytes > most - most / 4
  }

  /// What is done because memory is short, and takes long: a few times a second at most, however many ask, and once more for each
  /// process that has ended for want of memory and held much.
  private enum Relief {
    private static let last = Atomic<UInt64>(0)
    private static let isPromising = Atomic<Bool>(false)

    static func mayHelp() { isPromising.store(true, ordering: .relaxed) }

    static func isDue() -> Bool {
      let now = ludi_monotonic_nanoseconds()
      let before = last.load(ordering: .relaxed)
      if !isPromising.exchange(false, ordering: .relaxed), now - before <= 250_000_000 { return false }
      return last.compareExchange(expected: before, desired: now, ordering: .relaxed).exchanged
    }
  }
}

/// Memory of Swift's that counts while this is there: for long texts that are being made.
public final class AccountedBytes {
  private var bytes = 0

  public init() {}

  public func add(_ more: Int) {
    bytes += more
    MemoryAccount.add(more)
  }

  deinit { MemoryAccount.remove(bytes) }
}
