import Glibc

/// A row of addresses that grows at its end: which objects a copier has forwarded in place, so that it can set them right
/// again.
@safe struct AddressLog: ~Copyable {
  private var place: UnsafeMutablePointer<UInt>?
  private var capacity = 0
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
