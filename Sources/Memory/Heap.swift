import Words

/// Where objects are made: a process's private heap, the immortal area, or a heap of its own for tests and loading.
///
/// Allocation is a bump in the block. Where the block has no room, it goes on in chunks and asks for a collection
/// at the next safepoint: `allocate` itself never collects, moves nothing and cannot fail, so that natives may
/// hold words as they like. Natives whose result is not bounded by a small multiple of one node ask `hasRoom` first.
@frozen @safe public struct Heap {
  @usableFromInline let state: UnsafeMutablePointer<HeapState>

  /// A handle on the state of a heap, which the caller keeps alive.
  @inlinable public init(unsafe state: UnsafeMutablePointer<HeapState>) { unsafe self.state = state }

  /// The most words a process's heap may have if nobody says otherwise: 256 MiB.
  @inlinable public static var defaultLimit: Int { 1 << 25 }

  /// A new object. Its words are not initialised: the caller writes every one of them before the next safepoint.
  @inlinable public func allocate(
    _ kind: ObjectKind, size: Int, auxiliary: Int = 0, flags: Int = 0
  ) -> HeapObject {
    let bytes = UInt(size &+ 1) &* 8
    let address: UInt
    if unsafe Int(bitPattern: state.pointee.top &- state.pointee.stackTop) >= Int(bitPattern: bytes) {
      address = unsafe state.pointee.top &- bytes
      unsafe state.pointee.top = address
    } else {
      address = allocateSlowly(bytes, kind)
    }
    let header = Header(kind, size: size, auxiliary: auxiliary, flags: flags)
    // SAFETY: the bytes at `address` are this object's from now on (S2).
    unsafe UnsafeMutablePointer<UInt64>(bitPattern: address).unsafelyUnwrapped.pointee = header.bits
    return unsafe HeapObject(Word(bits: UInt64(address) | UInt64(state.pointee.tag)))
  }

  /// A new tuple of two: `allocate`, without taking the address out of the tagged word again.
  @inlinable @inline(__always) public func allocatePair(_ first: Word, _ second: Word) -> Word {
    let address: UInt
    if unsafe Int(bitPattern: state.pointee.top &- state.pointee.stackTop) >= 24 {
      address = unsafe state.pointee.top &- 24
      unsafe state.pointee.top = address
    } else {
      address = allocateSlowly(24, .tuple)
    }
    // SAFETY: the bytes at `address` are this object's from now on (S2).
    let words = unsafe UnsafeMutablePointer<UInt64>(bitPattern: address).unsafelyUnwrapped
    unsafe words[0] = Header(.tuple, size: 2).bits
    unsafe words[1] = first.bits
    unsafe words[2] = second.bits
    return unsafe Word(bits: UInt64(address) | UInt64(state.pointee.tag))
  }

  /// From here on the VM is asked for room, too: what is smaller comes from blocks and chunks, which ask.
  private static var askedWords: Int { 1 << 10 }

  /// Whether an object graph of so many words would stay within the heap's limit. If not, the process is
  /// marked as exhausted, and the native returns `Word.nil` at once: the machine panics with `out of memory`.
  ///
  /// What counts is what was alive after the last collection and what has overflowed since: the rest of the block
  /// may well be garbage, and the next collection tells.
  public func hasRoom(words: Int) -> Bool {
    if isSingle ? hasSingleRoom(words: words) : hasPrivateRoom(words: words) { return true }
    markExhausted()
    return false
  }

  /// The system, or the region, has refused memory: the process ends at its next safepoint.
  public func markExhausted() {
    unsafe state.pointee.isExhausted = true
    requestCollection()
  }

  private func hasPrivateRoom(words: Int) -> Bool {
    let used = unsafe state.pointee.liveWords + state.pointee.chunkWords
    guard unsafe words >= 0 && words <= state.pointee.limitWords && used + words <= state.pointee.limitWords
    else {
      return false
    }
    return words < Heap.askedWords || MemoryAccount.allows(words * 8)
  }

  /// An allocation was refused, or the limit passed: what a native returned is not to be used.
  public var isExhausted: Bool { unsafe state.pointee.isExhausted }

  /// Makes the next safepoint collect: the block counts as full, so that entering a procedure finds no room and stops.
  @inlinable public func requestCollection() {
    if unsafe state.pointee.wantsCollection { return }
    unsafe state.pointee.wantsCollection = true
    unsafe state.pointee.topBefore = state.pointee.top
    unsafe state.pointee.top = state.pointee.base
  }

  /// The size of the block.
  @inlinable public var blockWords: Int { unsafe Int(state.pointee.blockWordCount) }

  /// The address of the lowest object of the block, whether or not a collection has been requested.
  public var lowestObject: UInt {
    unsafe state.pointee.wantsCollection ? state.pointee.topBefore : state.pointee.top
  }

  /// Room for an object that the block has no room for.
  @usableFromInline @inline(never) func allocateSlowly(_ bytes: UInt, _ kind: ObjectKind) -> UInt {
    isSingle ? allocateSingle(bytes, kind) : allocateInChunk(bytes)
  }

  @usableFromInline @inline(never) func allocateInChunk(_ bytes: UInt) -> UInt {
    assert(!isSingle)
    requestCollection()
    if let chunk = unsafe state.pointee.chunks,
      unsafe !chunk.pointee.isFragment && chunk.pointee.end &- chunk.pointee.top >= bytes
    {
      let address = unsafe chunk.pointee.top
      unsafe chunk.pointee.top += bytes
      return address
    }
    let words = unsafe max(Int(bytes) / 8, min(max(62, state.pointee.chunkWords), 1 << 16))
    guard let chunk = unsafe Chunk.make(words: words, next: state.pointee.chunks) else {
      fatalError("out of memory: the system refused \(words * 8) bytes")
    }
    unsafe state.pointee.chunks = chunk
    unsafe state.pointee.chunkWords += words
    if unsafe state.pointee.chunkWords > state.pointee.limitWords || !MemoryAccount.allows(0) {
      unsafe state.pointee.isExhausted = true
    }
    let address = unsafe chunk.pointee.top
    unsafe chunk.pointee.top += bytes
    return address
  }
}

// MARK: Heaps of their own

extension Heap {
  /// A heap that no process owns, all in chunks; `discard` frees it. For the loader and for tests.
  /// - Parameter isSingle: what is made in it belongs to the single heap
  public static func standalone(isSingle: Bool = false) -> Heap {
    let state = UnsafeMutablePointer<HeapState>.allocate(capacity: 1)
    unsafe state.initialize(to: HeapState())
    unsafe state.pointee.limitWords = Int.max / 16
    if isSingle { unsafe state.pointee.tag = SingleHeap.tag }
    return unsafe Heap(unsafe: state)
  }

  /// Frees a standalone heap and all its objects.
  public func discard() {
    unsafe Chunk.free(chain: state.pointee.chunks)
    unsafe state.pointee.releaseMore()
    unsafe state.deinitialize(count: 1)
    unsafe state.deallocate()
  }
}
