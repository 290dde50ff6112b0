import Memory
import Words

extension Lists {
  /// Both lists in a row; the work is linear in the shorter one.
  static func concat(_ heap: Heap, _ x: Word, _ y: Word, _ work: inout Int) -> Word {
    guard x != .emptyList else { return y }
    guard y != .emptyList else { return x }
    let counts = (count(x), count(y))
    work += min(counts.0, counts.1)
    if counts.0 + counts.1 <= ListView.width {
      return make(heap, leaf: joined(heap, ListView(x), ListView(y)))
    }
    if counts.0 < counts.1, counts.1 > ListView.width {
      return prependAll(heap, x, counts.0, y)
    }
    var builder = ListBuilder(heap, extending: x)
    var cursor = MemberCursor(ordered: y)
    for _ in 0..<counts.1 { builder.append(cursor.next()) }
    return builder.finish()
  }

  private static func prependAll(_ heap: Heap, _ x: Word, _ count: Int, _ y: Word) -> Word {
    let front = ListView(x)
    return prepend(heap, y, count: count) { i in
      front.leaf(of: front.offset + i)[(front.offset + i) & 31]
    }
  }

  private static func joined(_ heap: Heap, _ x: ListView, _ y: ListView) -> HeapObject {
    let leaf = heap.allocate(.listLeaf, size: x.count + y.count)
    copy(x, leaf, at: 0)
    copy(y, leaf, at: x.count)
    return leaf
  }

  /// Copies the members of a short list (of two leaves at most) into a new object.
  private static func copy(_ list: ListView, _ target: HeapObject, at start: Int) {
    let inTrie = max(0, list.tailStart - list.offset)
    if inTrie > 0 {
      target.copy(inTrie, from: list.leaf(of: list.offset), at: list.offset & 31, to: start)
    }
    let from = inTrie > 0 ? 0 : list.offset & 31
    target.copy(list.count - inTrie, from: list.tail, at: from, to: start + inTrie)
  }
}
