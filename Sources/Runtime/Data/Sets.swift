import Memory
import Words

/// Sets. The functions take and give set words (`Word.emptySet`, or an object of either form).
enum Sets {
  /// A walk over the members (`key`) in iteration order.
  typealias Cursor = EntryCursor<SetShape>

  @inline(__always) static func isSet(_ word: Word) -> Bool { Collection<SetShape>.isCollection(word) }
  @inline(__always) static func count(_ set: Word) -> Int { Collection<SetShape>.count(set) }

  @inline(__always) static func contains(_ set: Word, _ x: Word, _ work: inout Work) -> Bool {
    Collection<SetShape>.find(set, x, &work) != nil
  }

  static func insert(_ heap: Heap, _ set: Word, _ x: Word, _ work: inout Work) -> Word {
    Collection<SetShape>.insert(heap, set, x, .nil, &work)
  }

  static func remove(_ heap: Heap, _ set: Word, _ x: Word, _ work: inout Work) -> Word {
    Collection<SetShape>.remove(heap, set, x, &work)
  }

  /// A set of `count` members, which `element` gives by index.
  @inline(__always) static func make(
    _ heap: Heap, count: Int, _ work: inout Work, element: (Int) -> Word
  ) -> Word {
    Collection<SetShape>.make(heap, count: count, &work, key: element, value: { _ in .nil })
  }

  /// The members of either.
  static func union(_ heap: Heap, _ x: Word, _ y: Word, _ work: inout Work) -> Word {
    let (large, small) = count(x) >= count(y) ? (x, y) : (y, x)
    return Collection<SetShape>.merge(heap, large, small, &work)
  }

  /// The members of both.
  static func intersection(_ heap: Heap, _ x: Word, _ y: Word, _ work: inout Work) -> Word {
    let (large, small) = count(x) >= count(y) ? (x, y) : (y, x)
    return Collection<SetShape>.filter(heap, small, &work) { member, work in contains(large, member, &work) }
  }

  /// The members of the first that are not the second's.
  static func difference(_ heap: Heap, _ x: Word, _ y: Word, _ work: inout Work) -> Word {
    Collection<SetShape>.filter(heap, x, &work) { member, work in !contains(y, member, &work) }
  }

  /// Whether all members of the first are the second's.
  static func isSubset(_ x: Word, _ y: Word, _ work: inout Work) -> Bool {
    guard count(x) <= count(y) else { return false }
    var cursor = Cursor(x)
    while cursor.moveOn() {
      work.done += 1
      guard contains(y, cursor.key, &work) else { return false }
    }
    return true
  }

  /// A list of the members, in iteration order.
  static func list(_ heap: Heap, _ set: Word) -> Word {
    var cursor = Cursor(set)
    return Lists.make(heap, count: count(set)) { _ in
      _ = cursor.moveOn()
      return cursor.key
    }
  }
}
