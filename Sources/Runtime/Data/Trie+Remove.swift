import Memory
import Words

/// Taking entries out of a trie: one path is copied, and a node that is left with one entry dissolves (T2).
extension Trie {
  /// The trie without the entry; nil: it is not there. The key is canonical.
  static func remove(_ heap: Heap, _ trie: HeapObject, _ key: Word, _ work: inout Work) -> HeapObject? {
    let hash = Hashing.hash(key, &work)
    guard let root = remove(heap, TrieNode(trie[1]), key, hash, 0, &work) else { return nil }
    return make(heap, count: count(trie) - 1, root: root)
  }

  private static func remove(
    _ heap: Heap, _ node: TrieNode<Shape>, _ key: Word, _ hash: UInt64, _ depth: Int, _ work: inout Work
  ) -> TrieNode<Shape>? {
    guard depth < TrieNode<Shape>.maxDepth else { return removeCollision(heap, node, key, &work) }
    let bit = TrieNode<Shape>.bit(hash, depth)
    if node.data & bit != 0 {
      let index = node.entryIndex(bit)
      guard Equality.equal(node.object[index], key, &work) else { return nil }
      return node.spliced(
        heap, data: node.data & ~bit, nodes: node.nodes, at: index, dropping: Shape.step, adding: 0)
    }
    guard node.nodes & bit != 0 else { return nil }
    let index = node.childIndex(bit)
    guard let child = remove(heap, TrieNode(node.object[index]), key, hash, depth + 1, &work) else {
      return nil
    }
    guard child.isSingle else { return node.replacing(heap, index, child.object.word) }
    return absorb(heap, node, child, bit)
  }

  /// The node with the one entry of a child in the child's place.
  private static func absorb(
    _ heap: Heap, _ node: TrieNode<Shape>, _ child: TrieNode<Shape>, _ bit: UInt32
  ) -> TrieNode<Shape> {
    let new = TrieNode<Shape>.make(heap, data: node.data | bit, nodes: node.nodes & ~bit)
    let entry = new.entryIndex(bit)
    let old = node.childIndex(bit)
    new.object.copy(entry - 1, from: node.object, at: 1, to: 1)
    new.object.copy(Shape.step, from: child.object, at: child.entries.lowerBound, to: entry)
    new.object.copy(old - entry, from: node.object, at: entry, to: entry + Shape.step)
    new.object.copy(node.object.size - old - 1, from: node.object, at: old + 1, to: old + Shape.step)
    return new
  }

  private static func removeCollision(
    _ heap: Heap, _ node: TrieNode<Shape>, _ key: Word, _ work: inout Work
  ) -> TrieNode<Shape>? {
    let (index, isFound) = Entries<CollisionShape<Shape>>.place(node.object, key, &work)
    guard isFound else { return nil }
    let size = node.object.size - Shape.step
    work.done += size
    let new = heap.allocate(Shape.collision, size: size)
    new.copy(index, from: node.object, at: 0, to: 0)
    new.copy(size - index, from: node.object, at: index + Shape.step, to: index)
    return TrieNode(new)
  }
}
