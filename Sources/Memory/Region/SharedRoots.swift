import Words

/// What keeps alive the region objects that one process can reach: a set of pointers in memory that Boehm scans.
///
/// G1  It is a superset: every region object that the process's heap, stack or adopted messages point at lies in a page or
///     object that is in the set, or is reachable from one that is, or is a permanent root.
/// G2  Who receives a region pointer, or allocates in the region, adds it before the pointer's earlier root can go. Loading
///     from a region object adds nothing: its parent is in the set.
/// G3  A full collection makes the set anew, from the region pointers that it meets; the old set stays until the new one is whole.
///
/// The set is an open-addressing table. Objects in slabs and large ones count by their page of 4 KiB, which belongs to one
/// Boehm object alone, so that many pointers into one slab are few entries; small ones (bit 2) count by themselves.
struct SharedRoots {
  /// The table, `capacity` words of 0 or a key; 0: there is none yet.
  private var table: UInt = 0
  private var capacity = 0
  private(set) var count = 0

  /// Adds what a region pointer leads to. True if it was not there.
  @discardableResult mutating func insert(_ pointer: UInt64) -> Bool {
    if (count + 1) * 2 > capacity { grow() }
    guard unsafe SharedRoots.enter(SharedRoots.key(pointer), words, capacity) else { return false }
    count += 1
    return true
  }

  /// Every entry: the address of something in a region object.
  func forEach(_ body: (UInt) -> Void) {
    for i in 0..<capacity {
      let entry = unsafe words[i]
      if entry != 0 { body(UInt(entry) & ~7) }
    }
  }

  func contains(_ pointer: UInt64) -> Bool {
    guard capacity > 0 else { return false }
    let key = SharedRoots.key(pointer)
    var i = SharedRoots.slot(key, capacity)
    while unsafe words[i] != 0 {
      if unsafe words[i] == key { return true }
      i = (i + 1) & (capacity - 1)
    }
    return false
  }

  mutating func release() {
    if table != 0 { Region.freeRoots(table) }
    self = SharedRoots()
  }

  private var words: UnsafeMutablePointer<UInt64> {
    // SAFETY: asked for only if there is a table.
    unsafe UnsafeMutablePointer(bitPattern: table).unsafelyUnwrapped
  }

  /// Words of the smallest table.
  private static var smallest: Int { 8 }

  private mutating func grow() {
    let wider = max(capacity * 2, SharedRoots.smallest)
    let address = Region.allocateRoots(words: wider)
    let target = unsafe UnsafeMutablePointer<UInt64>(bitPattern: address).unsafelyUnwrapped
    for i in 0..<capacity {
      let key = unsafe words[i]
      if key != 0 { _ = unsafe SharedRoots.enter(key, target, wider) }
    }
    if table != 0 { Region.freeRoots(table) }
    table = address
    capacity = wider
  }

  /// True if the key was not in the table, which has room.
  private static func enter(_ key: UInt64, _ words: UnsafeMutablePointer<UInt64>, _ capacity: Int) -> Bool {
    var i = slot(key, capacity)
    while unsafe words[i] != 0 {
      if unsafe words[i] == key { return false }
      i = (i + 1) & (capacity - 1)
    }
    unsafe words[i] = key
    return true
  }

  private static func key(_ pointer: UInt64) -> UInt64 {
    pointer & 4 != 0 ? pointer & 0xFFFF_FFFF_FFFF : pointer & 0xFFFF_FFFF_F000
  }

  private static func slot(_ key: UInt64, _ capacity: Int) -> Int {
    Int(truncatingIfNeeded: (key >> 3) &* 0x9E37_79B9_7F4A_7C15 >> 32) & (capacity - 1)
  }
}
