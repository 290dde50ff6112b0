import Memory
import Words

/// A window on a list object that is not empty (the empty list is `Word.emptyList`).
///
///     raw 0: count << 32 | offset      word 1: root or `absent`      word 2: tail (a leaf)      auxiliary: shift
///
/// A list is the window `[offset, end)` of a row of indexes. Indexes from `tailStart` on are in the tail, those
/// before it in a 32-way trie: a branch at level `shift` has for index i the child `(i >> shift) & 31`; level 0 is
/// a leaf. What lies outside the window (slots before the offset, members behind the end, stale children) is never
/// read as a member.
///
/// L1  count > 0, and 0 ≤ offset < end.
/// L2  The tail is the leaf of index `end - 1`; it has at least `end - tailStart` members.
/// L3  Without a root, `tailStart` is 0: the list is one leaf. With one, offset < tailStart.
/// L4  Every leaf of the trie that the window touches has 32 members.
/// L5  A tail may have more room than members. Slots that no list has taken are `absent`, and all behind them; a list whose end is
///     there may put its next member into the slot (`Heap.mayFill`), if that is no pointer, and nobody else can have it then.
struct ListView {
  let object: HeapObject

  @inline(__always) init(_ word: Word) {
    object = HeapObject(word)
    assert(object.kind == .list)
  }

  /// Members of a full leaf, children of a full branch.
  @inline(__always) static var width: Int { 32 }
  /// The bits of an index that one level uses.
  @inline(__always) static var bits: Int { 5 }

  @inline(__always) var count: Int { Int(object.raw(0) >> 32) }
  @inline(__always) var offset: Int { Int(object.raw(0) & 0xFFFF_FFFF) }
  @inline(__always) var end: Int { offset &+ count }
  @inline(__always) var tailStart: Int { (end &- 1) & ~31 }
  @inline(__always) var root: Word { object[1] }
  @inline(__always) var tail: HeapObject { HeapObject(object[2]) }
  @inline(__always) var shift: Int { object.header.auxiliary }

  /// The leaf that holds an index of the row.
  @inline(__always) func leaf(of index: Int) -> HeapObject {
    index >= tailStart ? tail : leafInTrie(of: index)
  }

  func leafInTrie(of index: Int) -> HeapObject {
    var node = HeapObject(root)
    var level = shift
    while level > 0 {
      node = HeapObject(node[index >> level & 31])
      level &-= ListView.bits
    }
    return node
  }
}
