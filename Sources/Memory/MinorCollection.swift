import Words

/// A collection of the young part of a heap with generations. What has survived one before is promoted: it moves to the
/// newest old segment. The rest of what is alive stays young: it moves to a scratch area, in which every pointer is
/// written as what it will be, and from there in one piece to the end of the block.
///
///     before:  [ stack |      free      | new objects | survivors of last time ]     + chunks
///     after:   [ stack |            free            |        new survivors      ]
///
/// The stack stays where it is, unless the block has become too small or much too large for it.
///
/// N1  Objects are immutable, so an old object points at young ones only if it was stored into (`HeapMore.remembered`), and
///     what an object points at has survived as many collections as itself.
/// N2  What an object points at that is promoted is promoted with it. Where it has already been kept as young (a cycle
///     through an environment record), the place is remembered.
/// N3  The newest segment has room for all that is young, so that promoting never fails.
/// N4  Registers below the stack's watermark hold nothing young: what they reach was promoted when it was set.
@safe public struct MinorCollection {
  /// What a minor collection is told about the process.
  @frozen public struct Request {
    /// Words from the block's start that hold values and links; of these, below `settled`, nothing young; what those below
    /// `deep` reach is to be promoted, so that they need not be scanned again.
    public var liveStack: Int
    public var settled = 0
    public var deep = 0
    /// Words from the block's start that the stack keeps reserved, at least `liveStack`.
    public var keptStack: Int
    /// Words that must be free afterwards.
    public var need: Int
    public var sizing = GenerationSizing.standard

    @inlinable public init(liveStack: Int, keptStack: Int, need: Int) {
      self.liveStack = liveStack
      self.keptStack = keptStack
      self.need = need
    }
  }

  /// Where young objects of the block are: first byte, and how many bytes.
  private let low: UInt
  private let span: UInt
  private let mark: UInt
  private let chunks: YoungChunks
  /// The lowest survivor, and how low it may come, as addresses in the block that is to be.
  private var kept: UInt
  private let keptFloor: UInt
  private let keptEnd: UInt
  /// What leads from there to the scratch area.
  private let toScratch: UInt
  /// Where the next promoted object goes, and the first one that has not been scanned.
  private var top: UInt
  private var scanned: UInt
  private let more: UnsafeMutablePointer<HeapMore>
  /// Where promoted objects have gone to the region.
  private var keeper: RegionKeeper

  /// Collects.
  /// - Parameters:
  ///   - state: a heap with generations; its process is stopped at a safepoint
  ///   - pool: where blocks come from
  ///   - visitRoots: calls its argument with the place of every root outside the stack
  /// - Returns: words that were moved or scanned, for the reductions; nil if the system has no memory (nothing has changed).
  public static func collect(
    _ state: UnsafeMutablePointer<HeapState>, _ request: Request, pool: Pool,
    visitRoots: ((UnsafeMutablePointer<UInt64>) -> Void) -> Void
  ) -> Int? {
    let more = unsafe state.pointee.more.unsafelyUnwrapped
    unsafe adoptFragments(state)
    guard unsafe makeRoom(state, request.sizing, pool) else { return nil }
    let young = unsafe request.sizing.young(live: more.pointee.old.words)
    guard let block = unsafe Block(state, request, young: young, pool: pool) else { return nil }
    let survivors = unsafe more.pointee.promotesAll ? 0 : request.sizing.survivors(young: young)
    var collection = unsafe MinorCollection(state, end: block.end, survivors: survivors, pool: pool)
    defer { collection.chunks.release() }
    unsafe collection.run(state.pointee.base, request, visitRoots)
    let work = unsafe collection.finish(state, block, request, pool)
    return work
  }

  private init(_ state: UnsafeMutablePointer<HeapState>, end: UInt, survivors: Int, pool: Pool) {
    unsafe more = state.pointee.more.unsafelyUnwrapped
    low = unsafe Heap(unsafe: state).lowestObject
    span = unsafe state.pointee.end - low
    unsafe mark = more.pointee.survivorMark
    unsafe chunks = YoungChunks(state.pointee.chunks)
    kept = end
    keptEnd = end
    keptFloor = end - UInt(survivors * 8)
    toScratch = pool.scratch(words: survivors) &- keptFloor
    unsafe top = more.pointee.old.top
    scanned = top
    let (low, span, chunks) = (low, span, chunks)
    keeper = unsafe RegionKeeper(minor: more) { $0 &- low < span || chunks.holds($0) }
  }

  // MARK: Before

  /// Messages in chunks of their own become old as they are.
  private static func adoptFragments(_ state: UnsafeMutablePointer<HeapState>) {
    let more = unsafe state.pointee.more.unsafelyUnwrapped
    var others: UnsafeMutablePointer<Chunk>?
    var chunk = unsafe state.pointee.chunks
    while let current = unsafe chunk {
      unsafe chunk = current.pointee.next
      if unsafe current.pointee.isFragment {
        unsafe state.pointee.chunkWords -= Int(current.pointee.end - UInt(bitPattern: current)) / 8
        unsafe more.pointee.old.adopt(current)
      } else {
        unsafe current.pointee.next = unsafe others
        unsafe others = unsafe current
      }
    }
    unsafe state.pointee.chunks = unsafe others
  }

  /// N3.
  private static func makeRoom(
    _ state: UnsafeMutablePointer<HeapState>, _ sizing: GenerationSizing, _ pool: Pool
  ) -> Bool {
    let more = unsafe state.pointee.more.unsafelyUnwrapped
    let lowest = unsafe Heap(unsafe: state).lowestObject
    let young = unsafe Int(state.pointee.end - lowest) / 8 + state.pointee.chunkWords
    if unsafe more.pointee.old.room < young * 8 {
      let words = unsafe sizing.segment(live: more.pointee.old.words, atLeast: young)
      guard unsafe more.pointee.old.addSegment(words: words, pool: pool) else { return false }
    }
    unsafe more.pointee.old.touch(bytes: young * 8)
    return true
  }

  // MARK: Moving

  private mutating func run(
    _ base: UInt, _ request: Request,
    _ visitRoots: ((UnsafeMutablePointer<UInt64>) -> Void) -> Void
  ) {
    promoteRemembered()
    if let stack = unsafe UnsafeMutablePointer<UInt64>(bitPattern: base) {
      for i in request.settled..<request.deep { unsafe stack[i] = evacuate(stack[i], promotes: true) }
      scanPromoted()
      for i in request.deep..<request.liveStack { unsafe stack[i] = evacuate(stack[i], promotes: false) }
    }
    unsafe visitRoots { place in unsafe place.pointee = evacuate(place.pointee, promotes: false) }
    var scannedKept = keptEnd
    repeat {
      scanPromoted()
      // Survivors lie downwards: what one round of scanning keeps, the next one scans.
      let round = kept
      var address = round
      while address < scannedKept { address = scanKept(address, scannedKept) }
      scannedKept = round
    } while scanned < top || kept < scannedKept
  }

  /// What old objects point at becomes old, and nothing else has been kept so far: afterwards no place needs to be remembered.
  private mutating func promoteRemembered() {
    let count = unsafe more.pointee.remembered.count
    for i in 0..<count {
      let slot = unsafe more.pointee.remembered[i]
      unsafe slot.pointee = evacuate(slot.pointee, promotes: true)
    }
    unsafe more.pointee.remembered.removeAll()
    scanPromoted()
  }

  private mutating func scanPromoted() {
    while scanned < top {
      let words = unsafe UnsafeMutablePointer<UInt64>(bitPattern: scanned).unsafelyUnwrapped
      let header = unsafe Header(bits: words.pointee)
      Lookahead.fetch(scanned, top)
      for i in header.members {
        let word = unsafe evacuate(words[1 + i], promotes: true)
        unsafe words[1 + i] = word
        if UInt(word) &- keptFloor < keptEnd &- keptFloor { remember(scanned + UInt(1 + i) * 8) }
      }
      scanned += UInt(header.size + 1) * 8
    }
  }

  @inline(never) private func remember(_ slot: UInt) { unsafe more.pointee.remembered.append(slot) }

  /// Evacuates what the survivor that will be at `address` points at; returns the address behind it.
  private mutating func scanKept(_ address: UInt, _ end: UInt) -> UInt {
    let words = unsafe UnsafeMutablePointer<UInt64>(bitPattern: address &+ toScratch).unsafelyUnwrapped
    let header = unsafe Header(bits: words.pointee)
    Lookahead.fetch(address, end, shift: toScratch)
    for i in header.members { unsafe words[1 + i] = evacuate(words[1 + i], promotes: false) }
    return address + UInt(header.size + 1) * 8
  }

  /// The word that takes the place of this one: the object's new address if it is a young pointer.
  @inline(__always) private mutating func evacuate(_ bits: UInt64, promotes: Bool) -> UInt64 {
    guard Word(bits: bits).isPrivatePointer else { return bits }
    let address = UInt(bits)
    let isInBlock = address &- low < span
    if !isInBlock && (chunks.isEmpty || !chunks.holds(address)) { return bits }
    let source = unsafe UnsafeMutablePointer<UInt64>(bitPattern: address).unsafelyUnwrapped
    let header = unsafe source.pointee
    if header & 1 == 0 { return keeper.follow(header) }  // it has moved
    let words = Int(header >> 32) + 1
    let bytes = UInt(words * 8)
    let target: UInt
    if promotes || (isInBlock && address >= mark) || kept &- keptFloor < bytes {
      target = top
      top += bytes
      unsafe copyWords(words, from: source, to: target)
    } else {
      kept -= bytes
      target = kept
      unsafe copyWords(words, from: source, to: target &+ toScratch)
    }
    unsafe source.pointee = UInt64(target)
    return UInt64(target)
  }

  // MARK: After

  private func finish(
    _ state: UnsafeMutablePointer<HeapState>, _ block: Block, _ request: Request, _ pool: Pool
  ) -> Int {
    let promoted = unsafe Int(top - more.pointee.old.top) / 8
    let survived = Int(keptEnd - kept) / 8
    let fresh = unsafe (mark > low ? Int(mark - low) / 8 : 0) + state.pointee.chunkWords
    unsafe more.pointee.old.top = top
    unsafe more.pointee.promotesAll =
      more.pointee.promotesAll ? promoted * 4 > fresh : survived * 2 > fresh && fresh * 4 > Int(span) / 8
    let oldChunks = unsafe state.pointee.chunks
    if Torture.isOn { unsafe Torture.poison(low, words: Int(span) / 8, chunks: oldChunks) }
    unsafe block.install(state, liveStack: request.liveStack, pool: pool)
    if survived > 0 {
      let source = unsafe UnsafePointer<UInt64>(bitPattern: kept &+ toScratch).unsafelyUnwrapped
      unsafe UnsafeMutablePointer<UInt64>(bitPattern: kept).unsafelyUnwrapped
        .update(from: source, count: survived)
    }
    unsafe more.pointee.survivorMark = kept
    unsafe more.pointee.newRoots = 0
    unsafe state.pointee.top = kept
    unsafe state.pointee.stackTop = state.pointee.base + UInt(request.keptStack * 8)
    unsafe state.pointee.chunks = nil
    unsafe state.pointee.chunkWords = 0
    unsafe state.pointee.wantsCollection = false
    unsafe Chunk.free(chain: oldChunks)
    return promoted + survived + request.liveStack - request.settled
  }
}

extension MinorCollection {
  /// The block that a heap with generations has after a collection: its own, or another one for its stack.
  @safe struct Block {
    let base: UInt
    let words: Int
    private let isNew: Bool

    var end: UInt { base + UInt(words * 8) }

    /// Decides; nil if the system has no memory.
    init?(_ state: UnsafeMutablePointer<HeapState>, _ request: Request, young: Int, pool: Pool) {
      let now = unsafe Int(state.pointee.end - state.pointee.base) / 8
      let stack = request.keptStack + request.need
      if request.sizing.fits(block: now, stack: stack, young: young) {
        unsafe base = state.pointee.base
        words = now
        isNew = false
        return
      }
      words = HeapBlock.size(atLeast: request.sizing.block(stack: stack, young: young))
      base = HeapBlock.allocate(words: words, pool: pool)
      isNew = true
      if base == 0 { return nil }
    }

    /// Moves the stack there, and frees the block that the heap had. Its objects have moved.
    func install(_ state: UnsafeMutablePointer<HeapState>, liveStack: Int, pool: Pool) {
      guard isNew else { return }
      let old = unsafe state.pointee.base
      let oldWords = unsafe Int(state.pointee.end - old) / 8
      if let source = unsafe UnsafePointer<UInt64>(bitPattern: old), liveStack > 0 {
        unsafe UnsafeMutablePointer<UInt64>(bitPattern: base).unsafelyUnwrapped
          .update(from: source, count: liveStack)
      }
      if Torture.isOn { unsafe Torture.poison(old, words: oldWords, chunks: nil) }
      if old != 0 { HeapBlock.free(old, words: oldWords, pool: pool) }
      unsafe state.pointee.base = base
      unsafe state.pointee.end = end
    }
  }
}
