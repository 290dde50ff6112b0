import Memory
import Words

/// A dict or set in either form; small up to `Shape.limit` entries, a trie above: one form for equal contents.
enum Collection<Shape: EntryShape> {
  @inline(__always) static func isCollection(_ word: Word) -> Bool {
    if word == Shape.empty { return true }
    guard word.isPointer else { return false }
    let header = HeapObject(word).header
    return header.has(Shape.small) || header.has(Shape.large)
  }

  @inline(__always) static func count(_ word: Word) -> Int {
    guard word.isPointer else { return 0 }
    let object = HeapObject(word)
    return object.header.has(Shape.small) ? Entries<Shape>.count(object) : Trie<Shape>.count(object)
  }

  /// Where the entry with an equal key is; nil: nowhere.
  @inline(__always) static func find(
    _ word: Word, _ key: Word, _ work: inout Work
  ) -> Trie<Shape>.Place? {
    guard word.isPointer else { return nil }
    let object = HeapObject(word)
    let key = Entries<Shape>.canonical(key)
    if object.header.has(Shape.small) {
      let index = Entries<Shape>.find(object, key, &work)
      return index < 0 ? nil : Trie<Shape>.Place(object: object, index: index)
    }
    let place = Trie<Shape>.find(object, key, &work)
    return place.index < 0 ? nil : place
  }

  /// The collection with the entry; the value of an equal key is replaced. For sets `value` is not used.
  static func insert(_ heap: Heap, _ word: Word, _ key: Word, _ value: Word, _ work: inout Work) -> Word {
    let key = Entries<Shape>.canonical(key)
    guard word.isPointer else {
      let new = heap.allocate(Shape.small, size: Shape.step)
      new[0] = key
      if Shape.step == 2 { new[1] = value }
      return new.word
    }
    let object = HeapObject(word)
    guard object.header.has(Shape.small) else {
      return Trie<Shape>.insert(heap, object, key, value, &work).word
    }
    let known = key.isPointer ? -1 : Entries<Shape>.find(object, key, &work)
    let (index, isFound) = known >= 0 ? (known, true) : Entries<Shape>.place(object, key, &work)
    if isFound {
      if Shape.step == 1 || object[index + 1] == value { return word }
      return Entries<Shape>.replacing(heap, object, at: index, value).word
    }
    if Entries<Shape>.count(object) < Shape.limit {
      return Entries<Shape>.inserting(heap, object, at: index, key, value).word
    }
    var row = EntryRow<Shape>(capacity: Shape.limit + 1)
    row.append(word, &work)
    row.append(key, value, &work)
    return row.finish(heap, &work)
  }

  /// A collection of `count` entries, which `key` and `value` give by index; of equal keys the later value wins.
  @inline(__always) static func make(
    _ heap: Heap, count: Int, _ work: inout Work, key: (Int) -> Word, value: (Int) -> Word
  ) -> Word {
    guard count > 0 else { return Shape.empty }
    if count <= Shape.limit {
      return Entries<Shape>.make(heap, count: count, &work, key: key, value: value).word
    }
    var row = EntryRow<Shape>(capacity: count)
    for i in 0..<count { row.append(key(i), value(i), &work) }
    return row.finish(heap, &work)
  }

  /// The entries of both; of equal keys the second's value.
  static func merge(_ heap: Heap, _ x: Word, _ y: Word, _ work: inout Work) -> Word {
    if count(x) == 0 { return y }
    if count(y) < max(Shape.limit, count(x) / 8) { return insertAll(heap, x, y, &work) }
    var row = EntryRow<Shape>(capacity: count(x) + count(y))
    row.append(x, &work)
    row.append(y, &work)
    return row.finish(heap, &work)
  }

  private static func insertAll(_ heap: Heap, _ x: Word, _ y: Word, _ work: inout Work) -> Word {
    var result = x
    var cursor = EntryCursor<Shape>(y)
    while cursor.moveOn() {
      result = insert(heap, result, cursor.key, cursor.value, &work)
      work.done += 1
    }
    return result
  }

  /// The entries that `isKept` says.
  @inline(__always) static func filter(
    _ heap: Heap, _ word: Word, _ work: inout Work, _ isKept: (_ key: Word, _ work: inout Work) -> Bool
  ) -> Word {
    var row = EntryRow<Shape>(capacity: 0)
    var cursor = EntryCursor<Shape>(word)
    while cursor.moveOn() {
      work.done += 1
      if isKept(cursor.key, &work) { row.append(cursor.key, cursor.value, &work) }
    }
    return row.finish(heap, &work)
  }

  /// The collection without the entry, if it is there.
  static func remove(_ heap: Heap, _ word: Word, _ key: Word, _ work: inout Work) -> Word {
    guard word.isPointer else { return word }
    let object = HeapObject(word)
    let key = Entries<Shape>.canonical(key)
    if object.header.has(Shape.small) {
      let index = Entries<Shape>.find(object, key, &work)
      return index < 0 ? word : Entries<Shape>.removing(heap, object, at: index)
    }
    guard let trie = Trie<Shape>.remove(heap, object, key, &work) else { return word }
    guard Trie<Shape>.count(trie) <= Shape.limit else { return trie.word }
    return Trie<Shape>.sorted(heap, trie, as: Shape.small, &work).word
  }
}

/// A walk over the entries of a dict, set, struct or namespace in its iteration order.
///
///     while cursor.moveOn() { use (cursor.key, cursor.value) }
struct EntryCursor<Shape: EntryShape> {
  private let small: Word
  private var index: Int
  private var trie: TrieCursor<Shape>?

  init(_ word: Word) {
    small = word
    index = Shape.base - Shape.step
    if word.isPointer && !HeapObject(word).header.has(Shape.small) {
      trie = TrieCursor(HeapObject(word))
    }
  }

  /// Goes to the next entry, the first one included; false: there is none.
  mutating func moveOn() -> Bool {
    if trie != nil { return trie?.moveOn() ?? false }
    guard small.isPointer else { return false }
    index += Shape.step
    return index < HeapObject(small).size
  }

  var key: Word { trie?.key ?? HeapObject(small)[index] }
  /// The value (of a set: the member).
  var value: Word { trie?.value ?? HeapObject(small)[index + Shape.step - 1] }
}
