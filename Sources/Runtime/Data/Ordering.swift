import Bytecode
import Memory
import Words

/// The total order of all values (language §1.3), by which small collections are kept and `sort` sorts:
/// types in the order of `TypeCode`; NaN behind all numbers, and beside other NaNs.
///
/// Values that compare as 0 are equal, but for values that hold a NaN. A comparison may be broken off (`Work`,
/// `OrderWalk`).
enum Ordering {
  /// Negative: `x` comes first; 0: neither; positive: `y` does. Adds the members that it looked at to `work`.
  /// Any answer if the work is stuck.
  @inline(__always) static func compare(_ x: Word, _ y: Word, _ work: inout Work) -> Int {
    if x.isNumber && y.isNumber { return compareNumbers(x.number, y.number) }
    return compareOthers(x, y, &work)
  }

  @inline(__always) static func compareNumbers(_ x: Double, _ y: Double) -> Int {
    if x < y { return -1 }
    if x > y { return 1 }
    if x == y { return 0 }
    return (x.isNaN ? 1 : 0) - (y.isNaN ? 1 : 0)
  }

  @inline(never) private static func compareOthers(_ x: Word, _ y: Word, _ work: inout Work) -> Int {
    if x.isPointer && y.isPointer {
      let (a, b) = (HeapObject(x).header, HeapObject(y).header)
      if a.has(.string) && b.has(.string) { return compareStrings(x, y, &work) }
    } else if x.isKeyword && y.isKeyword {
      return Keywords.compare(x, y)
    }
    if let order = compareAtoms(x, y, &work) { return order }
    return work.compare(HeapObject(x), HeapObject(y))
  }

  /// The order of two values that are not both collections or functions of one type; nil: they are, or large strings.
  static func compareAtoms(_ x: Word, _ y: Word, _ work: inout Work) -> Int? {
    if x.isNumber && y.isNumber { return compareNumbers(x.number, y.number) }
    let type = TypeCode.of(x)
    let other = TypeCode.of(y)
    guard type == other else { return Int(type.rawValue) - Int(other.rawValue) }
    switch type {
    case .nil, .boolean, .ref, .pid, .token: return compareIDs(x.immediateValue, y.immediateValue)
    case .keyword: return Keywords.compare(x, y)
    case .string:
      if areLarge(x, y) { return nil }
      return compareStrings(x, y, &work)
    default:
      if x.isPointer && y.isPointer { return nil }
      return compareWithEmpty(x, y)
    }
  }

  @inline(__always) private static func compareStrings(_ x: Word, _ y: Word, _ work: inout Work) -> Int {
    if x == y { return 0 }
    if areLarge(x, y) { return work.compare(HeapObject(x), HeapObject(y)) }
    let string = StringView(x)
    work.done &+= string.byteCount >> 6
    return string.compare(to: StringView(y))
  }

  /// Whether two strings may have so much in common that it is not compared at once.
  @inline(__always) private static func areLarge(_ x: Word, _ y: Word) -> Bool {
    StringView(x).byteCount > Equality.textAtOnce && StringView(y).byteCount > Equality.textAtOnce
  }

  static func compareIDs(_ x: UInt64, _ y: UInt64) -> Int { x < y ? -1 : x > y ? 1 : 0 }

  /// Two of one type, at least one of which is an immediate: an empty collection, or a function without captures.
  private static func compareWithEmpty(_ x: Word, _ y: Word) -> Int {
    if x == y { return 0 }
    guard x.isImmediate(.function) || y.isImmediate(.function) else { return x.isPointer ? 1 : -1 }
    let order = functionOrdinal(x) - functionOrdinal(y)
    return order != 0 ? order : x.isPointer ? 1 : -1
  }

  /// Functions are ordered as they were loaded, partial applications behind all others.
  static func functionOrdinal(_ word: Word) -> Int {
    guard word.isPointer else { return FunctionTable.ordinal(Int(word.immediateValue)) }
    let object = HeapObject(word)
    return object.kind == .closure ? FunctionTable.ordinal(Int(object.raw(0))) : Int.max / 2
  }
}
