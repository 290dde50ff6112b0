import Synchronization
import Words

/// The keyword table: every keyword's name and the hash of its name, by the id in the keyword's word.
/// Keywords are interned when code is loaded; a running program makes none.
///
/// K1  An entry is written before its id is given out and never changes, so that readers need no lock: whoever has the
///     word got it, by whatever way, from the thread that interned it.
/// K2  The name is an immortal string.
public enum Keywords {
  @safe private struct Table: ~Copyable, @unchecked Sendable {
    /// Blocks of `blockSize` entries, two words each: name, hash. Allocated when first needed, never moved.
    let blocks: UnsafeMutablePointer<UnsafeMutablePointer<UInt64>?>
    let ids = Mutex<[String: UInt64]>([:])
  }

  private static let blockSize = 1024
  private static let maxBlocks = 4096

  private static let table: Table = {
    let blocks = UnsafeMutablePointer<UnsafeMutablePointer<UInt64>?>.allocate(capacity: maxBlocks)
    unsafe blocks.initialize(repeating: nil, count: maxBlocks)
    return unsafe Table(blocks: blocks)
  }()

  /// The keyword with this name (without its colon).
  public static func intern(_ name: String) -> Word {
    table.ids.withLock { ids in
      if let id = ids[name] { return Word(.keyword, id) }
      let id = UInt64(ids.count)
      enter(name, Int(id))
      ids[name] = id
      return Word(.keyword, id)
    }
  }

  /// `:ok`, `:err`, `:normal` and others that the VM itself gives to programs.
  public static let ok = intern("ok")
  public static let err = intern("err")
  public static let normal = intern("normal")
  public static let panic = intern("panic")
  public static let killed = intern("killed")
  public static let kill = intern("kill")
  public static let timeout = intern("timeout")
  public static let unknown = intern("unknown")
  public static let call = intern("call")
  public static let reply = intern("reply")
  public static let infinity = intern("infinity")

  private static func enter(_ name: String, _ id: Int) {
    let (block, slot) = id.quotientAndRemainder(dividingBy: blockSize)
    precondition(block < maxBlocks, "more than \(maxBlocks * blockSize) keywords")
    if unsafe table.blocks[block] == nil {
      unsafe table.blocks[block] = .allocate(capacity: blockSize * 2)
    }
    let scratch = Heap.standalone()
    defer { scratch.discard() }
    let string = ImmortalArea.publish(scratch.makeString(name).word)
    unsafe table.blocks[block].unsafelyUnwrapped[slot * 2] = string.bits
    unsafe table.blocks[block].unsafelyUnwrapped[slot * 2 + 1] = StringView(string).hash
  }

  private static func entry(_ keyword: Word, _ part: Int) -> UInt64 {
    assert(keyword.isKeyword)
    let (block, slot) = Int(keyword.immediateValue).quotientAndRemainder(dividingBy: blockSize)
    return unsafe table.blocks[block].unsafelyUnwrapped[slot * 2 + part]
  }

  /// The keyword's text without the colon, an immortal string.
  public static func name(_ keyword: Word) -> StringView { StringView(Word(bits: entry(keyword, 0))) }

  /// A hash that depends on the text alone.
  public static func hash(_ keyword: Word) -> UInt64 { entry(keyword, 1) }

  /// The order of keywords: by name.
  public static func compare(_ x: Word, _ y: Word) -> Int { x == y ? 0 : name(x).compare(to: name(y)) }
}
