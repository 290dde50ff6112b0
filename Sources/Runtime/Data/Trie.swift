import Memory
import Words

/// The large form of dicts and sets: raw count, then the root of a trie (`TrieNode`).
enum Trie<Shape: EntryShape> {
  /// An entry's place: an object and the index of its key's word; -1: there is none.
  struct Place {
    let object: HeapObject
    let index: Int
  }

  @inline(__always) static func count(_ trie: HeapObject) -> Int { Int(trie.raw(0)) }

  static func make(_ heap: Heap, count: Int, root: TrieNode<Shape>) -> HeapObject {
    let trie = heap.allocate(Shape.large, size: 2)
    trie.setRaw(0, UInt64(count))
    trie[1] = root.object.word
    return trie
  }

  /// Where the entry with an equal key is. The key is canonical.
  @inline(__always) static func find(_ trie: HeapObject, _ key: Word, _ work: inout Work) -> Place {
    let hash = Hashing.hash(key, &work)
    var node = TrieNode<Shape>(trie[1])
    var depth = 0
    while depth < TrieNode<Shape>.maxDepth {
      let bit = TrieNode<Shape>.bit(hash, depth)
      if node.data & bit != 0 {
        let index = node.entryIndex(bit)
        let isFound = Equality.equal(node.object[index], key, &work)
        return Place(object: node.object, index: isFound ? index : -1)
      }
      guard node.nodes & bit != 0 else { return Place(object: node.object, index: -1) }
      node = TrieNode(node.object[node.childIndex(bit)])
      depth &+= 1
    }
    return Place(object: node.object, index: findCollision(node.object, key, &work))
  }

  /// The index of an equal key among those of a collision object, or -1.
  @inline(never) static func findCollision(_ object: HeapObject, _ key: Word, _ work: inout Work) -> Int {
    let (index, isFound) = Entries<CollisionShape<Shape>>.place(object, key, &work)
    return isFound ? index : -1
  }

  /// All entries in ascending order of keys, as an object of another kind, with `space` words in front, which are nil.
  static func sorted(
    _ heap: Heap, _ trie: HeapObject, as kind: ObjectKind, space: Int = 0, _ work: inout Work
  ) -> HeapObject {
    var entries: [(key: Word, value: Word)] = []
    entries.reserveCapacity(count(trie))
    var cursor = TrieCursor<Shape>(trie)
    while cursor.moveOn() { entries.append((cursor.key, cursor.value)) }
    entries.sort { Ordering.compare($0.key, $1.key, &work) < 0 }
    work.done += entries.count
    let result = heap.allocate(kind, size: space + entries.count * Shape.step)
    for i in 0..<space { result[i] = .nil }
    for i in 0..<entries.count {
      result[space + i * Shape.step] = entries[i].key
      if Shape.step == 2 { result[space + i * 2 + 1] = entries[i].value }
    }
    return result
  }

  /// A tuple of all entries (key, value, …) in iteration order.
  static func flat(_ heap: Heap, _ trie: HeapObject) -> HeapObject {
    let row = heap.allocate(.tuple, size: count(trie) * Shape.step)
    var cursor = TrieCursor<Shape>(trie)
    var i = 0
    while cursor.moveOn() {
      row[i] = cursor.key
      if Shape.step == 2 { row[i + 1] = cursor.value }
      i += Shape.step
    }
    return row
  }
}
