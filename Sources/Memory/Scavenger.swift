import Words

/// One collection of one small private heap: everything that its roots reach moves to a new block, in the manner of Cheney
/// (C. J. Cheney, A Nonrecursive List Compacting Algorithm, 1970). The heap grows downwards, so what one round of
/// scanning evacuated lies below what was scanned; the next round scans that, until a round evacuates nothing.
///
///     new block:  [ stack, as it was | free | round 3 | round 2 | round 1 ]
///
/// V1 and V2 of `MovingCollection` hold, and
/// V3  The new block has room for all that was in use, so evacuation never fails.
///
/// A heap with generations that has shrunk loses them in this way, too.
@safe public struct Scavenger: MovingCollection {
  /// The lowest object of the new block so far.
  private var top: UInt
  /// What is alive of the region.
  var keeper: RegionKeeper

  /// Collects.
  /// - Parameters:
  ///   - state: the heap; its process is stopped at a safepoint
  ///   - liveStack: words from the block's start that hold values and links
  ///   - keptStack: words from the block's start that the stack keeps reserved, at least `liveStack`
  ///   - need: words that must be free afterwards
  ///   - room: the new block's size if it is known that what is alive fits; nil: what the sizing says
  ///   - pool: where blocks come from
  ///   - visitRoots: calls its argument with the place of every root outside the stack
  /// - Returns: words that were moved, for the reductions; nil if the system has no memory (nothing has changed).
  public static func collect(
    _ state: UnsafeMutablePointer<HeapState>, liveStack: Int, keptStack: Int, need: Int, room: Int? = nil,
    pool: Pool,
    visitRoots: ((UnsafeMutablePointer<UInt64>) -> Void) -> Void
  ) -> Int? {
    let oldBase = unsafe state.pointee.base
    let oldWords = unsafe Int(state.pointee.end - oldBase) / 8
    let objects = unsafe Int(state.pointee.end - Heap(unsafe: state).lowestObject) / 8
    let wanted = unsafe HeapSizing.wanted(
      used: objects + state.pointee.chunkWords + state.pointee.oldWords, need: keptStack + need,
      isCrowded: state.pointee.isCrowded, limit: state.pointee.limitWords)
    let words = HeapBlock.size(atLeast: room ?? wanted)
    let base = HeapBlock.allocate(words: words, pool: pool)
    guard base != 0 else { return nil }

    var scavenger = unsafe Scavenger(
      top: base + UInt(words * 8), keeper: RegionKeeper(full: state.pointee.more))
    unsafe scavenger.run(
      from: oldBase, to: base, liveStack: liveStack, end: base + UInt(words * 8), visitRoots)

    scavenger.keeper.finish()
    let oldChunks = unsafe state.pointee.chunks
    let moved = (Int(base) + words * 8 - Int(scavenger.top)) / 8
    unsafe state.pointee.base = base
    unsafe state.pointee.end = base + UInt(words * 8)
    unsafe state.pointee.top = scavenger.top
    unsafe state.pointee.stackTop = base + UInt(keptStack * 8)
    unsafe state.pointee.chunks = nil
    unsafe state.pointee.chunkWords = 0
    unsafe state.pointee.liveWords = moved + liveStack
    unsafe state.pointee.wantsCollection = false
    unsafe state.pointee.isCrowded = (moved + keptStack) * 2 > words
    if Torture.isOn { unsafe Torture.poison(oldBase, words: oldWords, chunks: oldChunks) }
    unsafe Chunk.free(chain: oldChunks)
    unsafe state.pointee.more?.pointee.endGenerations(pool: pool)
    if oldBase != 0 { HeapBlock.free(oldBase, words: oldWords, pool: pool) }
    return moved + liveStack
  }

  private mutating func run(
    from oldBase: UInt, to base: UInt, liveStack: Int, end: UInt,
    _ visitRoots: ((UnsafeMutablePointer<UInt64>) -> Void) -> Void
  ) {
    moveStack(from: oldBase, to: base, liveStack: liveStack)
    unsafe visitRoots { place in unsafe place.pointee = evacuate(place.pointee) }
    var scanned = end
    while top < scanned {
      let round = top
      var address = round
      while address < scanned { address = scan(address, scanned) }
      scanned = round
    }
  }

  @inline(__always) mutating func makeRoom(bytes: UInt) -> UInt {
    top -= bytes
    return top
  }
}

/// How large the next block is: pure arithmetic, in words.
public enum HeapSizing {
  /// - Parameters:
  ///   - used: words of objects, in the block and in chunks: the most that can be alive
  ///   - need: stack and the allocation that must fit besides
  ///   - isCrowded: more than half of the block was alive last time, so that the heap doubles
  ///   - limit: what may be alive; doubling ends a quarter above it, lest a heap near its limit take four times that
  public static func wanted(used: Int, need: Int, isCrowded: Bool, limit: Int = Int.max / 2) -> Int {
    max(used, isCrowded ? min(used * 2, limit + limit / 4) : used) + need
  }

  /// Whether a block should be exchanged for a smaller one: less than an eighth of it is alive.
  public static func isWasteful(words: Int, live: Int) -> Bool {
    words > 256 && live * 8 < words
  }
}
