import CBoehm
import Glibc
import Synchronization

/// A switch for tests: Boehm collects at random allocations in the region, so that a pointer that is no root is soon one to
/// something else. The environment variable LUDI_REGION_COLLECT=N: about every Nth time. The single heap is collected at
/// its own moments, at about every Nth look whether that is due.
enum RegionTorture {
  private static let interval: UInt64 =
    unsafe getenv("LUDI_REGION_COLLECT").flatMap { unsafe UInt64(String(cString: $0)) } ?? 0
  static let isOn = interval > 0 && Region.collects
  private static let state = Atomic<UInt64>(0x9E37_79B9_7F4A_7C15)

  static func mayCollect() { if isDue { GC_gcollect() } }

  /// A random choice: true about every Nth time.
  static var isDue: Bool {
    // A race between two threads loses a number, no more.
    var x = state.load(ordering: .relaxed)
    x ^= x << 13
    x ^= x >> 7
    x ^= x << 17
    state.store(x, ordering: .relaxed)
    return x % interval == 0
  }
}
