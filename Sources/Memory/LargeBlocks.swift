import CLinux
import Glibc
import Synchronization

/// Large blocks that nobody uses at the moment, kept for the next collection that needs one. The system clears each page that
/// it gives, and here that takes some eight times as long as what a full collection does itself.
///
/// B1  Of a block that is kept, the first half keeps its pages: about what survives a full collection of a heap that has
///     doubled. So what is kept adds nothing to the most memory that such heaps ever have. The other half goes back soon.
/// B2  What is kept counts as taken (`MemoryAccount`), and goes back to the system when somebody would be refused memory otherwise,
///     and after some seconds (`release`).
/// B3  Giving 30 MB back takes the system some 2 ms: whoever gives a block up leaves that to a thread that nobody waits for
///     (`tidy`). Until then the block is *untidy*, counts as a whole, and may be taken again as it is. If more than may be kept is
///     untidy, nobody tidies: then each block is given back where it comes.
public enum LargeBlocks {
  private struct Block {
    let base: UInt
    let bytes: Int
    let since: UInt64
    /// The bytes that count as taken.
    var held: Int
    var state = State.whole
  }

  private enum State {
    /// Its second half is to be given back.
    case whole
    /// It has been (B1).
    case halved
    /// All of it is to be given back.
    case superfluous
  }

  private static let blocks = Mutex<[Block]>([])
  /// How many of them are untidy.
  private static let untidy = Atomic<Int>(0)

  /// The most bytes that are kept, and as a share of the ceiling.
  private static var mostBytes: Int { 512 << 20 }
  private static var shareOfCeiling: Int { 16 }
  private static var largePage: UInt { 2 << 20 }

  private static func withBlocks<R>(_ body: (inout [Block]) -> R) -> R {
    blocks.withLock { blocks in
      defer { untidy.store(blocks.count { $0.state != .halved }, ordering: .relaxed) }
      return body(&blocks)
    }
  }

  /// A block of at least so many bytes, and at most twice that; 0: there is none.
  static func take(bytes: Int) -> UInt {
    let found = withBlocks { blocks -> Block? in
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

  /// Keeps a block that came from malloc in place of older ones, or lets it go.
  static func keep(_ base: UInt) {
    let bytes = unsafe malloc_usable_size(UnsafeMutableRawPointer(bitPattern: base))
    let block = Block(base: base, bytes: bytes, since: ludi_monotonic_nanoseconds(), held: bytes)
    MemoryAccount.add(bytes)
    if MemoryAccount.isTight || !withBlocks({ add(block, to: &$0) }) { giveBack([block]) }
  }

  /// False: nobody tidies (B3).
  private static func add(_ block: Block, to blocks: inout [Block]) -> Bool {
    let most = min(mostBytes, MemoryAccount.ceilingBytes / shareOfCeiling)
    let waiting = blocks.reduce(0) { $1.state == .halved ? $0 : $0 + $1.held }
    if waiting > 0 && waiting + block.bytes > most * 2 { return false }
    blocks.append(block)
    var sum = 0
    for i in blocks.indices.reversed() where blocks[i].state != .superfluous {
      sum += blocks[i].bytes / 2
      if sum > most { blocks[i].state = .superfluous }
    }
    return true
  }

  /// Whether `tidy` has something to do.
  public static var isUntidy: Bool { untidy.load(ordering: .relaxed) > 0 }

  /// Gives what is too much of one block back to the system. False: there was nothing to do.
  @discardableResult public static func tidy() -> Bool {
    let found = withBlocks { blocks in
      blocks.firstIndex { $0.state != .halved }.map { blocks.remove(at: $0) }
    }
    guard var block = found else { return false }
    if block.state == .superfluous {
      giveBack([block])
      return true
    }
    letGoOfSecondHalf(block.base, block.bytes)
    MemoryAccount.remove(block.held - block.bytes / 2)
    block.held = block.bytes / 2
    block.state = .halved
    withBlocks { blocks in
      blocks.insert(block, at: blocks.firstIndex { $0.since > block.since } ?? blocks.count)
    }
    return true
  }

  private static func giveBack(_ old: [Block]) {
    for block in old {
      unsafe free(UnsafeMutableRawPointer(bitPattern: block.base))
      MemoryAccount.remove(block.held)
    }
  }

  /// B1. In pieces, between which others who need pages get their turn.
  private static func letGoOfSecondHalf(_ base: UInt, _ bytes: Int) {
    let page: UInt = 4096
    // Whole large pages.
    var from = (base + UInt(bytes / 2) + largePage - 1) & ~(largePage - 1)
    let to = (base + UInt(bytes)) & ~(page - 1)
    while from < to {
      let next = min(from + 2 * largePage, to)
      _ = unsafe madvise(UnsafeMutableRawPointer(bitPattern: from), Int(next - from), MADV_DONTNEED)
      from = next
    }
  }

  /// Gives back to the system what has been kept for so many nanoseconds. True if there was anything.
  @discardableResult public static func release(olderThan age: UInt64) -> Bool {
    let now = ludi_monotonic_nanoseconds()
    let old = withBlocks { blocks in
      let old = blocks.filter { $0.since + age <= now }
      blocks.removeAll { $0.since + age <= now }
      return old
    }
    giveBack(old)
    return !old.isEmpty
  }
}
