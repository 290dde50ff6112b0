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
  /// How much that is.
  var holds = RegionHolds()

  // Generations. While `isGenerational`, an object in the block or in `chunks` is young, any other private one old.
  var isGenerational = false
  /// Old objects.
  var old = OldSpace()
  /// Slots of old objects that may hold young pointers: environment records that were written to.
  var remembered = RememberedSlots()
  /// An object of the block at or above this address has survived a collection: the next one promotes it.
  var survivorMark: UInt = 0
  /// Most of what was young survived last time: what survives next time is promoted at once.
  var promotesAll = false
  /// Words of old objects from which on the next collection is a full one.
  var oldLimit = 0
  /// Messages that have become roots since the last collection, less those that have ceased to be.
  var newRoots = 0

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
    unsafe more.pointee.endGenerations(pool: pool)
    unsafe more.deinitialize(count: 1)
    unsafe more.deallocate()
    unsafe self.more = nil
  }

  /// Whether the heap has generations.
  public var isGenerational: Bool { unsafe more?.pointee.isGenerational ?? false }

  /// Words of old objects.
  public var oldWords: Int { unsafe more?.pointee.old.words ?? 0 }

  /// Bytes of the heap, and of what it holds in the shared region.
  public var heldBytes: Int {
    let shared = unsafe (more?.pointee.holds.kibibytes ?? 0) * 1024
    return (Int(blockWordCount) + chunkWords + oldWords) * 8 + shared
  }
}

extension HeapMore {
  /// Frees the old generation: nothing is in it any more, or the heap ends.
  mutating func endGenerations(pool: Pool?) {
    isGenerational = false
    promotesAll = false
    old.release(pool: pool)
    remembered.release()
  }
}

extension Heap {
  /// To be called after a store into an object that is not new: if it is old, the place is remembered, because what lies there now
  /// may be young.
  @inlinable public func didStore(into object: HeapObject, _ i: Int) {
    if unsafe state.pointee.more != nil { remember(object, i) }
  }

  @usableFromInline @inline(never) func remember(_ object: HeapObject, _ i: Int) {
    guard let more = unsafe state.pointee.more, unsafe more.pointee.isGenerational else { return }
    let address = unsafe UInt(bitPattern: object.address)
    if unsafe more.pointee.old.holds(address) {
      unsafe more.pointee.remembered.append(address + UInt(1 + i) * 8)
    }
  }
}

// MARK: Messages

extension Heap {
  /// A message that waits in the mailbox has become a root. It lies anywhere in memory: visiting it takes as long as moving twenty
  /// words. So a heap whose young part is bounded (`GenerationSizing`) is collected after so many of them, too.
  @inlinable public func didAdoptRoot() { if unsafe state.pointee.more != nil { countRoots(1) } }

  /// A message that was a root has been taken.
  @inlinable public func didDisownRoot() { if unsafe state.pointee.more != nil { countRoots(-1) } }

  @usableFromInline @inline(never) func countRoots(_ change: Int) {
    guard let more = unsafe state.pointee.more, unsafe more.pointee.isGenerational else { return }
    unsafe more.pointee.newRoots += change
    if unsafe more.pointee.newRoots >= Heap.mostNewRoots { requestCollection() }
  }

  /// A collection visits twice as many at most: those that survive it are visited once more.
  private static var mostNewRoots: Int { 1024 }
}

// MARK: Region objects

extension Heap {
  /// What this heap's process has promoted.
  var promotions: PromotionTable { unsafe state.pointee.more?.pointee.promotions ?? PromotionTable() }

  /// The region object that stands for one of this heap; nil: there is none.
  public func promoted(_ word: Word) -> Word? { promotions.word(for: word.bits) }

  /// Whether the heap may hold region pointers that are no permanent roots.
  @inlinable public var mayReachRegion: Bool { unsafe state.pointee.more != nil }

  /// From now on the heap counts as one that may hold region pointers.
  public func prepareForRegion() { _ = unsafe state.pointee.makeMore() }

  /// Makes the heap a holder of what a region pointer leads to (G2). What it holds counts towards its next full collection.
  func hold(_ pointer: Word) {
    let more = unsafe state.pointee.makeMore()
    guard unsafe more.pointee.roots.insert(pointer.bits) else { return }
    unsafe more.pointee.holds.add(root: pointer.bits)
    unsafe considerFullCollection(more)
  }

  /// Takes over the roots of a message whose chunks this heap has taken over.
  func hold(all message: SharedRoots) {
    let more = unsafe state.pointee.makeMore()
    unsafe more.pointee.holds.add(all: message)
    defer { unsafe considerFullCollection(more) }
    if unsafe more.pointee.roots.count == 0 {
      unsafe more.pointee.roots.release()
      unsafe more.pointee.roots = message
    } else {
      var message = message
      unsafe more.pointee.roots.insert(all: message)
      message.release()
    }
  }

  /// Asks for a full collection, which lets go of region objects that are no longer used, once as many have come as were
  /// held; or if a limit of this heap's own may have been passed.
  private func considerFullCollection(_ more: UnsafeMutablePointer<HeapMore>) {
    let isOverLimit =
      unsafe state.pointee.hasOwnLimit && state.pointee.wordsWithRegion > state.pointee.limitWords
    guard unsafe isOverLimit || more.pointee.holds.asksForCollection else { return }
    unsafe more.pointee.wantsFull = true
    requestCollection()
  }

  /// How many entries the table of promotions has.
  public var promotionCount: Int { promotions.count }

  /// Puts a table that has all entries of this one, and room for more, in its place.
  func replacePromotions(by table: PromotionTable) {
    let more = unsafe state.pointee.makeMore()
    unsafe more.pointee.promotions.release()
    unsafe more.pointee.promotions = table
  }

  /// Enters an object of this heap that has been promoted.
  func enterPromotion(_ address: UInt64, _ word: Word) {
    unsafe state.pointee.makeMore().pointee.promotions.enter(address, word)
  }

  /// Asks that the next collection be a full one, and come soon: it replaces what was promoted.
  public func requestFullCollection() {
    unsafe state.pointee.makeMore().pointee.wantsFull = true
    requestCollection()
  }
}

extension HeapState {
  /// Whether somebody set a limit for this very heap: then what it holds of the region counts, too.
  var hasOwnLimit: Bool { limitWords < Heap.defaultLimit }

  /// Words of this heap that were alive after the last collection, and of the region objects that it holds.
  public var wordsWithRegion: Int {
    guard let more = unsafe more else { return liveWords }
    return unsafe liveWords + more.pointee.holds.kibibytes * 128
  }

  /// Whether the heap is larger than it may be.
  public var isOverLimit: Bool { (hasOwnLimit ? wordsWithRegion : liveWords) > limitWords }
}
