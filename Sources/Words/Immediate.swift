/// What the low four bits of an immediate word say.
@frozen public enum ImmediateTag: UInt64, CaseIterable, Sendable {
  /// `nil`, the booleans, the empty collections and the VM's own marks.
  case constant = 0
  /// A keyword: its index in the keyword table.
  case keyword = 1
  /// A process: 24 bits of slot, 20 bits of generation.
  case pid = 2
  /// A unique token: its number.
  case token = 3
  /// A function that captures nothing: its index in the function table.
  case function = 4
  /// A ref: like a pid.
  case ref = 5
  /// Raw bits that are not a value of the language (44 bits).
  case raw = 6
}

extension Word {
  @inlinable public init(_ tag: ImmediateTag, _ value: UInt64) {
    bits = 1 << 48 | value << 4 | tag.rawValue
  }

  @inlinable public var isImmediate: Bool { bits >> 48 == 1 }

  @inlinable public func isImmediate(_ tag: ImmediateTag) -> Bool {
    bits & 0xFFFF_0000_0000_000F == 1 << 48 | tag.rawValue
  }

  /// The 44 bits of an immediate's value.
  @inlinable public var immediateValue: UInt64 { (bits & 0xFFFF_FFFF_FFFF) >> 4 }

  /// The tag of an immediate. Meaningful only if `isImmediate`.
  @inlinable public var immediateTag: ImmediateTag { ImmediateTag(rawValue: bits & 15) ?? .raw }
}

// MARK: Constants

extension Word {
  @inlinable public static var `nil`: Word { Word(.constant, 0) }
  @inlinable public static var `false`: Word { Word(.constant, 1) }
  @inlinable public static var `true`: Word { Word(.constant, 2) }
  @inlinable public static var emptyTuple: Word { Word(.constant, 3) }
  @inlinable public static var emptyList: Word { Word(.constant, 4) }
  @inlinable public static var emptySet: Word { Word(.constant, 5) }
  @inlinable public static var emptyDict: Word { Word(.constant, 6) }
  @inlinable public static var emptyStruct: Word { Word(.constant, 7) }
  /// A slot whose name has not been bound yet. Never a value that a program sees.
  @inlinable public static var unbound: Word { Word(.constant, 8) }
  /// No member found, no result. Never a value that a program sees.
  @inlinable public static var absent: Word { Word(.constant, 9) }
  /// A native's answer "see what I asked of the process". Never a value that a program sees.
  @inlinable public static var request: Word { Word(.constant, 10) }

  @inlinable public init(_ boolean: Bool) { self = boolean ? .true : .false }

  /// `nil` and `false` are falsy: their bits differ in bit 4 alone.
  @inlinable public var isFalsy: Bool { bits & ~16 == 1 << 48 }
  @inlinable public var isTruthy: Bool { !isFalsy }
  @inlinable public var isBoolean: Bool { self == .true || self == .false }
  @inlinable public var isKeyword: Bool { isImmediate(.keyword) }
}
