import CLinux
import Glibc
import Synchronization

/// Large blocks that nobody uses at the moment, kept for the next collection that needs one. The system clears each page that
/// it gives, and here that takes some eight times as long as what a full collection does itself.
///
/// B1  Of a block that is kept, the first half keeps its pages: about what survives a full collection of a heap that has
///     doubled. So what is kept adds nothing to the most memory that such heaps ever have.
/// B2  What is kept counts as taken (`MemoryAccount`), and goes back to the system when somebody would be refused memory otherwise,
///     and after some seconds (`release`).
public enum LargeBlocks {
  private struct Block {
    let base: UInt
    let bytes: Int
    let since: UInt64

    /// The bytes that it keeps of the system's (B1).
    var held: Int { bytes / 2 }
  }

  private static let blocks = Mutex<[Block]>([])

  /// The most bytes that are kept, and as a share of the ceiling.
  private static var mostBytes: Int { 512 << 20 }
  private static var shareOfCeiling: Int { 16 }
  private static var largePage: UInt { 2 << 20 }

  /// A block of at least so many bytes, and at most twice that; 0: there is none.
  static func take(bytes: Int) -> UInt {
    let found = blocks.withLock { blocks -> Block? in
      var best: Int?
      for i in blocks.indices where blocks[i].bytes >= bytes && blocks[i].bytes <= bytes * 2 {
        if best.map({ blocks[i].bytes < blocks[$0].bytes }) ?? true { best = i }
      }
      return best.map { blocks.remove(at: $0) }
    }
    guard let found else { return 0 }
    MemoryAccount.remove(found.held)
    return found.base
  }

  /// Keeps a block that came from malloc in place of older ones, or frees it.
  static func keep(_ base: UInt) {
    let bytes = unsafe malloc_usable_size(UnsafeMutableRawPointer(bitPattern: base))
    let block = Block(base: base, bytes: bytes, since: ludi_monotonic_nanoseconds())
    let most = min(mostBytes, MemoryAccount.ceilingBytes / shareOfCeiling)
    if block.held > most || MemoryAccount.isTight {
      return unsafe free(UnsafeMutableRawPointer(bitPattern: base))
    }
    letGoOfSecondHalf(base, bytes)
    MemoryAccount.add(block.held)
    giveBack(
      blocks.withLock { blocks in
        var sum = blocks.reduce(block.held) { $0 + $1.held }
        var count = 0
        while sum > most {
          sum -= blocks[count].held
          count += 1
        }
        let old = Array(blocks.prefix(count))
        blocks.removeFirst(count)
        blocks.append(block)
        return old
      })
  }

  private static func giveBack(_ old: [Block]) {
    for block in old {
      unsafe free(UnsafeMutableRawPointer(bitPattern: block.base))
      MemoryAccount.remove(block.held)
    }
  }

  /// B1.
  private static func letGoOfSecondHalf(_ base: UInt, _ bytes: Int) {
    let page: UInt = 4096
    // Whole large pages.
    let from = (base + UInt(bytes / 2) + largePage - 1) & ~(largePage - 1)
    let to = (base + UInt(bytes)) & ~(page - 1)
    if from < to {
      _ = unsafe madvise(UnsafeMutableRawPointer(bitPattern: from), Int(to - from), MADV_DONTNEED)
    }
  }

  /// Gives back to the system what has been kept for so many nanoseconds. True if there was anything.
  @discardableResult public static func release(olderThan age: UInt64) -> Bool {
    let now = ludi_monotonic_nanoseconds()
    let old = blocks.withLock { blocks in
      let old = blocks.filter { $0.since + age <= now }
      blocks.removeAll { $0.since + age <= now }
      return old
    }
    giveBack(old)
    return !old.isEmpty
  }
}
