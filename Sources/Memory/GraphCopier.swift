import Words

/// Copies whole object graphs, in the manner of Cheney: each copied object is scanned, and what it points at is copied
/// behind it. Sharing and cycles are kept. Shared objects are left where they are. For rare copies (publishing).
struct GraphCopier {
  /// Where an object of the source has gone, by its word's bits.
  private var moved: [UInt64: Word] = [:]
  /// Copies whose words still point at the source.
  private var unscanned: [HeapObject] = []

  /// A copy of the graph, its pointers tagged with `tag`. `allocate` gives room for so many bytes, 8-byte aligned;
  /// `meetRegion` learns of every pointer into the region.
  mutating func copy(
    _ root: Word, tag: UInt64, allocate: (Int) -> UInt, meetRegion: (UInt64) -> Void = { _ in }
  ) -> Word {
    let result = move(root, tag, allocate, meetRegion)
    while let object = unscanned.popLast() {
      for i in object.members { object[i] = move(object[i], tag, allocate, meetRegion) }
    }
    return result
  }

  private mutating func move(
    _ word: Word, _ tag: UInt64, _ allocate: (Int) -> UInt, _ meetRegion: (UInt64) -> Void
  ) -> Word {
    guard word.isPrivatePointer else {
      if word.isRegionPointer { meetRegion(word.bits) }
      return word
    }
    if let known = moved[word.bits] { return known }
    let source = HeapObject(word)
    let address = allocate((source.size + 1) * 8)
    // SAFETY: S2, the room is this object's; header first, then its words as they are.
    unsafe UnsafeMutablePointer<UInt64>(bitPattern: address).unsafelyUnwrapped
      .update(from: source.address, count: source.size + 1)
    let target = Word(bits: UInt64(address) | tag)
    moved[word.bits] = target
    unscanned.append(HeapObject(target))
    return target
  }
}
