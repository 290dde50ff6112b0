import CLinux
import Glibc
import Synchronization

/// The memory of large promotion tables. Whoever sends one large value after the other needs such a table for each, and asking the
/// system for its pages and giving them back took more time than all else there: so it is used again.
///
/// M1  What is kept counts as taken (`MemoryAccount`), is at most `mostBytes`, and goes back to the system when somebody would be
///     refused memory otherwise, and after some seconds.
/// M2  What was used before is full of old entries: whoever takes it clears it, piece by piece, before the first is entered.
enum TableMemory {
  private struct Kept {
    let base: UInt
    let bytes: Int
    let since: UInt64
  }

  private static let kept = Mutex<[Kept]>([])
  private static var mostBytes: Int { 64 << 20 }

  /// So many bytes, and whether they were used before (M2); else the system clears each page when it is first written to. Nil:
  /// the system has none.
  static func take(bytes: Int) -> (memory: UnsafeMutableRawPointer, isUsed: Bool)? {
    let found = kept.withLock { kept in
      kept.lastIndex { $0.bytes == bytes }.map { kept.remove(at: $0).base }
    }
    if let found, let memory = unsafe UnsafeMutableRawPointer(bitPattern: found) {
      MemoryAccount.remove(bytes)
      return unsafe (memory, true)
    }
    let access = PROT_READ | PROT_WRITE
    guard let memory = unsafe mmap(nil, bytes, access, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0),
      unsafe memory != MAP_FAILED
    else { return nil }
    return unsafe (memory, false)
  }

  /// Keeps what nobody uses any more, or gives it back.
  static func give(_ memory: UnsafeMutableRawPointer, bytes: Int) {
    let base = UInt(bitPattern: memory)
    let isKept =
      !MemoryAccount.isTight
      && kept.withLock { kept in
        guard kept.reduce(bytes, { $0 + $1.bytes }) <= mostBytes else { return false }
        kept.append(Kept(base: base, bytes: bytes, since: ludi_monotonic_nanoseconds()))
        return true
      }
    if isKept { MemoryAccount.add(bytes) } else { unsafe munmap(memory, bytes) }
  }

  /// Gives back to the system what has been kept for so many nanoseconds. True if there was anything.
  static func release(olderThan age: UInt64) -> Bool {
    let now = ludi_monotonic_nanoseconds()
    let old = kept.withLock { kept in
      let old = kept.filter { $0.since + age <= now }
      kept.removeAll { $0.since + age <= now }
      return old
    }
    for piece in old {
      unsafe munmap(UnsafeMutableRawPointer(bitPattern: piece.base), piece.bytes)
      MemoryAccount.remove(piece.bytes)
    }
    return !old.isEmpty
  }
}
