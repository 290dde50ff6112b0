import Words

/// What a heap consists of. It lives inside the process control block.
///
///     base                stackTop        top                      end
///     [ stack: frames →   |    free       |   ← heap: objects        ]  + chunks
///
/// S1  base ≤ stackTop ≤ top ≤ end, or there is no block and all four are 0. Once a collection has been requested, `top`
///     is `base` (the block counts as full) until the collection is done.
/// S2  Every word in [top, end) is in exactly one object; so is every used word of a chunk.
/// S3  [base, stackTop) holds values, link words (which look like numbers) and, above the last safepoint's
///     window, anything.
@frozen @safe public struct HeapState {
  /// The block's first byte.
  public var base: UInt = 0
  /// The lowest object; allocation moves it down.
  public var top: UInt = 0
  /// The byte behind the running frame's last register: allocation stays above it.
  public var stackTop: UInt = 0
  /// Overflow chunks and received fragments, newest first; nil: none.
  public var chunks: UnsafeMutablePointer<Chunk>? = nil
  /// What few heaps have; nil: nothing of it, a small heap of one generation.
  public var more: UnsafeMutablePointer<HeapMore>? = nil
  /// Words of the block.
  public var blockWordCount: UInt32 = 0
  @usableFromInline var wordsBelowTop: UInt32 = 0
  @usableFromInline var chunkWordCount: UInt32 = 0
  @usableFromInline var liveWordCount: UInt32 = 0
  @usableFromInline var limitWordCount: UInt32 = UInt32(Heap.defaultLimit)
  /// The low bits of pointers to what is allocated here. 0: private; `SingleHeap.tag`: in the one heap of all.
  public var tag: UInt8 = 0
  /// The next safepoint is to collect.
  public var wantsCollection = false
  /// An allocation was refused or the limit passed: the process ends at its next safepoint.
  public var isExhausted = false
  /// The last collection left the block more than half full: the next one gets a larger one.
  public var isCrowded = false

  @inlinable public init() {}
}

/// Counts of words lie in 32 bits, so that a control block stays small: 32 GiB, and more counts as that.
extension HeapState {
  /// The byte behind the block's last. To be set after `base`.
  @inlinable public var end: UInt {
    get { base &+ UInt(blockWordCount) &* 8 }
    set { blockWordCount = UInt32((newValue &- base) / 8) }
  }

  /// What `top` was when a collection was requested.
  @inlinable public var topBefore: UInt {
    get { base &+ UInt(wordsBelowTop) &* 8 }
    set { wordsBelowTop = UInt32((newValue &- base) / 8) }
  }

  /// Words in `chunks`.
  @inlinable public var chunkWords: Int {
    get { Int(chunkWordCount) }
    set { chunkWordCount = UInt32(clamping: newValue) }
  }

  /// Words that were alive after the last collection.
  @inlinable public var liveWords: Int {
    get { Int(liveWordCount) }
    set { liveWordCount = UInt32(clamping: newValue) }
  }

  /// The most words that the heap may have, stack included.
  @inlinable public var limitWords: Int {
    get { Int(limitWordCount) }
    set { limitWordCount = UInt32(clamping: newValue) }
  }
}
