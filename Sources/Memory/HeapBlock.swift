import Glibc

/// Blocks for private heaps: small ones from a pool, larger ones from malloc.
public enum HeapBlock {
  /// The size that a block for at least `words` gets. Small: the pool's classes; larger: steps of a quarter, so that
  /// a block wastes at most a fifth.
  public static func size(atLeast words: Int) -> Int {
    if words <= PoolClass.words128.words {
      for size in PoolClass.allCases where size.words >= max(words, PoolClass.words32.words) {
        return size.words
      }
    }
    let power = 1 << (Int.bitWidth - 1 - (words - 1).leadingZeroBitCount)
    let quarter = power / 4
    return power + (words - power + quarter - 1) / quarter * quarter
  }

  /// A block of exactly this size, which is one that `size(atLeast:)` gives; 0 if the system has no memory.
  public static func allocate(words: Int, pool: Pool) -> UInt {
    if let size = poolClass(words) { return pool.take(size) }
    return UInt(bitPattern: unsafe malloc(words * 8))
  }

  public static func free(_ base: UInt, words: Int, pool: Pool) {
    if let size = poolClass(words) { return pool.give(base, size) }
    unsafe Glibc.free(UnsafeMutableRawPointer(bitPattern: base))
  }

  private static func poolClass(_ words: Int) -> PoolClass? {
    switch words {
    case 32: .words32
    case 48: .words48
    case 64: .words64
    case 96: .words96
    case 128: .words128
    default: nil
    }
  }
}
