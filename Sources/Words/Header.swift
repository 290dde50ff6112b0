/// The first word of every heap object.
///
///     63            32 31          16 15      8 7     1 0
///     [ size in words ][ auxiliary   ][ kind   ][ flags ][1]
///
/// Bit 0 is set: an object whose first word has bit 0 clear has moved, and that word is its new address.
/// The size does not count the header.
@frozen public struct Header: Equatable, Sendable {
  public let bits: UInt64

  @inlinable public init(bits: UInt64) { self.bits = bits }

  /// - Parameters:
  ///   - size: words behind the header, below 2^32
  ///   - auxiliary: 16 bits whose meaning the kind defines
  ///   - flags: 7 bits whose meaning the kind defines
  @inlinable public init(_ kind: ObjectKind, size: Int, auxiliary: Int = 0, flags: Int = 0) {
    bits =
      UInt64(truncatingIfNeeded: size) << 32 | UInt64(truncatingIfNeeded: auxiliary & 0xFFFF) << 16
      | UInt64(kind.rawValue) << 8 | UInt64(truncatingIfNeeded: flags & 0x7F) << 1 | 1
  }

  @inlinable public var isHeader: Bool { bits & 1 == 1 }
  @inlinable public var size: Int { Int(bits >> 32) }
  @inlinable public var auxiliary: Int { Int(bits >> 16 & 0xFFFF) }
  @inlinable public var flags: Int { Int(bits >> 1 & 0x7F) }
  @inlinable public var kind: ObjectKind { ObjectKind.from(code: UInt8(truncatingIfNeeded: bits >> 8)) }
  /// Which words of the object are values, counted from behind the header: the one place that says what its children are.
  /// Empty where all are raw.
  @inlinable @inline(__always) public var members: Range<Int> {
    let size = size
    // SAFETY: both are at least 0, and the lower one is at most the upper one.
    return unsafe Range(uncheckedBounds: (min(kind.rawWords, size), size))
  }
  @inlinable public func has(_ kind: ObjectKind) -> Bool {
    UInt8(truncatingIfNeeded: bits >> 8) == kind.rawValue
  }
}
