import Words

/// A full collection of a heap with generations, or of one that is to have them: everything that is alive, young or old,
/// moves to a new segment and is old. The stack stays where it is, unless the block has to be exchanged.
///
///     before:  [ stack | free | young ] + chunks + old segments
///     after:   [ stack |     free     ] + one old segment
///
/// V1 and V2 of `MovingCollection` hold, and V3 for the segment: it has room for all that was in use. What was not alive is room for
/// what will be promoted; its pages are touched only then.
@safe public struct FullCollection: MovingCollection {
  /// Where the next object goes.
  private var top: UInt
  /// What is alive of the region.
  var keeper: RegionKeeper

  /// Collects. What may be called on any thread, as long as nobody else touches the process and its pool.
  /// - Returns: words that were moved or scanned, for the reductions; nil if the system has no memory (nothing has changed).
  public static func collect(
    _ state: UnsafeMutablePointer<HeapState>, _ request: MinorCollection.Request, pool: Pool,
    visitRoots: ((UnsafeMutablePointer<UInt64>) -> Void) -> Void
  ) -> Int? {
    let more = unsafe state.pointee.makeMore()
    let used = unsafe usedWords(state)
    let young = request.sizing.young(live: used)
    var old = OldSpace()
    guard old.addSegment(words: used + young, pool: pool) else { return nil }
    guard let block = unsafe MinorCollection.Block(state, request, young: young, pool: pool) else {
      old.release(pool: pool)
      return nil
    }
    var collection = unsafe FullCollection(top: old.top, keeper: RegionKeeper(full: more))
    unsafe collection.run(state.pointee.base, liveStack: request.liveStack, visitRoots)
    collection.keeper.finish()
    old.top = collection.top
    old.touch(bytes: young * 8)

    let lowest = unsafe Heap(unsafe: state).lowestObject
    let oldChunks = unsafe state.pointee.chunks
    if Torture.isOn {
      unsafe Torture.poison(lowest, words: Int(state.pointee.end - lowest) / 8, chunks: oldChunks)
    }
    unsafe block.install(state, liveStack: request.liveStack, pool: pool)
    unsafe Chunk.free(chain: oldChunks)
    unsafe more.pointee.endGenerations(pool: pool)
    unsafe more.pointee.begin(old, sizing: request.sizing, limit: state.pointee.limitWords, end: block.end)
    unsafe state.pointee.top = block.end
    unsafe state.pointee.stackTop = block.base + UInt(request.keptStack * 8)
    unsafe state.pointee.chunks = nil
    unsafe state.pointee.chunkWords = 0
    unsafe state.pointee.liveWords = old.words + request.liveStack
    unsafe state.pointee.wantsCollection = false
    return old.words + request.liveStack
  }

  /// Words of objects that a heap has, alive or not.
  static func usedWords(_ state: UnsafeMutablePointer<HeapState>) -> Int {
    let lowest = unsafe Heap(unsafe: state).lowestObject
    return unsafe Int(state.pointee.end - lowest) / 8 + state.pointee.chunkWords + state.pointee.oldWords
  }

  private mutating func run(
    _ base: UInt, liveStack: Int, _ visitRoots: ((UnsafeMutablePointer<UInt64>) -> Void) -> Void
  ) {
    var scanned = top
    moveStack(from: base, to: base, liveStack: liveStack)
    unsafe visitRoots { place in unsafe place.pointee = evacuate(place.pointee) }
    while scanned < top { scanned = scan(scanned, top) }
  }

  @inline(__always) mutating func makeRoom(bytes: UInt) -> UInt {
    defer { top += bytes }
    return top
  }
}

extension HeapMore {
  /// All that is alive is old now; the young part ends at `end` and is empty.
  mutating func begin(_ space: OldSpace, sizing: GenerationSizing, limit: Int, end: UInt) {
    old = space
    isGenerational = true
    wantsFull = false
    newRoots = 0
    survivorMark = end
    oldLimit = sizing.oldLimit(live: space.words, limit: limit)
  }
}
