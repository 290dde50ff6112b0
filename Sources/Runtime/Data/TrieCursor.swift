import Memory
import Words

/// A walk over the entries of a trie: those of a node first, then its children's. The order depends on the hashes of the
/// keys alone, so equal contents are met in the same order.
struct TrieCursor<Shape: EntryShape> {
  /// A node whose children are being walked, and the index of the next one.
  private struct Level {
    var node: Word
    var next: Int
  }
  private var levels: InlineArray<13, Level>
  private var depth = 0
  /// The node whose entries are being walked.
  private var node: TrieNode<Shape>
  private var index: Int
  private var end: Int

  init(_ trie: HeapObject) {
    node = TrieNode(trie[1])
    levels = InlineArray(repeating: Level(node: trie[1], next: 0))
    let entries = node.entries
    index = entries.lowerBound - Shape.step
    end = entries.upperBound
    levels[0].next = node.firstChild
  }

  /// Goes to the next entry, the first one included; false: there is none.
  @inline(__always) mutating func moveOn() -> Bool {
    index &+= Shape.step
    return index < end || descend()
  }

  @inline(__always) var key: Word { node.object[index] }
  /// The value (of a set: the member).
  @inline(__always) var value: Word { node.object[index &+ Shape.step &- 1] }

  /// Goes to the next node that has entries of its own.
  private mutating func descend() -> Bool {
    repeat {
      while levels[depth].next >= HeapObject(levels[depth].node).size {
        if depth == 0 {
          index = end
          return false
        }
        depth -= 1
      }
      node = TrieNode(HeapObject(levels[depth].node)[levels[depth].next])
      levels[depth].next += 1
      depth += 1
      levels[depth] = Level(node: node.object.word, next: node.firstChild)
      index = node.entries.lowerBound
      end = node.entries.upperBound
    } while index == end
    return true
  }
}
