import CLinux
import Words

/// A collection that moves all that is alive (`Scavenger`, `FullCollection`), in the manner of Cheney: what the roots and the
/// objects that have been moved already point at is copied to where `makeRoom` says, until nothing is left that has not been
/// scanned. The two differ in where the copies go.
///
/// V1  Objects are read only where they were; a header whose bit 0 is clear is the object's new address, in the new place or (bit 1)
///     in the shared region.
/// V2  Shared pointers are left alone: nothing outside the private heap is touched.
protocol MovingCollection {
  /// What is alive of the region.
  var keeper: RegionKeeper { get set }
  /// The address of room for an object of so many bytes. It cannot fail (V3).
  mutating func makeRoom(bytes: UInt) -> UInt
}

extension MovingCollection {
  /// Moves what the live part of a stack points at. The stack itself goes from `source` to `target`, which may be the same.
  @inline(__always) mutating func moveStack(from source: UInt, to target: UInt, liveStack: Int) {
    if liveStack == 0 { return }
    let source = unsafe UnsafePointer<UInt64>(bitPattern: source).unsafelyUnwrapped
    let target = unsafe UnsafeMutablePointer<UInt64>(bitPattern: target).unsafelyUnwrapped
    for i in 0..<liveStack { unsafe target[i] = evacuate(source[i]) }
  }

  /// Evacuates what the object at `address` points at; returns the address behind it. Objects up to `end` are scanned next.
  @inline(__always) mutating func scan(_ address: UInt, _ end: UInt) -> UInt {
    let words = unsafe UnsafeMutablePointer<UInt64>(bitPattern: address).unsafelyUnwrapped
    let header = unsafe Header(bits: words.pointee)
    if header.isPair {
      Lookahead.fetch(address, end)
      unsafe words[1] = evacuate(words[1])
      unsafe words[2] = evacuate(words[2])
      return address &+ 24
    }
    if header.has(.list) { unsafe ListTrimming.trim(words) }
    for i in header.members { unsafe words[1 + i] = evacuate(words[1 + i]) }
    return address + UInt(header.size + 1) * 8
  }

  /// The word that takes the place of this one: the object's new address if it is a private pointer.
  @inline(__always) mutating func evacuate(_ bits: UInt64) -> UInt64 {
    guard Word(bits: bits).isPrivatePointer, bits != 0 else {
      keeper.meet(bits)
      return bits
    }
    let source = unsafe UnsafeMutablePointer<UInt64>(bitPattern: UInt(bits)).unsafelyUnwrapped
    let header = unsafe source.pointee
    if header & 1 == 0 { return keeper.follow(header) }  // V1: it has moved
    let words = Int(header >> 32) + 1
    let target = makeRoom(bytes: UInt(words * 8))
    unsafe copyWords(words, from: source, to: target)
    unsafe source.pointee = UInt64(target)
    return UInt64(target)
  }
}

extension Header {
  /// Whether it is a tuple's of two members, as most small objects are: one comparison.
  @inline(__always) fileprivate var isPair: Bool {
    bits & 0xFFFF_FFFF_0000_FF00 == 2 << 32 | UInt64(ObjectKind.tuple.rawValue) << 8
  }
}

/// Most of what a collection waits for is the first word of each object that it finds, where that was. So while one object is
/// scanned, what those point at that are scanned soon is fetched.
enum Lookahead {
  /// Eight pairs.
  private static let bytes: UInt = 8 * 24

  /// Fetches what the two words point at that lie so far behind the first two members of an object.
  @inline(__always) static func fetch(_ address: UInt, _ end: UInt, shift: UInt = 0) {
    guard address &+ bytes &+ 24 <= end else { return }
    let words = unsafe UnsafePointer<UInt>(bitPattern: address &+ bytes &+ shift).unsafelyUnwrapped
    unsafe ludi_prefetch(UnsafeRawPointer(bitPattern: words[1]))
    unsafe ludi_prefetch(UnsafeRawPointer(bitPattern: words[2]))
  }
}

/// Copies an object. Most are of two to four words, for which a call would take longer than the copy.
@inline(__always)
func copyWords(_ count: Int, from source: UnsafeMutablePointer<UInt64>, to address: UInt) {
  let target = unsafe UnsafeMutablePointer<UInt64>(bitPattern: address).unsafelyUnwrapped
  if count == 3 {
    unsafe target[0] = source[0]
    unsafe target[1] = source[1]
    unsafe target[2] = source[2]
  } else if count > 8 {
    unsafe target.update(from: source, count: count)
  } else {
    var i = 0
    while i < count {
      unsafe target[i] = source[i]
      i &+= 1
    }
  }
}
