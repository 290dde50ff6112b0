import Words

/// What a heap has beside its block and chunks if it is large or holds region pointers. A plain small heap has none, and
/// pays nothing for it.
@safe public struct HeapMore {
  /// The next collection is to be a full one.
  var wantsFull = false
  /// What keeps alive all region objects that this heap can reach.
  var roots = SharedRoots()
  /// What this process has promoted since its last full collection.
  var promotions = PromotionTable()

  init() {}
}

extension HeapState {
  /// The rarely needed part, made now if it is not there.
  mutating func makeMore() -> UnsafeMutablePointer<HeapMore> {
    if let more = unsafe more { return unsafe more }
    let made = UnsafeMutablePointer<HeapMore>.allocate(capacity: 1)
    unsafe made.initialize(to: HeapMore())
    unsafe more = made
    return unsafe made
  }

  /// Gives the rarely needed part back, if there is one: the heap ends.
  public mutating func releaseMore(pool: Pool? = nil) {
    guard let more = unsafe more else { return }
    unsafe more.pointee.roots.release()
    unsafe more.pointee.promotions.release()
    unsafe more.deinitialize(count: 1)
    unsafe more.deallocate()
    unsafe self.more = nil
  }
}

// MARK: Region objects

extension Heap {
  /// What this heap's process has promoted.
  var promotions: PromotionTable { unsafe state.pointee.more?.pointee.promotions ?? PromotionTable() }

  /// The region object that stands for one of this heap; nil: there is none.
  public func promoted(_ word: Word) -> Word? { promotions.word(for: word.bits) }

  /// Whether the heap may hold region pointers that are no permanent roots.
  @inlinable public var mayReachRegion: Bool { unsafe state.pointee.more != nil }

  /// Makes the heap a holder of what a region pointer leads to (G2).
  func hold(_ pointer: Word) {
    unsafe state.pointee.makeMore().pointee.roots.insert(pointer.bits)
  }

  /// Takes over the roots of a message whose chunks this heap has taken over.
  func hold(all message: SharedRoots) {
    let more = unsafe state.pointee.makeMore()
    if unsafe more.pointee.roots.count == 0 {
      unsafe more.pointee.roots.release()
      unsafe more.pointee.roots = message
    } else {
      var message = message
      unsafe more.pointee.roots.insert(all: message)
      message.release()
    }
  }
}
