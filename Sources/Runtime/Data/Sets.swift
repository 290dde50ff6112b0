import Memory
import Words

/// Sets. The functions take and give set words (`Word.emptySet`, or an object of either form).
enum Sets {
  /// A walk over the members (`key`) in iteration order.
  typealias Cursor = EntryCursor<SetShape>

  @inline(__always) static func isSet(_ word: Word) -> Bool { Collection<SetShape>.isCollection(word) }
  @inline(__always) static func count(_ set: Word) -> Int { Collection<SetShape>.count(set) }

  @inline(__always) static func contains(_ set: Word, _ x: Word, _ work: inout Int) -> Bool {
    Collection<SetShape>.find(set, x, &work) != nil
  }

  static func insert(_ heap: Heap, _ set: Word, _ x: Word, _ work: inout Int) -> Word {
    Collection<SetShape>.insert(heap, set, x, .nil, &work)
  }

  static func remove(_ heap: Heap, _ set: Word, _ x: Word, _ work: inout Int) -> Word {
    Collection<SetShape>.remove(heap, set, x, &work)
  }

  /// A set of `count` members, which `element` gives by index.
  @inline(__always) static func make(
    _ heap: Heap, count: Int, _ work: inout Int, element: (Int) -> Word
  ) -> Word {
    guard count > 0 else { return .emptySet }
    if count <= SetShape.limit {
      return Entries<SetShape>.make(heap, count: count, &work, key: element, value: { _ in .nil }).word
    }
    var set = Word.emptySet
    for i in 0..<count { set = insert(heap, set, element(i), &work) }
    work += count
    return set
  }

  /// The members of either.
  static func union(_ heap: Heap, _ x: Word, _ y: Word, _ work: inout Int) -> Word {
    let (large, small) = count(x) >= count(y) ? (x, y) : (y, x)
    var result = large
    var cursor = Cursor(small)
    while cursor.moveOn() {
      result = insert(heap, result, cursor.key, &work)
      work += 1
    }
    return result
  }

  /// The members of both.
  static func intersection(_ heap: Heap, _ x: Word, _ y: Word, _ work: inout Int) -> Word {
    let (large, small) = count(x) >= count(y) ? (x, y) : (y, x)
    return filter(heap, small, &work) { member, work in contains(large, member, &work) }
  }

  /// The members of the first that are not the second's.
  static func difference(_ heap: Heap, _ x: Word, _ y: Word, _ work: inout Int) -> Word {
    filter(heap, x, &work) { member, work in !contains(y, member, &work) }
  }

  /// Whether all members of the first are the second's.
  static func isSubset(_ x: Word, _ y: Word, _ work: inout Int) -> Bool {
    guard count(x) <= count(y) else { return false }
    var cursor = Cursor(x)
    while cursor.moveOn() {
      work += 1
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

  private static func filter(
    _ heap: Heap, _ set: Word, _ work: inout Int, _ isKept: (Word, inout Int) -> Bool
  ) -> Word {
    var result = Word.emptySet
    var cursor = Cursor(set)
    while cursor.moveOn() {
      work += 1
      if isKept(cursor.key, &work) { result = insert(heap, result, cursor.key, &work) }
    }
    return result
  }
}
