import Memory
import Words

extension Lists {
  /// The members of a list or tuple as a list in ascending order (`Ordering`); equals keep their order.
  /// A merge sort from below: runs double in size between two objects.
  static func sort(_ heap: Heap, _ ordered: Word, _ work: inout Work) -> Word {
    sort(heap, ordered, &work) { $0 }
  }

  /// The members of a list of pairs (tuples), second members only, in ascending order of the first ones.
  static func sortPairs(_ heap: Heap, _ pairs: Word, _ work: inout Work) -> Word {
    let sorted = sort(heap, pairs, &work) { HeapObject($0)[0] }
    var cursor = MemberCursor(ordered: sorted)
    return make(heap, count: cursor.remaining) { _ in HeapObject(cursor.next())[1] }
  }

  /// The same by what `key` gives for the members.
  @inline(__always) static func sort(
    _ heap: Heap, _ ordered: Word, _ work: inout Work, key: (Word) -> Word
  ) -> Word {
    var cursor = MemberCursor(ordered: ordered)
    let count = cursor.remaining
    guard count > 1 else { return make(heap, cursor) }
    // Two tuples that nobody sees: garbage when this returns, so that every word must be written before.
    var from = heap.allocate(.tuple, size: count)
    var to = heap.allocate(.tuple, size: count)
    for i in 0..<count { from[i] = cursor.next() }
    sortRuns(from, count, &work, key: key)
    var width = runLength
    while width < count {
      var start = 0
      while start < count {
        merge(from, to, start, min(start + width, count), min(start + 2 * width, count), &work, key: key)
        start += 2 * width
      }
      swap(&from, &to)
      width *= 2
      work.done += count
    }
    if width == runLength { to.copy(count, from: from, at: 0, to: 0) }
    return make(heap, from: from, 0..<count)
  }

  private static var runLength: Int { 8 }

  /// Sorts runs of `runLength` members by insertion.
  @inline(__always) private static func sortRuns(
    _ object: HeapObject, _ count: Int, _ work: inout Work, key: (Word) -> Word
  ) {
    work.done += count
    for i in 0..<count where i % runLength != 0 {
      let x = object[i]
      let start = i - i % runLength
      var place = i
      while place > start, Ordering.compare(key(x), key(object[place - 1]), &work) < 0 {
        object[place] = object[place - 1]
        place -= 1
      }
      object[place] = x
    }
  }

  /// Merges the sorted runs `[start, middle)` and `[middle, end)` of one object into another.
  @inline(__always) private static func merge(
    _ from: HeapObject, _ to: HeapObject, _ start: Int, _ middle: Int, _ end: Int, _ work: inout Work,
    key: (Word) -> Word
  ) {
    var left = start
    var right = middle
    for i in start..<end {
      let takesLeft =
        left < middle
        && (right == end || Ordering.compare(key(from[right]), key(from[left]), &work) >= 0)
      to[i] = takesLeft ? from[left] : from[right]
      if takesLeft { left += 1 } else { right += 1 }
    }
  }
}
