import Memory
import Words

/// The trie of a list while an operation makes another of it: the indexes before the tail.
/// Nodes are never changed; each step makes new ones along one path.
struct Row {
  var root: Word
  var shift: Int
  /// The index of the list's first member.
  var offset: Int
  /// The indexes `[0, tailStart)` are the trie's.
  var tailStart: Int

  init(_ view: ListView) {
    root = view.root
    shift = view.shift
    offset = view.offset
    tailStart = view.tailStart
  }

  /// The row of an empty list.
  init() {
    root = .absent
    shift = 0
    offset = 0
    tailStart = 0
  }

  /// The indexes that the trie has room for.
  private var capacity: Int { root == .absent ? 0 : 1 << (shift + ListView.bits) }

  /// Takes a full leaf in behind the last: the tail begins behind it.
  mutating func push(_ heap: Heap, leaf: HeapObject) {
    if tailStart == capacity { makeRoomBehind(heap) }
    root = Row.path(heap, root, shift, tailStart, leaf.word, isLast: true)
    tailStart += ListView.width
  }

  /// Puts a leaf in place of the one that holds an index.
  mutating func replace(_ heap: Heap, leaf: HeapObject, at index: Int) {
    root = Row.path(heap, root, shift, index, leaf.word, isLast: false)
  }

  /// A copy of the node with another leaf at an index. `isLast`: what is behind it is stale and left out.
  private static func path(
    _ heap: Heap, _ node: Word, _ level: Int, _ index: Int, _ leaf: Word, isLast: Bool
  ) -> Word {
    guard level > 0 else { return leaf }
    let slot = index >> level & 31
    let oldSize = node == .absent ? 0 : HeapObject(node).size
    let size = isLast ? slot + 1 : max(slot + 1, oldSize)
    let kept = min(oldSize, size)
    let copy = heap.allocate(.listBranch, size: size)
    if kept > 0 { copy.copy(kept, from: HeapObject(node), at: 0, to: 0) }
    for i in kept..<size { copy[i] = .absent }
    let child = slot < oldSize ? copy[slot] : .absent
    copy[slot] = path(heap, child, level - ListView.bits, index, leaf, isLast: isLast)
    return copy.word
  }

  /// A copy of the leaf of an index before the offset; its members before the offset are nil.
  func writableLeaf(_ heap: Heap, of index: Int) -> HeapObject {
    let leaf = heap.allocate(.listLeaf, size: ListView.width)
    if index & 31 == 31 {
      for i in 0..<ListView.width { leaf[i] = .nil }
      return leaf
    }
    var node = HeapObject(root)
    var level = shift
    while level > 0 {
      node = HeapObject(node[index >> level & 31])
      level -= ListView.bits
    }
    leaf.copy(ListView.width, from: node, at: 0, to: 0)
    return leaf
  }

  /// The trie is full: lets go of children that lie before the window, else adds a level.
  private mutating func makeRoomBehind(_ heap: Heap) {
    guard root != .absent else {
      shift = ListView.bits
      return
    }
    let old = HeapObject(root)
    let dead = offset >> shift
    if dead > 0 {
      let new = heap.allocate(.listBranch, size: old.size - dead)
      new.copy(old.size - dead, from: old, at: dead, to: 0)
      root = new.word
      offset -= dead << shift
      tailStart -= dead << shift
    } else {
      let new = heap.allocate(.listBranch, size: 1)
      new[0] = root
      root = new.word
      shift += ListView.bits
    }
  }

  /// There is no index before the offset: moves the root's children up, or adds a level whose second child is the
  /// root. Half of what is free goes to the front, so that growth at both ends does not push back and forth.
  mutating func makeRoomInFront(_ heap: Heap) {
    guard root != .absent else {
      // L3: the row is a full tail, which begins at the second leaf now.
      shift = ListView.bits
      offset += ListView.width
      tailStart += ListView.width
      return
    }
    let used = (tailStart + (1 << shift) - 1) >> shift
    let added = used < ListView.width ? max(1, (ListView.width - used) / 2) : 1
    let isFull = used == ListView.width
    let children = isFull ? 1 : used
    let new = heap.allocate(.listBranch, size: added + children)
    for i in 0..<added { new[i] = .absent }
    if isFull {
      new[1] = root
      shift += ListView.bits
    } else {
      new.copy(children, from: HeapObject(root), at: 0, to: added)
    }
    root = new.word
    offset += added << shift
    tailStart += added << shift
  }
}
