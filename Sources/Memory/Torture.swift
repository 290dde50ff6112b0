import Glibc
import Synchronization

/// A switch for tests: every safepoint collects, and what a collection leaves behind is overwritten, so that a root
/// that was forgotten shows at once. The environment variable LUDI_COLLECT=every turns it on.
public enum Torture {
  public static let isOn = unsafe getenv("LUDI_COLLECT").map { unsafe String(cString: $0) } == "every"

  /// Up to so many live words every safepoint collects. A larger heap is collected now and then: copying it at each
  /// safepoint would make a program that is linear in its data quadratic.
  private static let alwaysWords = 4_096
  private static let chances = Atomic<Int>(0)

  /// Whether a heap is to be collected at the next safepoint, or checked after a collection.
  public static func isDue(_ heap: Heap) -> Bool { isOn && isDue(liveWords: heap.residentWords) }

  private static func isDue(liveWords: Int) -> Bool {
    if liveWords <= alwaysWords { return true }
    let chance = chances.wrappingAdd(1, ordering: .relaxed).newValue
    return chance % (liveWords / 1_024) == 0
  }

  /// Looks like a pointer to nowhere, and like no header.
  private static let poisonWord: UInt64 = 0x0000_DEAD_DEAD_DEA8

  static func poison(_ base: UInt, words: Int, chunks: UnsafeMutablePointer<Chunk>?) {
    if let block = unsafe UnsafeMutablePointer<UInt64>(bitPattern: base) {
      unsafe block.update(repeating: poisonWord, count: words)
    }
    var chunk = unsafe chunks
    while let current = unsafe chunk {
      unsafe poison(objectsOf: current)
      unsafe chunk = current.pointee.next
    }
  }

  /// Overwrites what has been in use of a chunk.
  static func poison(objectsOf chunk: UnsafeMutablePointer<Chunk>) {
    let start = Chunk.start(UInt(bitPattern: chunk))
    let words = unsafe Int(chunk.pointee.top - start) / 8
    unsafe UnsafeMutablePointer<UInt64>(bitPattern: start).unsafelyUnwrapped.update(
      repeating: poisonWord, count: words)
  }

  /// A number that differs from one collection to the next, to choose its kind by.
  public static func draw() -> Int {
    (draws.wrappingAdd(1, ordering: .relaxed).newValue &* 0x9E37_79B9) >> 16 & 0xFFFF
  }
  private static let draws = Atomic<Int>(0)
}
