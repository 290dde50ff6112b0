/// Which collection a heap needs next.
public enum CollectionKind: Sendable {
  /// Of a heap without generations (or that is to lose them): all of it, into another block.
  case small
  /// Of the young part of a heap with generations.
  case minor
  /// Of all of a heap that has generations, or is to have them.
  case full
}

extension Heap {
  /// Which collection is due.
  /// - Parameter liveStack: words of the stack that are alive
  public func dueCollection(liveStack: Int, sizing: GenerationSizing = .standard) -> CollectionKind {
    guard let more = unsafe state.pointee.more, unsafe more.pointee.isGenerational else {
      let used = unsafe FullCollection.usedWords(state) + liveStack
      let isLarge = unsafe state.pointee.liveWords >= sizing.threshold || used >= sizing.threshold * 4
      return isLarge ? .full : .small
    }
    if Torture.isOn && Torture.draw() % 32 == 0 { return .small }
    if Torture.isOn && Torture.draw() % 8 == 0 { return .full }
    return unsafe more.pointee.wantsFull || more.pointee.old.words >= more.pointee.oldLimit ? .full : .minor
  }

  /// Words that were alive after the last collection, those included that may have died since they became old.
  public var residentWords: Int { unsafe max(state.pointee.liveWords, state.pointee.oldWords) }

  /// Whether a full collection has left so little that the heap needs no generations.
  public func shouldLoseGenerations(sizing: GenerationSizing = .standard) -> Bool {
    unsafe state.pointee.isGenerational && state.pointee.liveWords < sizing.threshold / 8
  }

  /// The most words that a collection will have to move or scan, about. Of a full one, half of what is in use.
  public func work(_ kind: CollectionKind, liveStack: Int) -> Int {
    let used = unsafe FullCollection.usedWords(state)
    switch kind {
    case .small: return used + liveStack
    case .minor: return unsafe used - state.pointee.oldWords
    case .full: return used / 2 + liveStack
    }
  }

  /// Whether a minor collection would have to wait for the system to clear large pages.
  public func meetsFreshPages(sizing: GenerationSizing = .standard) -> Bool {
    guard let more = unsafe state.pointee.more else { return false }
    let young = work(.minor, liveStack: 0)
    if unsafe more.pointee.old.room >= young * 8 {
      return unsafe more.pointee.old.meetsFreshPages(bytes: young * 8)
    }
    return unsafe sizing.segment(live: more.pointee.old.words, atLeast: young) >= HeapBlock.largeWords
  }
}
