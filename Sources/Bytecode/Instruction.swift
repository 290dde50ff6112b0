/// One 64-bit instruction word.
///
///     63      48 47      32 31      16 15   8 7   0
///     [   c    ][   b     ][    a    ][  x  ][ op ]
///
/// `bc` is `b` and `c` together, 32 bits, signed where it is an offset or a number.
@frozen public struct Instruction: Equatable, Sendable {
  public let bits: UInt64

  @inlinable public init(bits: UInt64) { self.bits = bits }

  @inlinable public init(_ opcode: Opcode, x: Int = 0, a: Int = 0, b: Int = 0, c: Int = 0) {
    bits =
      UInt64(opcode.rawValue) | UInt64(truncatingIfNeeded: x & 0xFF) << 8
      | UInt64(truncatingIfNeeded: a & 0xFFFF) << 16 | UInt64(truncatingIfNeeded: b & 0xFFFF) << 32
      | UInt64(truncatingIfNeeded: c & 0xFFFF) << 48
  }

  @inlinable public init(_ opcode: Opcode, x: Int = 0, a: Int = 0, wide: Int) {
    bits =
      UInt64(opcode.rawValue) | UInt64(truncatingIfNeeded: x & 0xFF) << 8
      | UInt64(truncatingIfNeeded: a & 0xFFFF) << 16 | UInt64(truncatingIfNeeded: wide & 0xFFFF_FFFF) << 32
  }

  /// The byte that names the opcode; `Opcode(rawValue:)` may not know it in a module that is not verified.
  @inlinable public var code: UInt8 { UInt8(truncatingIfNeeded: bits) }
  @inlinable public var opcode: Opcode? { Opcode(rawValue: code) }
  @inlinable public var x: Int { Int(bits >> 8 & 0xFF) }
  @inlinable public var a: Int { Int(bits >> 16 & 0xFFFF) }
  @inlinable public var b: Int { Int(bits >> 32 & 0xFFFF) }
  @inlinable public var c: Int { Int(bits >> 48) }
  /// `c` as a signed number.
  @inlinable public var signedC: Int { Int(Int64(bitPattern: bits) >> 48) }
  /// `b` and `c` together, signed.
  @inlinable public var wide: Int { Int(Int64(bitPattern: bits) >> 32) }
  /// `b` and `c` together as an index.
  @inlinable public var index: Int { Int(bits >> 32) }
}
