import Memory
import Words

/// One comparison of two collections or functions: the members of both side by side, in depth-first order, until two
/// differ. The stack is a Swift array, used for nested collections only: native calls do not nest, however deep the
/// values do.
struct OrderWalk {
  /// Members looked at.
  private(set) var work = 0
  /// The two rows of members that are being compared, and the order if they turn out alike to their ends.
  private struct Frame {
    var x: MemberCursor
    var y: MemberCursor
    var tie: Int
  }
  private var frame = Frame(x: MemberCursor(ordered: .nil), y: MemberCursor(ordered: .nil), tie: 0)
  private var outer: [Frame] = []
  /// Pairs that were met before are alike, or the walk had ended: cycles end, and so does much sharing.
  private var seen: Set<ObjectPair> = []
  /// Where the members of large sets and dicts are put in order.
  private var scratch: Heap?

  /// From so many members on, pairs are remembered: before, that costs more than it saves.
  private static var rememberFrom: Int { 1 << 16 }

  /// The order of two objects of one type, strings excepted.
  mutating func run(_ x: HeapObject, _ y: HeapObject) -> Int {
    defer { scratch?.discard() }
    if let order = enter(x, y) { return order }
    while true {
      if frame.x.remaining == 0 || frame.y.remaining == 0 {
        if frame.tie != 0 { return frame.tie }
        guard let next = outer.popLast() else { return 0 }
        frame = next
      } else if let order = step(frame.x.next(), frame.y.next()) {
        return order
      }
    }
  }

  /// Compares two members; nil: nothing has been decided.
  private mutating func step(_ x: Word, _ y: Word) -> Int? {
    work += 1
    if x.isNumber && y.isNumber {
      let order = Ordering.compareNumbers(x.number, y.number)
      return order == 0 ? nil : order
    }
    if let order = Ordering.compareAtoms(x, y, &work) { return order == 0 ? nil : order }
    let isLast = frame.x.remaining == 0 && frame.tie == 0 && frame.y.remaining == 0
    if !isLast { outer.append(frame) }
    if let order = enter(HeapObject(x), HeapObject(y)) {
      if order != 0 { return order }
      if !isLast { frame = outer.removeLast() }
    }
    return nil
  }

  /// Begins with the members of two objects; or their order, if that is known without.
  private mutating func enter(_ x: HeapObject, _ y: HeapObject) -> Int? {
    let kind = x.kind
    if kind == .environment || work > OrderWalk.rememberFrom {
      guard seen.insert(ObjectPair(x, y)).inserted else { return 0 }
    }
    switch kind {
    case .list:
      let (a, b) = (MemberCursor(ordered: x.word), MemberCursor(ordered: y.word))
      frame = Frame(x: a, y: b, tie: a.remaining - b.remaining)
      return nil
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
    return enter(sorted(x), sorted(y), from: 0, tie: 0)
  }

  /// A tuple of the members of a large set or dict (key, value, …), ascending.
  private mutating func sorted(_ trie: HeapObject) -> HeapObject {
    let heap = scratch ?? Heap.standalone()
    scratch = heap
    return trie.kind == .dict
      ? Trie<DictShape>.sorted(heap, trie, as: .tuple, &work)
      : Trie<SetShape>.sorted(heap, trie, as: .tuple, &work)
  }
}
