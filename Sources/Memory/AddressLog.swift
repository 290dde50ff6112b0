import Glibc

/// A row of addresses that grows at its end: which objects a copier has forwarded in place, so that it can set them right
/// again.
@safe struct AddressLog: ~Copyable {
  private var place: UnsafeMutablePointer<UInt>?
  private(set) var capacity = 0
  private(set) var count = 0

  init() { unsafe place = nil }

  deinit { unsafe free(place) }

  subscript(i: Int) -> UInt {
    // SAFETY: i < count, which its users see to.
    get { unsafe place.unsafelyUnwrapped[i] }
    set { unsafe place.unsafelyUnwrapped[i] = newValue }
  }

  mutating func removeAll() { count = 0 }

  @inline(__always) mutating func append(_ address: UInt) {
    if count == capacity { grow() }
    unsafe place.unsafelyUnwrapped[count] = address
    count += 1
  }

  /// Forgets all but the first `count` entries, and gives the memory of many back piece by piece: all of what a million entries
  /// take would take the system a millisecond.
  mutating func truncate(to count: Int) {
    self.count = count
    let needed = (count / AddressLog.piece + 1) * AddressLog.piece
    guard needed < capacity, let shrunk = unsafe realloc(place, needed * 8) else { return }
    unsafe place = shrunk.assumingMemoryBound(to: UInt.self)
    capacity = needed
  }

  /// Entries that are given back at a time.
  private static var piece: Int { 1 << 15 }

  /// Large blocks are moved by the system's page tables, so growing never takes long.
  @inline(never) private mutating func grow() {
    let wider = max(64, capacity * 2)
    guard let moved = unsafe realloc(place, wider * 8) else {
      fatalError("out of memory: the system refused \(wider * 8) bytes")
    }
    unsafe place = moved.assumingMemoryBound(to: UInt.self)
    capacity = wider
  }
}
