import Memory
import Words

/// Makes a list member by member.
///
///     var builder = ListBuilder(heap)
///     builder.append(x)
///     let list = builder.finish()
///
/// It must be finished (or dropped) before the next safepoint: it holds words, and a leaf that is half written.
struct ListBuilder {
  private let heap: Heap
  private var row: Row
  private var leaf: HeapObject
  /// Members of `leaf` that have been written.
  private var used = 0

  @inline(__always) init(_ heap: Heap) {
    self.heap = heap
    row = Row()
    leaf = heap.allocate(.listLeaf, size: ListView.width)
  }

  /// Starts with the members of a list.
  init(_ heap: Heap, extending list: Word) {
    self.init(heap)
    guard list != .emptyList else { return }
    let view = ListView(list)
    row = Row(view)
    used = view.end - view.tailStart
    leaf.copy(used, from: view.tail, at: 0, to: 0)
  }

  /// The objects that nothing but the builder refers to.
  var held: [Word] { row.root.isPointer ? [leaf.word, row.root] : [leaf.word] }

  /// Members so far.
  var count: Int { row.tailStart + used - row.offset }

  @inline(__always) mutating func append(_ word: Word) {
    if used == ListView.width { push() }
    leaf[used] = word
    used &+= 1
  }

  private mutating func push() {
    row.push(heap, leaf: leaf)
    leaf = heap.allocate(.listLeaf, size: ListView.width)
    used = 0
  }

  /// The list. The builder must not be used afterwards.
  mutating func finish() -> Word {
    let count = self.count
    if count == 0 {
      fillUp()
      return .emptyList
    }
    var tail = leaf
    if used < ListView.width {
      tail = heap.allocate(.listLeaf, size: used)
      tail.copy(used, from: leaf, at: 0, to: 0)
      fillUp()
    }
    return Lists.make(
      heap, offset: row.offset, count: count, root: row.root, shift: row.shift, tail: tail.word)
  }

  /// Writes the rest of a leaf that is not used: every word of an object is a value at a safepoint.
  private func fillUp() {
    for i in used..<ListView.width { leaf[i] = .nil }
  }
}
