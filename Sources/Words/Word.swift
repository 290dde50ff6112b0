/// A Ludus value in 64 bits: a NaN box that favours pointers.
///
///     0x0000_pppp_pppp_pppp   pointer to a heap object, 8-byte aligned; its low bits say where that lies:
///                             000 a private heap · x01 the shared region · 011 the immortal area
///     0x0001_vvvv_vvvv_vvvt   immediate: t = `ImmediateTag` (4 bits), v = 44 bits of value
///     ≥ 0x0002_…              a number: its IEEE-754 bits + 2^49
///
/// W1  A number's bits are those of a canonical NaN, or of any other double, plus `numberOffset`.
/// W2  A pointer word is never zero; the all-zero word is not a value (fresh memory is not a value).
/// W3  Two immediates are equal exactly if their bits are.
@frozen public struct Word: Equatable, Sendable {
  public let bits: UInt64

  @inlinable public init(bits: UInt64) { self.bits = bits }

  @inlinable public static func == (x: Word, y: Word) -> Bool { x.bits == y.bits }
}

// MARK: Numbers

extension Word {
  @inlinable public static var numberOffset: UInt64 { 1 << 49 }
  @inlinable public static var firstNumber: UInt64 { 2 << 48 }

  /// A number. Every NaN becomes the one canonical NaN (W1).
  @inlinable public init(_ number: Double) {
    let raw = number == number ? number.bitPattern : 0x7FF8_0000_0000_0000
    bits = raw &+ Word.numberOffset
  }

  @inlinable public init(_ integer: Int) { self.init(Double(integer)) }

  @inlinable public var isNumber: Bool { bits >= Word.firstNumber }

  /// The number. Meaningful only if `isNumber`.
  @inlinable public var number: Double { Double(bitPattern: bits &- Word.numberOffset) }

  /// The number as an integer if it is whole and of at most 2^53 in size.
  @inlinable public var integer: Int? {
    guard isNumber else { return nil }
    let n = number
    guard n >= -9_007_199_254_740_992, n <= 9_007_199_254_740_992 else { return nil }
    let i = Int(n)
    return Double(i) == n ? i : nil
  }
}

// MARK: Pointers

extension Word {
  @inlinable public var isPointer: Bool { bits < 1 << 48 }

  /// A pointer to an object outside every private heap, which the copier and the scavenger leave alone.
  @inlinable public var isSharedPointer: Bool { bits & 0xFFFF_0000_0000_0001 == 1 }

  /// A pointer to an object of the shared region, which Boehm collects. Bit 2: the object is small, so that others lie in
  /// its page.
  @inlinable public var isRegionPointer: Bool { bits & 0xFFFF_0000_0000_0003 == 1 }

  /// A pointer to an object that somebody collects: it is private, or lies in the shared region.
  @inlinable public var isCollectablePointer: Bool { bits & 0xFFFF_0000_0000_0002 == 0 }

  /// A pointer to an object of a private heap (or of a message on its way to one).
  @inlinable public var isPrivatePointer: Bool { bits & 0xFFFF_0000_0000_0001 == 0 }
}
