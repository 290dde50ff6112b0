import Words

/// What keeps alive the region objects that one process can reach: a set of pointers in memory that Boehm scans. A message
/// in chunks that holds region pointers has such a set of its own until it is received.
///
/// G1  It is a superset: every region object that the process's heap, stack or adopted messages point at lies in a page or
///     object that is in the set, or is reachable from one that is, or is a permanent root.
/// G2  Who receives a region pointer, or allocates in the region, adds it before the pointer's earlier root can go. Loading
///     from a region object adds nothing: its parent is in the set.
/// G3  A full collection makes the set anew, from the region pointers that it meets; the old set stays until the new one is whole.
///
///     table:  [ capacity ][ count ][ capacity words: 0 or an entry ]
///
/// It is an open-addressing table. Objects in slabs and large ones count by their page of 4 KiB, which belongs to one
/// Boehm object alone, so that many pointers into one slab are few entries; small ones (bit 2) count by themselves.
struct SharedRoots {
  /// The table's address; 0: the set is empty.
  private(set) var table: UInt = 0

  /// An empty set.
  init() {}

  /// The set that `table` gave.
  init(table: UInt) { self.table = table }

  /// The bytes of a page that no two of Boehm's large objects share.
  static var page: UInt64 { 4096 }

  /// What a region pointer is entered as.
  static func key(_ pointer: UInt64) -> UInt64 {
    pointer & 4 != 0 ? pointer & 0xFFFF_FFFF_FFFF : pointer & 0xFFFF_FFFF_F000
  }

  var count: Int { table == 0 ? 0 : unsafe Int(words[1]) }

  /// Adds what a region pointer leads to. True if it was not there.
  @discardableResult mutating func insert(_ pointer: UInt64) -> Bool {
    insert(key: SharedRoots.key(pointer))
  }

  private mutating func insert(key: UInt64) -> Bool {
    if (count + 1) * 2 > capacity { grow() }
    let i = place(of: key)
    if unsafe words[i] == key { return false }
    unsafe words[i] = key
    unsafe words[1] += 1
    return true
  }

  /// Adds all entries of another set.
  mutating func insert(all other: SharedRoots) { other.forEach { _ = insert(key: $0) } }

  func contains(_ pointer: UInt64) -> Bool {
    let key = SharedRoots.key(pointer)
    if table == 0 { return false }
    return unsafe words[place(of: key)] == key
  }

  /// Every entry: a pointer to a region object, or the address of a page of one.
  func forEach(_ body: (UInt64) -> Void) {
    for i in 0..<capacity {
      let entry = unsafe words[2 + i]
      if entry != 0 { body(entry) }
    }
  }

  /// What the entries lead to, each promoted graph once: what it is met as (`RegionHolds`), and its KiB. A set with very
  /// many is estimated.
  func forEachGraph(_ body: (_ graph: UInt64, _ kibibytes: Int) -> Void) {
    var seen: Set<UInt64> = []
    var looked = 0
    forEach { entry in
      looked += 1
      if looked > SharedRoots.countedEntries { return body(0, Int(SharedRoots.page / 1024)) }
      let (graph, kibibytes) = RegionHolds.measure(entry)
      if graph == 0 || seen.insert(graph).inserted { body(graph, kibibytes) }
    }
  }

  private static var countedEntries: Int { 2048 }

  /// Empties the set.
  mutating func release() {
    if table != 0 { Region.freeRoots(table) }
    table = 0
  }

  // MARK: The table

  private var words: UnsafeMutablePointer<UInt64> {
    // SAFETY: asked for only if there is a table.
    unsafe UnsafeMutablePointer(bitPattern: table).unsafelyUnwrapped
  }

  private var capacity: Int { table == 0 ? 0 : unsafe Int(words[0]) }

  /// Entries of the smallest table, half of which may be in use.
  private static var smallest: Int { 8 }

  private mutating func grow() {
    let old = self
    let wider = max(capacity * 2, SharedRoots.smallest)
    table = Region.allocateRoots(words: 2 + wider)
    unsafe words[0] = UInt64(wider)
    insert(all: old)
    if old.table != 0 { Region.freeRoots(old.table) }
  }

  /// The index of the word where a key is, or belongs.
  private func place(of key: UInt64) -> Int {
    let mask = capacity - 1
    var i = Int(truncatingIfNeeded: (key >> 3) &* 0x9E37_79B9_7F4A_7C15 >> 32) & mask
    while true {
      let entry = unsafe words[2 + i]
      if entry == key || entry == 0 { return 2 + i }
      i = (i + 1) & mask
    }
  }
}
