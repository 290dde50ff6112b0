import Synchronization
import Words

/// Large strings are made in the shared region, where Boehm need not read them, so that sending one is passing a pointer.
public enum RegionStrings {
  /// Bytes from which on a process's strings are shared; `Int.max`: none are.
  public static let above = Atomic<Int>(1024)

  /// Bytes below which no threshold may lie, so that small strings need not ask for it.
  @inlinable public static var smallest: Int { 64 }
}

extension Heap {
  /// Room for a string of so many bytes in the region, which the heap holds; nil: it is not large enough, the region
  /// has no memory, or the heap is nobody's.
  @inline(never) func makeSharedString(_ byteCount: Int, _ flags: Int) -> HeapObject? {
    guard byteCount >= RegionStrings.above.load(ordering: .relaxed), !isSingle,
      unsafe state.pointee.base != 0
    else {
      return nil
    }
    let words = (byteCount + 7) / 8
    let bytes = (words + 2) * 8
    let address = Region.makeUnscanned(bytes: bytes)
    if address == 0 { return nil }
    // SAFETY: the object that was just made.
    unsafe UnsafeMutablePointer<UInt64>(bitPattern: address).unsafelyUnwrapped.pointee =
      Header(.string, size: 1 + words, flags: flags).bits
    let word = Word(bits: UInt64(address) | Region.tag(bytes: bytes))
    hold(word)
    return HeapObject(word)
  }
}
