import Memory
import Words

/// Tuples: one object with all members; `()` is `Word.emptyTuple`.
enum Tuples {
  @inline(__always) static func isTuple(_ word: Word) -> Bool {
    word == .emptyTuple || word.isObject(.tuple)
  }

  @inline(__always) static func count(_ tuple: Word) -> Int {
    tuple == .emptyTuple ? 0 : HeapObject(tuple).size
  }

  /// A tuple of `count` members that `element` gives by index, in order.
  @inline(__always) static func make(_ heap: Heap, count: Int, element: (Int) -> Word) -> Word {
    guard count > 0 else { return .emptyTuple }
    let tuple = heap.allocate(.tuple, size: count)
    for i in 0..<count { tuple[i] = element(i) }
    return tuple.word
  }

  @inline(__always) static func make(_ heap: Heap, _ x: Word, _ y: Word) -> Word {
    let tuple = heap.allocate(.tuple, size: 2)
    tuple[0] = x
    tuple[1] = y
    return tuple.word
  }

  /// A tuple of what a cursor has left.
  static func make(_ heap: Heap, _ cursor: consuming MemberCursor) -> Word {
    make(heap, count: cursor.remaining) { _ in cursor.next() }
  }

  /// The list of the members from `start` on, up to `end`; both lie within the tuple.
  static func list(_ heap: Heap, _ tuple: Word, from start: Int = 0, to end: Int? = nil) -> Word {
    guard tuple != .emptyTuple else { return .emptyList }
    let object = HeapObject(tuple)
    return Lists.make(heap, from: object, min(start, object.size)..<max(start, end ?? object.size))
  }
}
