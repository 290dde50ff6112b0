import Words

/// One collection of one small private heap: everything that its roots reach moves to a new block, in the manner of Cheney
/// (C. J. Cheney, A Nonrecursive List Compacting Algorithm, 1970). The heap grows downwards, so what one round of
/// scanning evacuated lies below what was scanned; the next round scans that, until a round evacuates nothing.
///
///     new block:  [ stack, as it was | free | round 3 | round 2 | round 1 ]
///
/// V1  Objects are read only in the old block and chunks; a header whose bit 0 is clear is the object's new address, in the
///     new block or (bit 1) in the shared region.
/// V2  Shared pointers are left alone: nothing outside the private heap is touched.
/// V3  The new block has room for all that was in use, so evacuation never fails.
///
/// A heap with generations that has shrunk loses them in this way, too.
@safe public struct Scavenger {
  /// The lowest object of the new block so far.
  private var top: UInt
  /// What is alive of the region.
  private var keeper: RegionKeeper

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
    if liveStack > 0 {
      let source = unsafe UnsafePointer<UInt64>(bitPattern: oldBase).unsafelyUnwrapped
      let target = unsafe UnsafeMutablePointer<UInt64>(bitPattern: base).unsafelyUnwrapped
      for i in 0..<liveStack { unsafe target[i] = evacuate(source[i]) }
    }
    unsafe visitRoots { place in unsafe place.pointee = evacuate(place.pointee) }
    var scanned = end
    while top < scanned {
      let round = top
      var address = round
      while address < scanned { address = scan(address) }
      scanned = round
    }
  }

  /// Evacuates what the object at `address` points at; returns the address behind it.
  private mutating func scan(_ address: UInt) -> UInt {
    let words = unsafe UnsafeMutablePointer<UInt64>(bitPattern: address).unsafelyUnwrapped
    let header = unsafe Header(bits: words.pointee)
    let size = header.size
    let raw = header.kind.rawWords
    if raw < size {
      for i in raw..<size { unsafe words[1 + i] = evacuate(words[1 + i]) }
    }
    return address + UInt(size + 1) * 8
  }

  /// The word that takes the place of this one: the object's new address if it is a private pointer.
  @inline(__always) private mutating func evacuate(_ bits: UInt64) -> UInt64 {
    guard Word(bits: bits).isPrivatePointer, bits != 0 else {
      keeper.meet(bits)
      return bits
    }
    let source = unsafe UnsafeMutablePointer<UInt64>(bitPattern: UInt(bits)).unsafelyUnwrapped
    let header = unsafe source.pointee
    if header & 1 == 0 { return keeper.follow(header) }  // V1: it has moved
    let words = Int(header >> 32) + 1
    top -= UInt(words * 8)
    // SAFETY: V3.
    unsafe copyWords(words, from: source, to: top)
    unsafe source.pointee = UInt64(top)
    return UInt64(top)
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
