import Words

/// A row of addresses in memory that Boehm scans, which grows at its end.
@safe struct RootRow: ~Copyable {
  private var place: UInt = 0
  private var capacity = 0
  private(set) var count = 0

  deinit { if place != 0 { Region.freeRoots(place) } }

  private var words: UnsafeMutablePointer<UInt> {
    // SAFETY: asked for only once there is a place.
    unsafe UnsafeMutablePointer(bitPattern: place).unsafelyUnwrapped
  }

  subscript(i: Int) -> UInt {
    assert(i < count)
    return unsafe words[i]
  }

  mutating func append(_ address: UInt) {
    if count == capacity {
      let wider = max(capacity * 2, 16)
      let target = Region.allocateRoots(words: wider)
      if place != 0 {
        unsafe UnsafeMutablePointer<UInt>(bitPattern: target).unsafelyUnwrapped
          .update(from: words, count: count)
        Region.freeRoots(place)
      }
      place = target
      capacity = wider
    }
    unsafe words[count] = address
    count += 1
  }
}
