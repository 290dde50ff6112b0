import Memory
import Words

/// One comparison of two objects for equality, which may be broken off and gone on with.
///
/// All pairs of parts must be equal, in any order: so what nests too deep, or comes when the work is used up, is put off
/// (`pending`), and a pair that was met before needs no second look, even if the first is not over (`seen`).
struct EqualityWalk {
  private struct Pending {
    let pair: ObjectPair
    /// Members (of strings: bytes) that have been compared; -1: the pair has not been looked at yet.
    let from: Int
  }
  /// What most comparisons do without.
  private final class Store {
    var pending = Pile<Pending>()
    var seen = PairSet()
  }
  private var store: Store?
  /// Members that may still be looked at. Below 0: all that is still to do is put off.
  private var left = 0
  /// Members that were looked at before this run.
  private var before = 0
  private var rememberBelow = 0

  /// Native recursion; each level takes some 200 bytes of a scheduler's stack.
  private static var maxDepth: Int { 64 }
  /// From so many members on, pairs are remembered: before, that costs more than it saves.
  private static var rememberFrom: Int { 1 << 16 }

  /// Compares two objects of one kind. Nil: the work is used up, and `resume` goes on.
  mutating func run(_ x: HeapObject, _ y: HeapObject, _ work: inout Work) -> Bool? {
    let start = begin(work)
    defer { end(start, &work) }
    return equal(x, y, 0) ? rest() : false
  }

  /// Goes on. Nil: the work is used up again.
  mutating func resume(_ work: inout Work) -> Bool? {
    let start = begin(work)
    defer { end(start, &work) }
    return rest()
  }

  private mutating func begin(_ work: Work) -> Int {
    left = work.end &- work.done
    rememberBelow = left - max(0, EqualityWalk.rememberFrom - before)
    return left
  }

  private mutating func end(_ start: Int, _ work: inout Work) {
    before += start - left
    work.done += start - left
  }

  private mutating func rest() -> Bool? {
    guard let store else { return true }
    while left >= 0, let next = store.pending.pop() {
      let (x, y) = next.pair.objects
      guard next.from < 0 ? equal(x, y, 0) : equalParts(x, y, next.from, 0) else { return false }
    }
    return store.pending.isEmpty ? true : nil
  }

  private mutating func needStore() -> Store {
    if let store { return store }
    let made = Store()
    store = made
    return made
  }

  @inline(never) private mutating func putOff(_ x: HeapObject, _ y: HeapObject, from: Int) -> Bool {
    needStore().pending.push(Pending(pair: ObjectPair(x, y), from: from))
    return true
  }

  private mutating func equal(_ x: HeapObject, _ y: HeapObject, _ depth: Int) -> Bool {
    let kind = x.kind
    guard kind == y.kind else { return false }
    if depth > EqualityWalk.maxDepth || left < 0 { return putOff(x, y, from: -1) }
    if kind == .environment || left < rememberBelow && kind != .string {
      guard needStore().seen.insert(ObjectPair(x, y)) else { return true }
    }
    return equalParts(x, y, 0, depth)
  }

  private mutating func equalParts(_ x: HeapObject, _ y: HeapObject, _ from: Int, _ depth: Int) -> Bool {
    switch x.kind {
    case .string: equalStrings(x, y, from)
    case .list: equalLists(x, y, from, depth)
    default: equalWords(x, y, from, depth)
    }
  }

  private mutating func equalStrings(_ x: HeapObject, _ y: HeapObject, _ from: Int) -> Bool {
    if x == y { return true }
    let (a, b) = (StringView(x.word), StringView(y.word))
    guard a.byteCount == b.byteCount else { return false }
    var start = from
    while start < a.byteCount {
      if left < 0 { return putOff(x, y, from: start) }
      let end = min(a.byteCount, start + Equality.textAtOnce)
      guard a.compare(start..<end, with: b) == 0 else { return false }
      left &-= (end - start) >> 6
      start = end
    }
    return true
  }

  private mutating func equalLists(_ x: HeapObject, _ y: HeapObject, _ from: Int, _ depth: Int) -> Bool {
    var a = MemberCursor(ordered: x.word)
    var b = MemberCursor(ordered: y.word)
    let count = a.remaining
    guard count == b.remaining else { return false }
    if from > 0 {
      a.skip(from)
      b.skip(from)
    }
    while a.remaining > 0 {
      if left < 0 { return putOff(x, y, from: count - a.remaining) }
      guard equalMembers(a.next(), b.next(), depth) else { return false }
    }
    return true
  }

  /// Objects of all other kinds are equal if their words are: small collections are sorted, tries canonical.
  private mutating func equalWords(_ x: HeapObject, _ y: HeapObject, _ from: Int, _ depth: Int) -> Bool {
    let size = x.size
    guard y.size == size else { return false }
    let raw = x.members.lowerBound
    for i in 0..<raw where x.raw(i) != y.raw(i) { return false }
    var i = max(raw, from)
    while i < size {
      if left < 0 { return putOff(x, y, from: i) }
      guard equalMembers(x[i], y[i], depth) else { return false }
      i &+= 1
    }
    return true
  }

  @inline(__always) private mutating func equalMembers(_ x: Word, _ y: Word, _ depth: Int) -> Bool {
    left &-= 1
    if !x.isPointer || !y.isPointer { return Equality.equalImmediates(x, y) }
    return equal(HeapObject(x), HeapObject(y), depth + 1)
  }
}
