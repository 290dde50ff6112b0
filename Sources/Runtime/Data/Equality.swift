import Memory
import Words

/// `eq?`: structural within a type, false across types (language §1.3). `0` equals `-0`; a NaN equals nothing, so a
/// value that holds one does not equal itself: the same object is not equal to itself by being the same.
///
/// It ends on cycles (functions that capture each other are compared as far as they differ), does not nest native calls
/// deeper than `maxDepth`, and is linear even where parts are shared many times over.
enum Equality {
  /// Whether two values are equal. Adds the members that it looked at to `work`.
  @inline(__always) static func equal(_ x: Word, _ y: Word, _ work: inout Int) -> Bool {
    if !x.isPointer || !y.isPointer { return equalImmediates(x, y) }
    return equalObjects(x, y, &work)
  }

  /// The same, where nobody counts.
  static func equal(_ x: Word, _ y: Word) -> Bool {
    var work = 0
    return equal(x, y, &work)
  }

  /// Equality where at least one side is no pointer.
  @inline(__always) static func equalImmediates(_ x: Word, _ y: Word) -> Bool {
    if x.bits == y.bits { return x != Word(Double.nan) }
    return x.isNumber && y.isNumber && x.number == 0 && y.number == 0
  }

  @inline(never) private static func equalObjects(_ x: Word, _ y: Word, _ work: inout Int) -> Bool {
    let a = HeapObject(x)
    let b = HeapObject(y)
    if a.header.has(.string) { return b.header.has(.string) && equalStrings(x, y, &work) }
    if a.header.has(.tuple) && b.header.has(.tuple) { return equalTuples(a, b, &work) }
    return equalDeeply(a, b, &work)
  }

  /// Tuples, most often small ones of immediates and strings, without the cost of a walk.
  @inline(__always) private static func equalTuples(
    _ x: HeapObject, _ y: HeapObject, _ work: inout Int
  ) -> Bool {
    let size = x.size
    guard y.size == size else { return false }
    work &+= size
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
    _ x: HeapObject, _ y: HeapObject, _ work: inout Int
  ) -> Bool {
    guard x.kind == y.kind else { return false }
    if x.header.has(.string) { return equalStrings(x.word, y.word, &work) }
    var walk = EqualityWalk()
    let result = walk.run(x, y)
    work += walk.work
    return result
  }

  @inline(__always) static func equalStrings(_ x: Word, _ y: Word, _ work: inout Int) -> Bool {
    if x == y { return true }
    let a = StringView(x)
    work += a.byteCount >> 6
    return a.equals(StringView(y))
  }
}

/// Two objects, on their way to be compared.
struct ObjectPair: Hashable {
  let x: UInt64
  let y: UInt64

  init(_ x: HeapObject, _ y: HeapObject) {
    self.x = x.word.bits
    self.y = y.word.bits
  }
}

/// One comparison for equality. All pairs of parts must be equal, in any order: so what nests too deep is put off
/// (`pending`), and a pair that was met before needs no second look, even if the first is not over (`seen`).
private struct EqualityWalk {
  /// Members looked at.
  var work = 0
  private var pending: [ObjectPair] = []
  private var seen: Set<ObjectPair> = []

  /// Native recursion; each level takes some 200 bytes of a scheduler's stack.
  private static var maxDepth: Int { 64 }
  /// From so many members on, pairs are remembered: before, that costs more than it saves.
  private static var rememberFrom: Int { 1 << 16 }

  mutating func run(_ x: HeapObject, _ y: HeapObject) -> Bool {
    guard equal(x, y, 0) else { return false }
    while let pair = pending.popLast() {
      let (a, b) = (HeapObject(Word(bits: pair.x)), HeapObject(Word(bits: pair.y)))
      guard equal(a, b, 0) else { return false }
    }
    return true
  }

  private mutating func equal(_ x: HeapObject, _ y: HeapObject, _ depth: Int) -> Bool {
    let kind = x.kind
    guard kind == y.kind else { return false }
    if kind == .string { return Equality.equalStrings(x.word, y.word, &work) }
    if depth > EqualityWalk.maxDepth {
      pending.append(ObjectPair(x, y))
      return true
    }
    if kind == .environment || work > EqualityWalk.rememberFrom {
      guard seen.insert(ObjectPair(x, y)).inserted else { return true }
    }
    return kind == .list ? equalLists(x, y, depth) : equalWords(x, y, kind, depth)
  }

  private mutating func equalLists(_ x: HeapObject, _ y: HeapObject, _ depth: Int) -> Bool {
    var a = MemberCursor(ordered: x.word)
    var b = MemberCursor(ordered: y.word)
    guard a.remaining == b.remaining else { return false }
    while a.remaining > 0 {
      guard equalMembers(a.next(), b.next(), depth) else { return false }
    }
    return true
  }

  /// Objects of all other kinds are equal if their words are: small collections are sorted, tries canonical.
  private mutating func equalWords(
    _ x: HeapObject, _ y: HeapObject, _ kind: ObjectKind, _ depth: Int
  ) -> Bool {
    let size = x.size
    guard y.size == size else { return false }
    let raw = min(kind.rawWords, size)
    for i in 0..<raw where x.raw(i) != y.raw(i) { return false }
    for i in raw..<size {
      guard equalMembers(x[i], y[i], depth) else { return false }
    }
    return true
  }

  @inline(__always) private mutating func equalMembers(_ x: Word, _ y: Word, _ depth: Int) -> Bool {
    work &+= 1
    if !x.isPointer || !y.isPointer { return Equality.equalImmediates(x, y) }
    return equal(HeapObject(x), HeapObject(y), depth + 1)
  }
}
