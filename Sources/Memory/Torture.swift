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

  /// Whether a heap of so many live words is to be collected at the next safepoint.
  public static func isDue(liveWords: Int) -> Bool {
    guard isOn else { return false }
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
      let start = UInt(bitPattern: current) + UInt(MemoryLayout<Chunk>.size)
      let words = unsafe Int(current.pointee.end - start) / 8
      unsafe UnsafeMutablePointer<UInt64>(bitPattern: start).unsafelyUnwrapped.update(
        repeating: poisonWord, count: words)
      unsafe chunk = current.pointee.next
    }
  }
}
