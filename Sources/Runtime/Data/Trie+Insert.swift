import Memory
import Words

/// Adding entries to a trie: one path is copied.
extension Trie {
  /// The trie with the entry; the value of an equal key is replaced. The key is canonical.
  static func insert(
    _ heap: Heap, _ trie: HeapObject, _ key: Word, _ value: Word, _ work: inout Work
  ) -> HeapObject {
    let hash = Hashing.hash(key, &work)
    var step = Insertion<Shape>(heap: heap, hash: hash, key: key, value: value, work: work)
    let root = step.insert(TrieNode(trie[1]), 0)
    work = step.work
    if root.object == HeapObject(trie[1]) { return trie }
    return make(heap, count: count(trie) + (step.isNew ? 1 : 0), root: root)
  }
}

/// One entry on its way into a trie.
private struct Insertion<Shape: EntryShape> {
  let heap: Heap
  let hash: UInt64
  let key: Word
  let value: Word
  /// The key was not there before.
  var isNew = false
  var work: Work

  init(heap: Heap, hash: UInt64, key: Word, value: Word, work: Work) {
    self.heap = heap
    self.hash = hash
    self.key = key
    self.value = value
    self.work = work
  }

  /// The node with the entry; the same node, if nothing changes.
  mutating func insert(_ node: TrieNode<Shape>, _ depth: Int) -> TrieNode<Shape> {
    guard depth < TrieNode<Shape>.maxDepth else { return insertCollision(node) }
    let bit = TrieNode<Shape>.bit(hash, depth)
    if node.nodes & bit != 0 {
      let index = node.childIndex(bit)
      let old = node.object[index]
      let child = insert(TrieNode(old), depth + 1)
      return child.object.word == old ? node : node.replacing(heap, index, child.object.word)
    }
    if node.data & bit != 0 { return meet(node, bit, depth) }
    isNew = true
    let index = node.entryIndex(bit)
    let new = node.spliced(
      heap, data: node.data | bit, nodes: node.nodes, at: index, dropping: 0, adding: Shape.step)
    write(new.object, index)
    return new
  }

  /// The slot holds an entry: of an equal key, or of one that moves down with the new one.
  private mutating func meet(_ node: TrieNode<Shape>, _ bit: UInt32, _ depth: Int) -> TrieNode<Shape> {
    let index = node.entryIndex(bit)
    let other = node.object[index]
    if Equality.equal(other, key, &work) { return setValue(node, index) }
    isNew = true
    let otherHash = Hashing.hash(other, &work)
    let child = pair(other, node.object[index + Shape.step - 1], otherHash, depth + 1)
    let shrunk = TrieNode<Shape>.make(heap, data: node.data & ~bit, nodes: node.nodes | bit)
    let childIndex = shrunk.childIndex(bit)
    let (from, to) = (node.object, shrunk.object)
    to.copy(index - 1, from: from, at: 1, to: 1)
    to.copy(childIndex - index, from: from, at: index + Shape.step, to: index)
    to[childIndex] = child.object.word
    let rest = childIndex + Shape.step
    to.copy(from.size - rest, from: from, at: rest, to: childIndex + 1)
    return shrunk
  }

  private func setValue(_ node: TrieNode<Shape>, _ index: Int) -> TrieNode<Shape> {
    if Shape.step == 1 || node.object[index + 1] == value { return node }
    return node.replacing(heap, index + 1, value)
  }

  /// A node of the new entry and another one whose hash is the same so far.
  private mutating func pair(
    _ other: Word, _ otherValue: Word, _ otherHash: UInt64, _ depth: Int
  ) -> TrieNode<Shape> {
    guard depth < TrieNode<Shape>.maxDepth else {
      let isFirst = Ordering.compare(key, other, &work) < 0
      let node = heap.allocate(Shape.collision, size: 2 * Shape.step)
      put(node, isFirst ? Shape.step : 0, other, otherValue)
      write(node, isFirst ? 0 : Shape.step)
      return TrieNode(node)
    }
    let bit = TrieNode<Shape>.bit(hash, depth)
    let otherBit = TrieNode<Shape>.bit(otherHash, depth)
    if bit == otherBit {
      let child = pair(other, otherValue, otherHash, depth + 1)
      let node = TrieNode<Shape>.make(heap, data: 0, nodes: bit)
      node.object[1] = child.object.word
      return node
    }
    let node = TrieNode<Shape>.make(heap, data: bit | otherBit, nodes: 0)
    put(node.object, bit < otherBit ? 1 + Shape.step : 1, other, otherValue)
    write(node.object, bit < otherBit ? 1 : 1 + Shape.step)
    return node
  }

  private mutating func insertCollision(_ node: TrieNode<Shape>) -> TrieNode<Shape> {
    let (index, isFound) = Entries<CollisionShape<Shape>>.place(node.object, key, &work)
    if isFound { return setValue(node, index) }
    isNew = true
    let size = node.object.size
    work.done += size
    let new = heap.allocate(Shape.collision, size: size + Shape.step)
    new.copy(index, from: node.object, at: 0, to: 0)
    write(new, index)
    new.copy(size - index, from: node.object, at: index, to: index + Shape.step)
    return TrieNode(new)
  }

  private func write(_ object: HeapObject, _ index: Int) { put(object, index, key, value) }

  private func put(_ object: HeapObject, _ index: Int, _ key: Word, _ value: Word) {
    object[index] = key
    if Shape.step == 2 { object[index + 1] = value }
  }
}
