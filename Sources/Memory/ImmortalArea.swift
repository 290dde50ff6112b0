import Glibc
import Synchronization
import Words

/// Where values live that every process may read and that never go: constants of loaded code, keyword names, the
/// values of toplevel names. Pointers into it have bit 0 set, so the copier and the scavenger stop at them.
///
/// Pointers to region objects that are published are roots of the region from then on, for ever.
///
/// I1  No pointer from here leads into a private heap: `publish` copies whole graphs.
/// I2  Only the holder of `lock` writes, and nobody writes to what was published.
public enum ImmortalArea {
  @safe private struct Bump: @unchecked Sendable {
    var top: UInt = 0
    var end: UInt = 0
    /// What keeps alive the region objects that are pointed at from here.
    var roots = SharedRoots()
  }

  private static let lock = Mutex(Bump())

  /// Bytes of a usual chunk.
  private static let chunkBytes = 1 << 18

  /// The low bits of a pointer into the area.
  static var tag: UInt64 { 3 }

  /// An immortal copy of a value; immediates and what is immortal already are returned as they are, and so are pointers into
  /// the region, which become permanent roots.
  public static func publish(_ word: Word) -> Word {
    guard word.isCollectablePointer else { return word }
    return lock.withLock { bump in
      var copier = GraphCopier()
      return copier.copy(word, tag: tag) { bytes in
        allocate(bytes, &bump)
      } meetRegion: { pointer in
        bump.roots.insert(pointer)
      }
    }
  }

  /// What the published values keep alive of the region.
  static func forEachRoot(_ body: (UInt64) -> Void) { lock.withLock { $0.roots.forEach(body) } }

  private static func allocate(_ bytes: Int, _ bump: inout Bump) -> UInt {
    if bump.end - bump.top < UInt(bytes) {
      let size = max(bytes, chunkBytes)
      guard let raw = unsafe aligned_alloc(16, (size + 15) & ~15) else {
        fatalError("out of memory: the system refused \(size) bytes")
      }
      MemoryUse.addCode(bytes: size)
      bump.top = UInt(bitPattern: raw)
      bump.end = bump.top + UInt(size)
    }
    defer { bump.top += UInt(bytes) }
    return bump.top
  }
}
