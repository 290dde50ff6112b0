import CBoehm
import Glibc

/// Blocks for private heaps: small ones from a pool, larger ones from malloc.
public enum HeapBlock {
  /// The size that a block for at least `words` gets. Small: the pool's classes; larger: steps of a quarter, so that
  /// a block wastes at most a fifth.
  public static func size(atLeast words: Int) -> Int {
    switch words {
    case ...32: return 32
    case ...48: return 48
    case ...64: return 64
    case ...96: return 96
    case ...128: return 128
    default: break
    }
    let power = 1 << (Int.bitWidth - 1 - (words - 1).leadingZeroBitCount)
    let quarter = power / 4
    return power + (words - power + quarter - 1) / quarter * quarter
  }

  /// The first block of a process that needs so many words before it calls anything. Where there are very many processes,
  /// most of them wait and never need more than the smallest block; elsewhere that would cost most of them a collection.
  public static func firstSize(atLeast words: Int, isCrowded: Bool) -> Int {
    let smallest = PoolClass.words16.words
    return isCrowded && words + firstFrames <= smallest ? smallest : size(atLeast: words + 2 * firstFrames)
  }

  /// Words for the first frames of a process that just waits.
  private static var firstFrames: Int { 10 }

  /// A block of exactly this size, which is one that `size(atLeast:)` gives; 0 if the system has no memory, or the VM may
  /// take no more.
  public static func allocate(words: Int, pool: Pool) -> UInt {
    if let size = poolClass(words) { return pool.take(size) }
    guard MemoryAccount.allows(words * 8) else { return 0 }
    let block = words < largeWords ? UInt(bitPattern: unsafe malloc(words * 8)) : allocateLarge(words * 8)
    if block != 0 { MemoryAccount.add(words * 8) }
    return block
  }

  /// Large blocks come and go with full collections, and most of what that costs is the system's clearing of
  /// their pages: so they are used again, and large pages are cleared several times faster.
  private static func allocateLarge(_ bytes: Int) -> UInt {
    let kept = LargeBlocks.take(bytes: bytes)
    if kept != 0 { return kept }
    var block: UnsafeMutableRawPointer?
    guard unsafe posix_memalign(&block, largePage, bytes) == 0 else { return 0 }
    _ = unsafe madvise(block, bytes / largePage * largePage, MADV_HUGEPAGE)
    return UInt(bitPattern: block)
  }

  private static var largePage: Int { 2 << 20 }
  /// From here on a block is large: it comes from the system in large pages.
  static var largeWords: Int { largePage * 4 / 8 }

  /// A zeroed block for a stack in the single heap, whose words are roots of it; 0 if it was refused. A small one is
  /// given even where the ceiling is reached: what fills the heap may be garbage by now.
  public static func allocateScanned(words: Int) -> UInt {
    if words <= 4096 { return Region.allocateRoots(words: words) }
    return UInt(bitPattern: unsafe GC_malloc_uncollectable(words * 8))
  }

  public static func freeScanned(_ base: UInt) {
    unsafe GC_free(UnsafeMutableRawPointer(bitPattern: base))
  }

  public static func free(_ base: UInt, words: Int, pool: Pool) {
    if let size = poolClass(words) { return pool.give(base, size) }
    MemoryAccount.remove(words * 8)
    if words >= largeWords { return LargeBlocks.keep(base) }
    unsafe Glibc.free(UnsafeMutableRawPointer(bitPattern: base))
  }

  private static func poolClass(_ words: Int) -> PoolClass? {
    switch words {
    case 16: .words16
    case 32: .words32
    case 48: .words48
    case 64: .words64
    case 96: .words96
    case 128: .words128
    default: nil
    }
  }
}
