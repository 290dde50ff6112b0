import Memory
import Words

/// One comparison of two collections, functions or large strings, which may be broken off and gone on with: the members
/// of both side by side, in depth-first order, until two differ. Nested collections lie on a stack of its own: native
/// calls do not nest, however deep the values do.
struct OrderWalk {
  /// The two rows of members that are being compared, and the order if they turn out alike to their ends.
  private struct Frame {
    var x: MemberCursor
    var y: MemberCursor
    var tie: Int
  }
  private var frame = Frame(x: MemberCursor(ordered: .nil), y: MemberCursor(ordered: .nil), tie: 0)
  /// Members that were looked at in earlier runs.
  private var before = 0
  private var rare: Rare?

  /// What most comparisons do without.
  private final class Rare {
    var outer = Pile<Frame>()
    /// Pairs that were met before are alike, or the walk had ended: cycles end, and so does much sharing.
    var seen = PairSet()
    /// Two large strings that are being compared, and how far they are alike.
    var texts: (x: StringView, y: StringView, alike: Int)?
    /// Two tries whose members are being sorted; then they are compared as tuples.
    var tries: (x: TrieSorting, y: TrieSorting)?
    /// Owners of the tuples that are, or were, being compared.
    var sorted: [TrieSorting] = []
  }

  /// From so many members on, pairs are remembered: before, that costs more than it saves.
  private static var rememberFrom: Int { 1 << 16 }

  /// The order of two objects of one type. Nil: the work is used up, and `resume` goes on.
  mutating func run(_ x: HeapObject, _ y: HeapObject, _ work: inout Work) -> Int? {
    if let order = enter(x, y, work) { return order }
    return resume(&work)
  }

  /// Goes on. Nil: the work is used up again.
  mutating func resume(_ work: inout Work) -> Int? {
    let start = work.done
    let end = work.end
    defer { before += work.done - start }
    while work.done < end {
      if let rare, rare.texts != nil || rare.tries != nil {
        guard let order = goOn(rare, until: end, &work) else { return nil }
        if order != 0 { return order }
      }
      if frame.x.remaining == 0 || frame.y.remaining == 0 {
        if frame.tie != 0 { return frame.tie }
        guard let next = rare?.outer.pop() else { return 0 }
        frame = next
      } else if let order = step(frame.x.next(), frame.y.next(), &work) {
        return order
      }
    }
    return nil
  }

  /// The objects that nothing but this walk refers to.
  var held: [Word] {
    guard let rare else { return [] }
    let sorting = rare.tries.map { [$0.x, $0.y] } ?? []
    return (sorting + rare.sorted).flatMap { $0.held }
  }

  /// Compares two members; nil: nothing has been decided.
  private mutating func step(_ x: Word, _ y: Word, _ work: inout Work) -> Int? {
    work.done += 1
    if x.isNumber && y.isNumber {
      let order = Ordering.compareNumbers(x.number, y.number)
      return order == 0 ? nil : order
    }
    if let order = Ordering.compareAtoms(x, y, &work) { return order == 0 ? nil : order }
    let isLast = frame.x.remaining == 0 && frame.tie == 0 && frame.y.remaining == 0
    if !isLast { needRare().outer.push(frame) }
    if let order = enter(HeapObject(x), HeapObject(y), work) {
      if order != 0 { return order }
      if !isLast, let outer = rare?.outer.pop() { frame = outer }
    }
    return nil
  }

  private mutating func needRare() -> Rare {
    if let rare { return rare }
    let made = Rare()
    rare = made
    return made
  }

  /// Begins with the members of two objects; or their order, if that is known without.
  private mutating func enter(_ x: HeapObject, _ y: HeapObject, _ work: Work) -> Int? {
    let kind = x.kind
    if kind == .environment || before + work.done > OrderWalk.rememberFrom {
      guard needRare().seen.insert(ObjectPair(x, y)) else { return 0 }
    }
    switch kind {
    case .list:
      let (a, b) = (MemberCursor(ordered: x.word), MemberCursor(ordered: y.word))
      frame = Frame(x: a, y: b, tie: a.remaining - b.remaining)
      return nil
    case .string:
      if x == y { return 0 }
      needRare().texts = (StringView(x.word), StringView(y.word), 0)
      return beginEmpty()
    case .closure, .partial: return enterFunctions(x, y)
    case .dict, .set: return enterTries(x, y)
    default:
      guard x.size == y.size, kind == y.kind else { return compareCounts(x, y) }
      guard kind == .namespace else { return enter(x, y, from: 0, tie: 0) }
      return enter(x, y, from: 1, tie: Keywords.compare(x[0], y[0]))
    }
  }

  private mutating func enter(_ x: HeapObject, _ y: HeapObject, from start: Int, tie: Int) -> Int? {
    frame = Frame(x: MemberCursor(x, start..<x.size), y: MemberCursor(y, start..<y.size), tie: tie)
    return nil
  }

  /// A row without members: what stands there while something else is being compared.
  private mutating func beginEmpty() -> Int? {
    frame = Frame(x: MemberCursor(ordered: .nil), y: MemberCursor(ordered: .nil), tie: 0)
    return nil
  }

  /// Objects of different counts: the large form of a collection has more members than the small one.
  private func compareCounts(_ x: HeapObject, _ y: HeapObject) -> Int {
    let isLarge = (x.kind == .dict || x.kind == .set, y.kind == .dict || y.kind == .set)
    if isLarge.0 != isLarge.1 { return isLarge.0 ? 1 : -1 }
    return x.size - y.size
  }

  private mutating func enterFunctions(_ x: HeapObject, _ y: HeapObject) -> Int? {
    let order = Ordering.functionOrdinal(x.word) - Ordering.functionOrdinal(y.word)
    if order != 0 { return order }
    if x.size != y.size { return x.size - y.size }
    if x.raw(0) != y.raw(0) { return Ordering.compareIDs(x.raw(0), y.raw(0)) }
    return enter(x, y, from: 1, tie: 0)
  }

  private mutating func enterTries(_ x: HeapObject, _ y: HeapObject) -> Int? {
    guard x.kind == y.kind else { return compareCounts(x, y) }
    let order = Ordering.compareIDs(x.raw(0), y.raw(0))
    if order != 0 { return order }
    needRare().tries = (TrieSorting.make(x), TrieSorting.make(y))
    return beginEmpty()
  }

  // MARK: Large strings and tries

  /// Goes on with two strings or tries: their order, 0 where the walk goes on behind them; nil: the work is used up.
  private mutating func goOn(_ rare: Rare, until limit: Int, _ work: inout Work) -> Int? {
    if let tries = rare.tries {
      guard let x = tries.x.run(&work), let y = tries.y.run(&work) else { return nil }
      rare.tries = nil
      rare.sorted += [tries.x, tries.y]
      _ = enter(x, y, from: 0, tie: 0)
      return 0
    }
    guard var texts = rare.texts else { return 0 }
    let common = min(texts.x.byteCount, texts.y.byteCount)
    while texts.alike < common {
      if work.done >= limit { return nil }
      let end = min(common, texts.alike + Equality.textAtOnce)
      let order = texts.x.compare(texts.alike..<end, with: texts.y)
      if order != 0 { return order }
      work.done += (end - texts.alike) >> 6
      texts.alike = end
      rare.texts = texts
    }
    rare.texts = nil
    return texts.x.byteCount - texts.y.byteCount
  }
}
