import Memory
import Words

/// Dicts. The functions take and give dict words (`Word.emptyDict`, or an object of either form).
enum Dicts {
  /// A walk over keys and values in iteration order.
  typealias Cursor = EntryCursor<DictShape>

  @inline(__always) static func isDict(_ word: Word) -> Bool { Collection<DictShape>.isCollection(word) }
  @inline(__always) static func count(_ dict: Word) -> Int { Collection<DictShape>.count(dict) }

  /// The value of an equal key, or `absent`.
  @inline(__always) static func find(_ dict: Word, _ key: Word, _ work: inout Work) -> Word {
    guard let place = Collection<DictShape>.find(dict, key, &work) else { return .absent }
    return place.object[place.index &+ 1]
  }

  /// The value of a keyword, or `absent`.
  @inline(__always) static func find(_ dict: Word, keyword: Word) -> Word {
    guard dict.isPointer else { return .absent }
    let object = HeapObject(dict)
    if object.header.has(.smallDict) {
      let index = Entries<DictShape>.identical(object, keyword)
      return index < 0 ? .absent : object[index &+ 1]
    }
    return findInTrie(object, keyword)
  }

  @inline(never) private static func findInTrie(_ object: HeapObject, _ keyword: Word) -> Word {
    var work = Work()
    let place = Trie<DictShape>.find(object, keyword, &work)
    return place.index < 0 ? .absent : place.object[place.index &+ 1]
  }

  /// The dict with `value` under `key`.
  static func insert(
    _ heap: Heap, _ dict: Word, _ key: Word, _ value: Word, _ work: inout Work
  ) -> Word {
    Collection<DictShape>.insert(heap, dict, key, value, &work)
  }

  /// The dict without `key`.
  static func remove(_ heap: Heap, _ dict: Word, _ key: Word, _ work: inout Work) -> Word {
    Collection<DictShape>.remove(heap, dict, key, &work)
  }

  /// The entries of both; of equal keys the second's value.
  static func merge(_ heap: Heap, _ x: Word, _ y: Word, _ work: inout Work) -> Word {
    Collection<DictShape>.merge(heap, x, y, &work)
  }

  /// A dict of `count` pairs, which `key` and `value` give by index; of equal keys the later value wins.
  @inline(__always) static func make(
    _ heap: Heap, count: Int, _ work: inout Work, key: (Int) -> Word, value: (Int) -> Word
  ) -> Word {
    Collection<DictShape>.make(heap, count: count, &work, key: key, value: value)
  }

  /// A list that `element` makes of each entry, in iteration order.
  @inline(__always) static func list(
    _ heap: Heap, _ dict: Word, _ element: (_ key: Word, _ value: Word) -> Word
  ) -> Word {
    var cursor = Cursor(dict)
    return Lists.make(heap, count: count(dict)) { _ in
      _ = cursor.moveOn()
      return element(cursor.key, cursor.value)
    }
  }
}
