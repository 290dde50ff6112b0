import Memory
import Words

extension Collection {
  /// The first invariant that does not hold (for tests and heap checks), or nil.
  static func brokenInvariant(_ word: Word) -> String? {
    guard word.isPointer else { return word == Shape.empty ? nil : "not a collection" }
    let object = HeapObject(word)
    if object.header.has(Shape.small) {
      let count = Entries<Shape>.count(object)
      guard count > 0, count <= Shape.limit else { return "a small form of \(count)" }
      return brokenOrder(object)
    }
    guard object.header.has(Shape.large) else { return "not a collection" }
    guard Trie<Shape>.count(object) > Shape.limit else { return "a large form of \(count(word))" }
    var entries = 0
    if let broken = brokenNode(TrieNode(object[1]), 0, 0, &entries) { return broken }
    return entries == Trie<Shape>.count(object) ? nil : "\(entries) entries, counted as \(count(word))"
  }

  private static func brokenOrder(_ object: HeapObject) -> String? {
    var work = Work()
    for i in stride(from: Shape.base, to: object.size, by: Shape.step) {
      if object[i] == Word(-0.0) { return "E2: a key -0" }
      guard i > Shape.base else { continue }
      let (x, y) = (object[i - Shape.step], object[i])
      if Ordering.compare(x, y, &work) > 0 { return "E1: keys out of order" }
      if Equality.equal(x, y, &work) { return "E1: equal keys" }
    }
    return nil
  }

  private static func brokenNode(
    _ node: TrieNode<Shape>, _ depth: Int, _ prefix: UInt64, _ entries: inout Int
  ) -> String? {
    entries += node.entries.count / Shape.step
    if depth > 0 && node.isSingle { return "T2: a child of one entry" }
    if node.isCollision {
      return depth == TrieNode<Shape>.maxDepth ? brokenOrder(node.object) : "a collision at depth \(depth)"
    }
    guard node.data & node.nodes == 0 else { return "T1: a slot in both bitmaps" }
    guard node.object.size == node.firstChild + node.nodes.nonzeroBitCount else { return "size" }
    for slot in 0..<32 {
      let bit: UInt32 = 1 << UInt32(slot)
      let path = prefix << 5 | UInt64(slot)
      if node.data & bit != 0 {
        var work = Work()
        let hash = Hashing.hash(node.object[node.entryIndex(bit)], &work)
        if hash >> UInt64(59 - 5 * depth) != path { return "an entry in a wrong slot" }
      }
      if node.nodes & bit != 0 {
        let child = TrieNode<Shape>(node.object[node.childIndex(bit)])
        if let broken = brokenNode(child, depth + 1, path, &entries) { return broken }
      }
    }
    return nil
  }
}
