import Memory
import Words

/// Members behind the last. A tail may have room for more than it was made for, and is filled where it lies (L5): so a list of numbers
/// that grows by one at a time costs an object of three words for each, and a copy of its tail only when that doubles.
///
/// L6  Only what is no pointer is filled in. Else a list would keep alive, and take along in messages, whatever was
///     appended to it later, for a newer list that is long gone.
extension Lists {
  /// The list with `x` behind its last member.
  static func append(_ heap: Heap, _ list: Word, _ x: Word) -> Word {
    guard list != .emptyList else { return make(heap, count: 1) { _ in x } }
    let view = ListView(list)
    let used = view.end &- view.tailStart
    guard !x.isPointer, isFree(heap, view.tail, used) else {
      return extend(heap, list, count: 1) { _ in x }
    }
    view.tail[used] = x
    return grown(heap, view, by: 1)
  }

  /// The list with `count` members behind its last that `element` gives by index, in order; at most as many as a leaf has.
  @inline(__always) static func extend(
    _ heap: Heap, _ list: Word, count: Int, element: (Int) -> Word
  ) -> Word {
    assert(count > 0 && count <= ListView.width)
    // L6.
    let fills = !(0..<count).contains { element($0).isPointer }
    guard list != .emptyList else {
      let leaf = leaf(heap, for: count, isLong: false, hasRoom: fills)
      for i in 0..<count { leaf[i] = element(i) }
      return make(heap, offset: 0, count: count, root: .absent, shift: 0, tail: leaf.word)
    }
    let view = ListView(list)
    let used = view.end &- view.tailStart
    if fills, used &+ count <= view.tail.size, isFree(heap, view.tail, used) {
      for i in 0..<count { view.tail[used &+ i] = element(i) }
      return grown(heap, view, by: count)
    }
    let isShort = view.root == .absent && view.count &+ count <= ListView.width
    if isShort || used &+ count <= ListView.width {
      // A list of one leaf leaves behind what is before its first member.
      let start = isShort ? view.offset : 0
      let kept = used &- start
      let tail = leaf(heap, for: kept &+ count, isLong: view.root != .absent, hasRoom: fills)
      tail.copy(kept, from: view.tail, at: start, to: 0)
      for i in 0..<count { tail[kept &+ i] = element(i) }
      return make(
        heap, offset: view.offset &- start, count: view.count &+ count, root: view.root, shift: view.shift,
        tail: tail.word)
    }
    return overflowing(heap, view, used, count, fills, element)
  }

  /// The same where the tail becomes full.
  @inline(__always) private static func overflowing(
    _ heap: Heap, _ view: ListView, _ used: Int, _ count: Int, _ fills: Bool, _ element: (Int) -> Word
  ) -> Word {
    let left = ListView.width &- used
    var full = view.tail
    if left > 0 {
      if !fills || full.size < ListView.width || !isFree(heap, full, used) {
        full = heap.allocate(.listLeaf, size: ListView.width)
        full.copy(used, from: view.tail, at: 0, to: 0)
      }
      for i in 0..<left { full[used &+ i] = element(i) }
    }
    var row = Row(view)
    row.push(heap, leaf: full)
    let tail = leaf(heap, for: count &- left, isLong: true, hasRoom: fills)
    for i in left..<count { tail[i &- left] = element(i) }
    return make(
      heap, offset: row.offset, count: view.count &+ count, root: row.root, shift: row.shift, tail: tail.word)
  }

  /// Whether a list that ends at this slot of its tail may put more there.
  @inline(__always) private static func isFree(_ heap: Heap, _ tail: HeapObject, _ slot: Int) -> Bool {
    slot < tail.size && tail[slot] == .absent && heap.mayFill(tail)
  }

  /// The list whose tail has been filled further.
  @inline(__always) private static func grown(_ heap: Heap, _ view: ListView, by count: Int) -> Word {
    make(
      heap, offset: view.offset, count: view.count &+ count, root: view.root, shift: view.shift,
      tail: view.object[2])
  }

  /// A leaf for `count` members, and for more where those can be put into it and are likely to be; the caller writes the members.
  @inline(__always) private static func leaf(
    _ heap: Heap, for count: Int, isLong: Bool, hasRoom: Bool
  ) -> HeapObject {
    let size = !hasRoom || !heap.fillsLater ? count : isLong ? ListView.width : room(for: count)
    let leaf = heap.allocate(.listLeaf, size: size)
    for i in count..<size { leaf[i] = .absent }
    return leaf
  }

  private static func room(for count: Int) -> Int {
    count <= 4 ? 4 : count <= 8 ? 8 : count <= 16 ? 16 : ListView.width
  }
}
