import Words

/// Words that are written after their object was made, though objects are immutable: those that nobody can have read, since they
/// lie beyond what any value of the program says it has.
extension HeapMore {
  /// Where it says how many objects have been promoted.
  public static var promotionCountOffset: Int {
    MemoryLayout<HeapMore>.offset(of: \HeapMore.promotions.count) ?? -1
  }
}

extension Heap {
  /// Whether such a word of an object may be written now. The object is young, so that no collection needs to be told (N1), and in
  /// no other place: it is not shared, and has not been promoted.
  @inlinable @inline(__always) public func mayFill(_ object: HeapObject) -> Bool {
    let place = unsafe UInt(object.word.bits) &- state.pointee.base
    guard unsafe place < UInt(state.pointee.blockWordCount) &* 8 else { return false }
    return unsafe state.pointee.more == nil || !isPromoted(object)
  }

  @usableFromInline @inline(never) func isPromoted(_ object: HeapObject) -> Bool {
    promoted(object.word) != nil
  }

  /// Whether what is made in this heap now may be filled later.
  @inlinable public var fillsLater: Bool {
    unsafe state.pointee.blockWordCount != 0 && state.pointee.tag == 0
  }
}
