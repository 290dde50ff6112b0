import Memory
import Words

/// `eq?`: structural within a type, false across types (language §1.3). `0` equals `-0`; a NaN equals nothing, so a
/// value that holds one does not equal itself: the same object is not equal to itself by being the same.
///
/// It ends on cycles (functions that capture each other are compared as far as they differ), does not nest native calls
/// deep, is linear even where parts are shared many times over, and can be broken off (`Work`, `EqualityWalk`).
enum Equality {
  /// Whether two values are equal. Adds the members that it looked at to `work`.
  /// Any answer if the work is stuck.
  @inline(__always) static func equal(_ x: Word, _ y: Word, _ work: inout Work) -> Bool {
    if !x.isPointer || !y.isPointer { return equalImmediates(x, y) }
    return equalObjects(x, y, &work)
  }

  /// The same, where nobody counts.
  static func equal(_ x: Word, _ y: Word) -> Bool {
    var work = Work()
    return equal(x, y, &work)
  }

  /// Equality where at least one side is no pointer.
  @inline(__always) static func equalImmediates(_ x: Word, _ y: Word) -> Bool {
    if x.bits == y.bits { return x != Word(Double.nan) }
    return x.isNumber && y.isNumber && x.number == 0 && y.number == 0
  }

  @inline(never) private static func equalObjects(_ x: Word, _ y: Word, _ work: inout Work) -> Bool {
    let a = HeapObject(x)
    let b = HeapObject(y)
    if a.header.has(.string) { return b.header.has(.string) && equalStrings(a, b, &work) }
    if a.header.has(.tuple) && b.header.has(.tuple) { return equalTuples(a, b, &work) }
    return equalDeeply(a, b, &work)
  }

  /// Tuples, most often small ones of immediates and strings, without the cost of a walk.
  @inline(__always) private static func equalTuples(
    _ x: HeapObject, _ y: HeapObject, _ work: inout Work
  ) -> Bool {
    let size = x.size
    guard y.size == size else { return false }
    if size > walkedFrom { return work.equal(x, y) }
    work.done &+= size
    var i = 0
    while i < size {
      let (a, b) = (x[i], y[i])
      i &+= 1
      if a.isPointer && b.isPointer {
        guard equalDeeply(HeapObject(a), HeapObject(b), &work) else { return false }
      } else if !equalImmediates(a, b) {
        return false
      }
    }
    return true
  }

  @inline(never) private static func equalDeeply(
    _ x: HeapObject, _ y: HeapObject, _ work: inout Work
  ) -> Bool {
    guard x.kind == y.kind else { return false }
    if x.header.has(.string) { return equalStrings(x, y, &work) }
    return work.equal(x, y)
  }

  @inline(__always) private static func equalStrings(
    _ x: HeapObject, _ y: HeapObject, _ work: inout Work
  ) -> Bool {
    if x == y { return true }
    let a = StringView(x.word)
    let count = a.byteCount
    if count > textAtOnce { return count == StringView(y.word).byteCount && work.equal(x, y) }
    work.done &+= count >> 6
    return a.equals(StringView(y.word))
  }

  /// Members of a tuple from which on it gets a walk, and with it the right to be broken off.
  private static var walkedFrom: Int { 64 }
  /// Bytes of strings that are compared at once: some 5 µs.
  static var textAtOnce: Int { 1 << 16 }
}
