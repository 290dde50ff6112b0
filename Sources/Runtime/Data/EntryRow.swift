import Memory
import Words

/// Entries that are to become a dict or a set all at once: of equal keys the later one wins.
///
/// Inserting them one by one would make a path of nodes for each; here a trie is built from its leaves upwards, each
/// node once, so that making a large set leaves no garbage in the heap.
struct EntryRow<Shape: EntryShape> {
  struct Entry {
    var key: Word
    var value: Word
    var hash: UInt64
  }

  private var entries: [Entry] = []
  /// Where `partition` puts entries meanwhile.
  private var scratch: [Entry] = []
  /// Entries of the trie that is being built.
  private var count = 0

  init(capacity: Int) { entries.reserveCapacity(capacity) }

  mutating func append(_ key: Word, _ value: Word, _ work: inout Work) {
    let key = Entries<Shape>.canonical(key)
    entries.append(Entry(key: key, value: value, hash: Hashing.hash(key, &work)))
  }

  /// Appends all entries of a dict or set.
  mutating func append(_ collection: Word, _ work: inout Work) {
    var cursor = EntryCursor<Shape>(collection)
    while cursor.moveOn() { append(cursor.key, cursor.value, &work) }
  }

  /// The dict or set. The row must not be used afterwards.
  mutating func finish(_ heap: Heap, _ work: inout Work) -> Word {
    guard !entries.isEmpty else { return Shape.empty }
    work.done += entries.count
    if entries.count <= Shape.limit {
      return Entries<Shape>.make(
        heap, count: entries.count, &work, key: { entries[$0].key }, value: { entries[$0].value }
      ).word
    }
    scratch = entries
    let root = node(heap, 0..<entries.count, 0, &work)
    let trie = Trie<Shape>.make(heap, count: count, root: root)
    guard count <= Shape.limit else { return trie.word }
    return Trie<Shape>.sorted(heap, trie, as: Shape.small, &work).word
  }

  // MARK: Building

  /// A slot's content: an entry, or a child in `key`.
  private struct Slot {
    var key: Word
    var value: Word
    var isChild: Bool
  }

  /// The node of the entries of a range, whose hashes are the same up to `depth`. A root may hold one entry or none.
  private mutating func node(
    _ heap: Heap, _ range: Range<Int>, _ depth: Int, _ work: inout Work
  ) -> TrieNode<Shape> {
    let ends = partition(range, depth)
    var slots = InlineArray<32, Slot>(repeating: Slot(key: .nil, value: .nil, isChild: false))
    var (data, nodes): (UInt32, UInt32) = (0, 0)
    var start = range.lowerBound
    for i in 0..<32 where ends[i] > start {
      let slot = self.slot(heap, start..<ends[i], depth + 1, &work)
      if slot.isChild { nodes |= 1 << UInt32(i) } else { data |= 1 << UInt32(i) }
      slots[i] = slot
      start = ends[i]
    }
    let node = TrieNode<Shape>.make(heap, data: data, nodes: nodes)
    for i in 0..<32 {
      let bit: UInt32 = 1 << UInt32(i)
      if data & bit != 0 {
        let index = node.entryIndex(bit)
        node.object[index] = slots[i].key
        if Shape.step == 2 { node.object[index + 1] = slots[i].value }
      } else if nodes & bit != 0 {
        node.object[node.childIndex(bit)] = slots[i].key
      }
    }
    return node
  }

  private mutating func slot(
    _ heap: Heap, _ range: Range<Int>, _ depth: Int, _ work: inout Work
  ) -> Slot {
    if range.count > 1 && !hasEqualHashes(range) {
      return Slot(key: node(heap, range, depth, &work).object.word, value: .nil, isChild: true)
    }
    return range.count == 1 ? single(range.lowerBound) : collision(heap, range, depth, &work)
  }

  private mutating func single(_ index: Int) -> Slot {
    count += 1
    return Slot(key: entries[index].key, value: entries[index].value, isChild: false)
  }

  private func hasEqualHashes(_ range: Range<Int>) -> Bool {
    let hash = entries[range.lowerBound].hash >> 4
    for i in range where entries[i].hash >> 4 != hash { return false }
    return true
  }

  /// Entries with the same hash: one, if their keys are equal, else a collision object below a path of single children.
  private mutating func collision(
    _ heap: Heap, _ range: Range<Int>, _ depth: Int, _ work: inout Work
  ) -> Slot {
    let object = Entries<CollisionShape<Shape>>.make(
      heap, count: range.count, &work, key: { entries[range.lowerBound + $0].key },
      value: { entries[range.lowerBound + $0].value })
    count += object.size / Shape.step
    if object.size == Shape.step {
      return Slot(key: object[0], value: object[Shape.step - 1], isChild: false)
    }
    var child = object.word
    var level = TrieNode<Shape>.maxDepth - 1
    while level >= depth {
      let bit = TrieNode<Shape>.bit(entries[range.lowerBound].hash, level)
      let parent = TrieNode<Shape>.make(heap, data: 0, nodes: bit)
      parent.object[1] = child
      child = parent.object.word
      level -= 1
    }
    return Slot(key: child, value: .nil, isChild: true)
  }

  /// Puts the entries of a range in the order of their slots, those of one slot as they were; gives each slot's end.
  private mutating func partition(_ range: Range<Int>, _ depth: Int) -> InlineArray<32, Int> {
    var next = InlineArray<32, Int>(repeating: 0)
    for i in range { next[slotIndex(entries[i], depth)] += 1 }
    var start = range.lowerBound
    for slot in 0..<32 {
      let size = next[slot]
      next[slot] = start
      start += size
    }
    for i in range {
      let slot = slotIndex(entries[i], depth)
      scratch[next[slot]] = entries[i]
      next[slot] += 1
    }
    for i in range { entries[i] = scratch[i] }
    return next
  }

  @inline(__always) private func slotIndex(_ entry: Entry, _ depth: Int) -> Int {
    Int(truncatingIfNeeded: entry.hash &>> UInt64(59 &- 5 &* depth) & 31)
  }
}

/// A collision object seen as a small form, which it is laid out like.
enum CollisionShape<Shape: EntryShape>: EntryShape {
  @inline(__always) static var step: Int { Shape.step }
  @inline(__always) static var base: Int { 0 }
  @inline(__always) static var limit: Int { Int.max }
  @inline(__always) static var small: ObjectKind { Shape.collision }
  @inline(__always) static var large: ObjectKind { Shape.collision }
  @inline(__always) static var node: ObjectKind { Shape.collision }
  @inline(__always) static var collision: ObjectKind { Shape.collision }
  @inline(__always) static var empty: Word { .absent }
}
