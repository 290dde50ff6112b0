import CLinux
import Glibc
import Words

/// A window on a string object: raw word 0 is `bytes << 32 | scalars`, then come the UTF-8 bytes,
/// the last word filled up with zeros. Flag 1 of the header: ASCII only.
@frozen public struct StringView {
  public let object: HeapObject

  @inlinable public init(_ word: Word) {
    object = HeapObject(word)
    assert(object.kind == .string)
  }

  @inlinable public static var asciiFlag: Int { 1 }

  @inlinable public var word: Word { object.word }
  @inlinable public var byteCount: Int { Int(object.raw(0) >> 32) }
  /// The length: Unicode scalars.
  @inlinable public var scalarCount: Int { Int(object.raw(0) & 0xFFFF_FFFF) }
  @inlinable public var isASCII: Bool { object.header.flags & StringView.asciiFlag != 0 }

  @inlinable var bytes: UnsafeMutablePointer<UInt8> {
    unsafe UnsafeMutableRawPointer(object.address + 2).assumingMemoryBound(to: UInt8.self)
  }

  @inlinable public func byte(_ i: Int) -> UInt8 {
    assert(i >= 0 && i < byteCount)
    return unsafe bytes[i]
  }

  /// Writes a byte of a string that was just made.
  @inlinable public func setByte(_ i: Int, _ byte: UInt8) {
    assert(i >= 0 && i < byteCount)
    unsafe bytes[i] = byte
  }

  /// Copies bytes of another string into this one, which was just made.
  public func copyBytes(_ range: Range<Int>, of source: StringView, to target: Int) {
    precondition(range.lowerBound >= 0 && range.upperBound <= source.byteCount)
    precondition(target >= 0 && target + range.count <= byteCount)
    unsafe (bytes + target).update(from: source.bytes + range.lowerBound, count: range.count)
  }

  /// Byte-wise order, which for UTF-8 is the order of scalars: negative, 0 or positive.
  public func compare(to other: StringView) -> Int {
    let common = min(byteCount, other.byteCount)
    let order = unsafe Int(memcmp(bytes, other.bytes, common))
    return order != 0 ? order : byteCount - other.byteCount
  }

  public func equals(_ other: StringView) -> Bool {
    unsafe byteCount == other.byteCount && memcmp(bytes, other.bytes, byteCount) == 0
  }

  /// A hash of the contents alone: of the length, and of all bytes of a string that is not large, or those at both ends.
  public var hash: UInt64 {
    let words = object.size - 1
    var h: UInt64 = 0x9E37_79B9_7F4A_7C15 ^ UInt64(byteCount)
    h = hash(1..<1 + min(words, StringView.hashedWords), h)
    if words <= StringView.hashedWords { return h }
    return hash(object.size - min(words - StringView.hashedWords, StringView.hashedWords)..<object.size, h)
  }

  /// Words at each end of a string that count: 16 KiB, some 2 µs.
  @inlinable static var hashedWords: Int { 2048 }

  @inline(__always) private func hash(_ words: Range<Int>, _ start: UInt64) -> UInt64 {
    var h = start
    for i in words {
      h = (h ^ object.raw(i)) &* 0xFF51_AFD7_ED55_8CCD
      h ^= h >> 32
    }
    return h
  }

  /// The byte index of the first occurrence of `needle` at or behind byte `start`, and before byte `end`.
  public func firstIndex(of needle: StringView, from start: Int = 0, before end: Int = Int.max) -> Int? {
    let end = min(end, byteCount)
    guard start >= 0, start <= end else { return nil }
    let rest = end - start
    guard let found = unsafe ludi_find_bytes(bytes + start, rest, needle.bytes, needle.byteCount) else {
      return nil
    }
    return unsafe found - UnsafeRawPointer(bytes)
  }

  /// The same text as a Swift string. Slow; for reports and edges.
  public var string: String {
    unsafe String(decoding: UnsafeBufferPointer(start: bytes, count: byteCount), as: UTF8.self)
  }

  /// The bytes. Slow; for edges.
  public var array: [UInt8] { unsafe Array(UnsafeBufferPointer(start: bytes, count: byteCount)) }
}

extension Heap {
  /// A new string whose bytes the caller writes. Its last word is filled with zeros already. A large one of a process
  /// lies in the shared region.
  public func makeString(byteCount: Int, scalarCount: Int) -> StringView {
    let words = (byteCount + 7) / 8
    let flags = byteCount == scalarCount ? StringView.asciiFlag : 0
    let object =
      (byteCount < RegionStrings.smallest ? nil : makeSharedString(byteCount, flags))
      ?? allocate(.string, size: 1 + words, flags: flags)
    object.setRaw(0, UInt64(byteCount) << 32 | UInt64(scalarCount))
    if words > 0 { object.setRaw(words, 0) }
    return StringView(object.word)
  }

  /// A string with the given UTF-8 bytes, which are valid.
  public func makeString(utf8: some Collection<UInt8>) -> StringView {
    let scalars = utf8.reduce(0) { $0 + ($1 & 0xC0 == 0x80 ? 0 : 1) }
    let view = makeString(byteCount: utf8.count, scalarCount: scalars)
    var i = 0
    for byte in utf8 {
      view.setByte(i, byte)
      i += 1
    }
    return view
  }

  public func makeString(_ text: String) -> StringView { makeString(utf8: text.utf8) }
}
