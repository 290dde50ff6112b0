import Glibc
import Words

/// Where a process's own objects have gone that it has promoted: their private addresses, and what to pass instead. The
/// copier asks it, so that sending the same value again is one look; the next full collection applies and clears it.
///
/// T1  A key is the address of an object of this heap that has not moved since. A collection that moves an object with a
///     key drops the key.
/// T2  What the key's object was promoted to is in the set of shared roots, or reachable from something there.
///
/// While the collection runs, the headers of promoted objects are their forwards: the region word with bit 0 clear and bit 1
/// set.
@safe struct PromotionTable {
  /// Pairs of address (0: empty; `dropped`: there was one) and region word.
  private var pairs: UnsafeMutablePointer<(UInt64, UInt64)>?
  private(set) var capacity = 0
  /// Places that are not empty.
  private(set) var count = 0
  /// Its memory is to be cleared page by page (`touch`) before anything is entered: it was used before.
  private var isUsed = false
  /// Whether something has been entered since young objects were dropped.
  private var mayNameYoung = false

  /// What stands for the address of an object that is forgotten: whoever looks for another goes on behind it.
  private static var dropped: UInt64 { 1 }

  init() { unsafe pairs = nil }

  /// A header that says "moved to the region".
  static func forward(to word: Word) -> UInt64 { word.bits & ~3 | 2 }

  /// The region word that such a header means.
  static func word(forward: UInt64) -> Word { Word(bits: forward & ~3 | 1) }

  /// An empty table with room for what is here and so many more entries; nil: there is room. All its `freshPages` are to be
  /// touched before the first entry.
  func widened(by more: Int) -> PromotionTable? {
    var wider = max(capacity, 16)
    while wider < (count + more) * 2 { wider *= 2 }
    guard wider > capacity else { return nil }
    guard let (raw, isUsed) = unsafe PromotionTable.allocate(wider) else {
      fatalError("out of memory: the system refused \(wider * 16) bytes")
    }
    var table = PromotionTable()
    table.isUsed = isUsed
    unsafe table.pairs = raw.assumingMemoryBound(to: (UInt64, UInt64).self)
    table.capacity = wider
    return table
  }

  /// Enters what stands in some places of another table.
  mutating func enterAll(of other: PromotionTable, in places: Range<Int>) {
    for i in places {
      let (address, word) = unsafe other.pairs.unsafelyUnwrapped[i]
      if address > PromotionTable.dropped { enter(address, Word(bits: word)) }
    }
  }

  /// How many pages are to be cleared, by the system or by us.
  var freshPages: Int { capacity < PromotionTable.largeCapacity ? 0 : capacity * 16 / 4096 }

  /// Clears some of these pages, or makes the system clear them now.
  func touch(_ pages: Range<Int>) {
    guard let raw = unsafe UnsafeMutableRawPointer(pairs) else { return }
    if isUsed {
      unsafe memset(raw + pages.lowerBound * 4096, 0, pages.count * 4096)
      return
    }
    // Refused by old systems: then each page is cleared when it is written to.
    _ = unsafe madvise(raw + pages.lowerBound * 4096, pages.count * 4096, PageAdvice.populate)
  }

  /// Enters an object, for which there is room (`widened`).
  mutating func enter(_ address: UInt64, _ word: Word) {
    let i = place(of: address)
    if unsafe pairs.unsafelyUnwrapped[i].0 == 0 { count += 1 }
    unsafe pairs.unsafelyUnwrapped[i] = (address, word.bits)
    mayNameYoung = true
  }

  /// What the object at an address was promoted to; nil: it was not.
  func word(for address: UInt64) -> Word? {
    guard count > 0 else { return nil }
    let (key, word) = unsafe pairs.unsafelyUnwrapped[place(of: address)]
    return key == address ? Word(bits: word) : nil
  }

  /// Replaces the headers of all promoted objects by their forwards: the collection that follows finds them moved.
  func apply() {
    for i in 0..<capacity {
      let (address, word) = unsafe pairs.unsafelyUnwrapped[i]
      if address <= PromotionTable.dropped { continue }
      guard let object = unsafe UnsafeMutablePointer<UInt64>(bitPattern: UInt(address)) else { continue }
      // SAFETY: T1.
      unsafe object.pointee = PromotionTable.forward(to: Word(bits: word))
    }
  }

  /// Like `apply` for the objects whose addresses are young, which are forgotten: they move. What is left is old, so until
  /// something is entered there is nothing to do. (Making a table of 65,536 anew in each minor collection took 2 ms, mostly for its
  /// pages.)
  mutating func applyAndDrop(_ isYoung: (UInt) -> Bool) {
    guard mayNameYoung else { return }
    mayNameYoung = false
    var left = 0
    for i in 0..<capacity {
      let (address, word) = unsafe pairs.unsafelyUnwrapped[i]
      if address <= PromotionTable.dropped { continue }
      guard isYoung(UInt(address)),
        let object = unsafe UnsafeMutablePointer<UInt64>(bitPattern: UInt(address))
      else {
        left += 1
        continue
      }
      // SAFETY: T1.
      unsafe object.pointee = PromotionTable.forward(to: Word(bits: word))
      unsafe pairs.unsafelyUnwrapped[i] = (PromotionTable.dropped, 0)
    }
    if left == 0 { release() }
  }

  mutating func release() {
    free()
    self = PromotionTable()
  }

  // MARK: Memory

  /// From so many pairs on, memory comes from the system itself, which zeroes it page by page when it is first used. From
  /// calloc it may be memory that was used before: zeroing 8 MB of that at once held a scheduler for 28 ms.
  private static let largeCapacity = 1 << 12

  private static func allocate(_ capacity: Int) -> (UnsafeMutableRawPointer, isUsed: Bool)? {
    if capacity >= largeCapacity { return unsafe TableMemory.take(bytes: capacity * 16) }
    return unsafe calloc(capacity, 16).map { unsafe ($0, false) }
  }

  private func free() {
    guard let memory = unsafe UnsafeMutableRawPointer(pairs) else { return }
    if capacity < PromotionTable.largeCapacity { return unsafe Glibc.free(memory) }
    unsafe TableMemory.give(memory, bytes: capacity * 16)
  }

  /// Where an address is, or belongs.
  private func place(of address: UInt64) -> Int {
    var i = Int(truncatingIfNeeded: (address >> 3) &* 0x9E37_79B9_7F4A_7C15 >> 32) & (capacity - 1)
    while true {
      let key = unsafe pairs.unsafelyUnwrapped[i].0
      if key == address || key == 0 { return i }
      i = (i + 1) & (capacity - 1)
    }
  }
}
