import Memory
import Words

/// A node of a CHAMP trie (Steindorfer and Vinju's compressed hash-array mapped prefix trees).
///
///     raw 0: data bitmap << 32 | node bitmap     entries, ascending by slot     children, ascending by slot
///
/// At depth d a hash selects slot `(hash >> (59 - 5d)) & 31`: the top 60 bits count, a slot holds an entry, a child or
/// nothing. At depth 12 all bits are used up: a collision object holds the entries, ascending by key.
///
/// T1  No slot is in both bitmaps.
/// T2  A child holds two entries or more; so equal contents have one form (but for the order of equal hashes' NaNs).
struct TrieNode<Shape: EntryShape> {
  let object: HeapObject

  @inline(__always) init(_ word: Word) { object = HeapObject(word) }
  @inline(__always) init(_ object: HeapObject) { self.object = object }

  @inline(__always) static var maxDepth: Int { 12 }

  @inline(__always) static func bit(_ hash: UInt64, _ depth: Int) -> UInt32 {
    1 &<< UInt32(truncatingIfNeeded: hash &>> UInt64(59 &- 5 &* depth) & 31)
  }

  @inline(__always) var isCollision: Bool { object.header.has(Shape.collision) }
  @inline(__always) var data: UInt32 { UInt32(truncatingIfNeeded: object.raw(0) >> 32) }
  @inline(__always) var nodes: UInt32 { UInt32(truncatingIfNeeded: object.raw(0)) }

  /// Where the entries start and end.
  @inline(__always) var entries: Range<Int> {
    isCollision ? 0..<object.size : 1..<(1 &+ data.nonzeroBitCount &* Shape.step)
  }
  /// Where the children start; they go on to the object's end.
  @inline(__always) var firstChild: Int {
    isCollision ? object.size : 1 &+ data.nonzeroBitCount &* Shape.step
  }

  /// The word index of the entry for a slot, whether or not there is one.
  @inline(__always) func entryIndex(_ bit: UInt32) -> Int {
    1 &+ (data & (bit &- 1)).nonzeroBitCount &* Shape.step
  }
  /// The word index of the child for a slot, whether or not there is one.
  @inline(__always) func childIndex(_ bit: UInt32) -> Int {
    1 &+ data.nonzeroBitCount &* Shape.step &+ (nodes & (bit &- 1)).nonzeroBitCount
  }

  /// Exactly one entry and no child: what its parent takes in (T2).
  var isSingle: Bool {
    isCollision ? object.size == Shape.step : nodes == 0 && data.nonzeroBitCount == 1
  }

  /// A new node with these bitmaps, its words to be written.
  static func make(_ heap: Heap, data: UInt32, nodes: UInt32) -> TrieNode {
    let size = 1 + data.nonzeroBitCount * Shape.step + nodes.nonzeroBitCount
    let object = heap.allocate(Shape.node, size: size)
    object.setRaw(0, UInt64(data) << 32 | UInt64(nodes))
    return TrieNode(object)
  }

  /// A copy with other bitmaps: `dropping` words fewer from word `at` on, and `adding` more, not yet written.
  func spliced(
    _ heap: Heap, data: UInt32, nodes: UInt32, at: Int, dropping: Int, adding: Int
  ) -> TrieNode {
    let new = TrieNode.make(heap, data: data, nodes: nodes)
    new.object.copy(at - 1, from: object, at: 1, to: 1)
    let rest = object.size - at - dropping
    new.object.copy(rest, from: object, at: at + dropping, to: at + adding)
    return new
  }

  /// A copy of the object with another word.
  func replacing(_ heap: Heap, _ index: Int, _ word: Word) -> TrieNode {
    let new = heap.allocate(object.kind, size: object.size)
    new.copy(object.size, from: object, at: 0, to: 0)
    new[index] = word
    return TrieNode(new)
  }
}
