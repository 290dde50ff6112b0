import Memory
import Words

/// Lists: persistent vectors. The functions take and give list words (`ListView`, or `Word.emptyList`);
/// every index is checked by the caller unless a function says otherwise.
enum Lists {
  @inline(__always) static func isList(_ word: Word) -> Bool { word == .emptyList || word.isObject(.list) }

  @inline(__always) static func count(_ list: Word) -> Int {
    list == .emptyList ? 0 : ListView(list).count
  }

  /// Member `i`; `0 ≤ i < count`.
  @inline(__always) static func at(_ list: Word, _ i: Int) -> Word {
    let view = ListView(list)
    let index = view.offset &+ i
    return view.leaf(of: index)[index & 31]
  }

  /// The first member, or nil.
  @inline(__always) static func first(_ list: Word) -> Word { list == .emptyList ? .nil : at(list, 0) }

  /// The last member, or nil.
  static func last(_ list: Word) -> Word {
    list == .emptyList ? .nil : at(list, ListView(list).count - 1)
  }

  /// A total and some members, added up in order, a leaf at a time; nil if one of them is no number.
  static func sum(_ list: Word, _ range: Range<Int>, from total: Double) -> Double? {
    if range.isEmpty { return total }
    let view = ListView(list)
    var total = total
    var index = view.offset + range.lowerBound
    let end = view.offset + range.upperBound
    while index < end {
      let leaf = view.leaf(of: index)
      let leafEnd = min(end, (index | 31) + 1)
      while index < leafEnd {
        let member = leaf[index & 31]
        guard member.isNumber else { return nil }
        total += member.number
        index += 1
      }
    }
    return total
  }

  // MARK: Making

  /// A list object of its parts; the invariants of `ListView` are the caller's business.
  @inline(__always) static func make(
    _ heap: Heap, offset: Int, count: Int, root: Word, shift: Int, tail: Word
  ) -> Word {
    let object = heap.allocate(.list, size: 3, auxiliary: shift)
    object.setRaw(0, UInt64(truncatingIfNeeded: count) << 32 | UInt64(truncatingIfNeeded: offset))
    object[1] = root
    object[2] = tail
    return object.word
  }

  /// A list of one leaf, all of whose members are the list's.
  @inline(__always) static func make(_ heap: Heap, leaf: HeapObject) -> Word {
    make(heap, offset: 0, count: leaf.size, root: .absent, shift: 0, tail: leaf.word)
  }

  /// A list of `count` members that `element` gives by index, in order.
  @inline(__always) static func make(_ heap: Heap, count: Int, element: (Int) -> Word) -> Word {
    guard count > 0 else { return .emptyList }
    if count <= ListView.width {
      let leaf = heap.allocate(.listLeaf, size: count)
      for i in 0..<count { leaf[i] = element(i) }
      return make(heap, leaf: leaf)
    }
    var builder = ListBuilder(heap)
    for i in 0..<count { builder.append(element(i)) }
    return builder.finish()
  }

  /// A list of the words `range` of an object (a tuple's members, say).
  static func make(_ heap: Heap, from object: HeapObject, _ range: Range<Int>) -> Word {
    guard !range.isEmpty else { return .emptyList }
    if range.count <= ListView.width {
      let leaf = heap.allocate(.listLeaf, size: range.count)
      leaf.copy(range.count, from: object, at: range.lowerBound, to: 0)
      return make(heap, leaf: leaf)
    }
    return make(heap, count: range.count) { object[range.lowerBound + $0] }
  }

  /// A list of what a cursor has left.
  static func make(_ heap: Heap, _ cursor: consuming MemberCursor) -> Word {
    make(heap, count: cursor.remaining) { _ in cursor.next() }
  }

  // MARK: One more, one other

  /// The list with another member `i`.
  static func set(_ heap: Heap, _ list: Word, _ i: Int, _ x: Word) -> Word {
    let view = ListView(list)
    let index = view.offset + i
    let old = view.leaf(of: index)
    let leaf = heap.allocate(.listLeaf, size: old.size)
    leaf.copy(old.size, from: old, at: 0, to: 0)
    leaf[index & 31] = x
    var row = Row(view)
    var tail = view.tail.word
    if index >= view.tailStart { tail = leaf.word } else { row.replace(heap, leaf: leaf, at: index) }
    return make(
      heap, offset: view.offset, count: view.count, root: row.root, shift: row.shift, tail: tail)
  }

  /// The list with `x` before its first member.
  static func prepend(_ heap: Heap, _ list: Word, _ x: Word) -> Word {
    guard list != .emptyList else { return make(heap, count: 1) { _ in x } }
    let view = ListView(list)
    if view.root == .absent && view.count < ListView.width {
      let leaf = heap.allocate(.listLeaf, size: view.count + 1)
      leaf[0] = x
      leaf.copy(view.count, from: view.tail, at: view.offset, to: 1)
      return make(heap, leaf: leaf)
    }
    return prepend(heap, list, count: 1) { _ in x }
  }

  /// The list with `count` members before its first, which `element` gives by index.
  /// The list has a root or a full leaf.
  @inline(__always) static func prepend(
    _ heap: Heap, _ list: Word, count: Int, element: (Int) -> Word
  ) -> Word {
    let view = ListView(list)
    var row = Row(view)
    var left = count
    while left > 0 {
      if row.offset == 0 { row.makeRoomInFront(heap) }
      let inLeaf = min(left, (row.offset - 1) & 31 + 1)
      let leaf = row.writableLeaf(heap, of: row.offset - 1)
      for k in 0..<inLeaf { leaf[(row.offset - 1 - k) & 31] = element(left - 1 - k) }
      row.replace(heap, leaf: leaf, at: row.offset - 1)
      row.offset -= inLeaf
      left -= inLeaf
    }
    return make(
      heap, offset: row.offset, count: view.count + count, root: row.root, shift: row.shift,
      tail: view.tail.word)
  }
}
