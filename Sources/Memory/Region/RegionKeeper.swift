import Words

/// What one collection of a private heap does about the shared region: what has been promoted is let go for its region
/// object, and the region objects that are met become the heap's shared roots.
///
///     begin (init) → meet and follow, for each word that is evacuated → finish
///
/// A minor collection meets only part of what the heap reaches, so it leaves the roots as they are.
@safe struct RegionKeeper {
  /// The heap's part that holds its roots; nil: it reaches no region objects, and all of this is nothing.
  private let more: UnsafeMutablePointer<HeapMore>?
  private let isFull: Bool
  /// The roots of all region objects that were met.
  private var roots = SharedRoots()

  /// Begins a collection that moves everything, when it can no longer fail: promoted objects are forwarded from now on.
  init(full more: UnsafeMutablePointer<HeapMore>?) {
    unsafe self.more = more
    isFull = true
    unsafe more?.pointee.promotions.apply()
  }

  /// Begins a collection that moves those objects only whose addresses are young; none of the others is touched.
  init(minor more: UnsafeMutablePointer<HeapMore>?, isYoung: (UInt) -> Bool) {
    unsafe self.more = more
    isFull = false
    unsafe more?.pointee.promotions.applyAndDrop(isYoung)
  }

  /// Looks at a word that is no private pointer: a region object that it points at is alive (G3).
  @inline(__always) mutating func meet(_ bits: UInt64) {
    if unsafe more != nil, Word(bits: bits).isRegionPointer { keep(bits) }
  }

  /// Where an object has gone, by its forwarding header: within the heap, or (bit 1) into the region.
  @inline(__always) mutating func follow(_ forward: UInt64) -> UInt64 {
    forward & 2 == 0 ? forward : followToRegion(forward)
  }

  /// Ends the collection: the heap holds what was met.
  mutating func finish() {
    guard let more = unsafe more, isFull else { return }
    unsafe more.pointee.roots.release()
    unsafe more.pointee.roots = roots
    unsafe more.pointee.promotions.release()
    unsafe more.pointee.holds.begin(with: roots)
    unsafe more.pointee.wantsFull = false
  }

  @inline(never) private mutating func keep(_ bits: UInt64) {
    if isFull { roots.insert(bits) }
  }

  @inline(never) private mutating func followToRegion(_ forward: UInt64) -> UInt64 {
    let word = PromotionTable.word(forward: forward)
    keep(word.bits)
    return word.bits
  }
}
