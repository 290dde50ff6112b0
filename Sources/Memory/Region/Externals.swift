import Glibc

/// The entries that a slab's externals will have, while its objects are scanned: a set that is filled and emptied slab by
/// slab. Nothing in it needs to be a root: the promotion holds its slabs, the process all else.
@safe struct Externals: ~Copyable {
  private var table: UnsafeMutablePointer<UInt64>
  private var capacity: Int
  /// Where in the table something is.
  private var used = AddressLog()
  /// The entry that was added last, which comes again most of the time.
  private var latest: UInt64 = 0

  init() {
    capacity = 64
    unsafe table = .allocate(capacity: capacity)
    unsafe table.initialize(repeating: 0, count: capacity)
  }

  deinit { unsafe table.deallocate() }

  /// True if the entry is new.
  @inline(__always) mutating func insert(_ entry: UInt64) -> Bool {
    entry == latest ? false : insertSlowly(entry)
  }

  private mutating func insertSlowly(_ entry: UInt64) -> Bool {
    latest = entry
    if (used.count + 1) * 2 > capacity { grow() }
    let i = place(of: entry)
    if unsafe table[i] == entry { return false }
    unsafe table[i] = entry
    used.append(UInt(i))
    return true
  }

  /// Writes all entries into a Boehm object, and empties the set.
  /// - Returns: the object's address, 0 if there are no entries; nil: there is no memory
  mutating func finish() -> UInt? {
    if used.count == 0 { return 0 }
    let address = Region.makeScanned(words: used.count)
    if address == 0 { return nil }
    for i in 0..<used.count {
      // SAFETY: the words that were just made.
      unsafe UnsafeMutablePointer<UInt64>(bitPattern: address).unsafelyUnwrapped[i] = table[Int(used[i])]
      unsafe table[Int(used[i])] = 0
    }
    used.removeAll()
    latest = 0
    return address
  }

  private mutating func grow() {
    let old = unsafe table
    let entries = used.count
    capacity *= 2
    unsafe table = .allocate(capacity: capacity)
    unsafe table.initialize(repeating: 0, count: capacity)
    for i in 0..<entries {
      let entry = unsafe old[Int(used[i])]
      let target = place(of: entry)
      unsafe table[target] = entry
      used[i] = UInt(target)
    }
    unsafe old.deallocate()
  }

  private func place(of entry: UInt64) -> Int {
    let mask = capacity - 1
    var i = Int(truncatingIfNeeded: (entry >> 3) &* 0x9E37_79B9_7F4A_7C15 >> 32) & mask
    while true {
      let there = unsafe table[i]
      if there == entry || there == 0 { return i }
      i = (i + 1) & mask
    }
  }
}
