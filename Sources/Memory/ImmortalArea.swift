import CBoehm
import Synchronization
import Words

/// Where values live that every process may read and that never go: constants of loaded code, keyword names, the
/// values of toplevel names. Pointers into it have bit 0 set, so the copier and the scavenger stop at them.
///
/// Its chunks come from Boehm's heap as uncollectable objects, so that the shared region which will surround it can be
/// pointed at from here. Boehm does not collect yet (`GC_disable`): nothing here is ever garbage.
///
/// I1  No pointer from here leads into a private heap: `publish` copies whole graphs.
/// I2  Only the holder of `lock` writes, and nobody writes to what was published.
public enum ImmortalArea {
  @safe private struct Bump: @unchecked Sendable {
    var top: UInt = 0
    var end: UInt = 0
    var isBoehmReady = false
  }

  private static let lock = Mutex(Bump())

  /// Bytes of a usual chunk.
  private static let chunkBytes = 1 << 18

  /// An immortal copy of a value; immediates and what is immortal already are returned as they are.
  public static func publish(_ word: Word) -> Word {
    guard word.isPrivatePointer else { return word }
    return lock.withLock { bump in
      var copier = GraphCopier()
      return copier.copy(word, tag: 1) { bytes in allocate(bytes, &bump) }
    }
  }

  private static func allocate(_ bytes: Int, _ bump: inout Bump) -> UInt {
    if bump.end - bump.top < UInt(bytes) {
      if !bump.isBoehmReady {
        ludi_gc_init()
        GC_disable()
        bump.isBoehmReady = true
      }
      let size = max(bytes, chunkBytes)
      guard let raw = unsafe GC_malloc_uncollectable(size) else {
        fatalError("out of memory: the shared region refused \(size) bytes")
      }
      bump.top = UInt(bitPattern: raw)
      bump.end = bump.top + UInt(size)
    }
    defer { bump.top += UInt(bytes) }
    return bump.top
  }
}
