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
