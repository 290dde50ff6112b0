import Memory
import Words

/// The entries of a large set or dict on their way to be put in ascending order of keys, which may be broken off. A merge
/// sort from below, between two tuples that nobody else sees.
class TrieSorting {
  private let scratch = Heap.standalone()
  /// Words of an entry.
  private let step: Int
  private let count: Int
  private var from: HeapObject
  private var to: HeapObject
  /// Entries that have been copied out of the trie.
  private var copied = 0
  /// Runs of so many entries are sorted in `from`; two of them are being merged into `to`.
  private var width = 1
  /// Entries of `to` that are written; the next ones of the two runs.
  private var written = 0
  private var left = 0
  private var right = 1

  fileprivate init(count: Int, step: Int) {
    self.count = count
    self.step = step
    from = scratch.allocate(.tuple, size: count * step)
    to = scratch.allocate(.tuple, size: count * step)
  }

  deinit { scratch.discard() }

  static func make(_ trie: HeapObject) -> TrieSorting {
    trie.kind == .dict ? EntrySorting<DictShape>(trie) : EntrySorting<SetShape>(trie)
  }

  /// The objects that nothing else refers to.
  var held: [Word] { [from.word, to.word] }

  /// Copies the next entry to word `index`.
  fileprivate func copyNext(to object: HeapObject, _ index: Int) {}

  /// A tuple of all entries (key, value, …), ascending, which lives as long as this. Nil: the work is used up.
  func run(_ work: inout Work) -> HeapObject? {
    let end = work.end
    while copied < count {
      if work.done >= end { return nil }
      copyNext(to: from, copied * step)
      copied += 1
      work.done += 1
    }
    while width < count {
      if work.done >= end { return nil }
      guard mergeNext(&work) else { return nil }
      work.done += 1
    }
    return from
  }

  /// Writes one more entry; false: its comparison was broken off.
  private func mergeNext(_ work: inout Work) -> Bool {
    let start = written / (2 * width) * 2 * width
    let middle = min(start + width, count)
    let end = min(start + 2 * width, count)
    var takesLeft = left < middle
    if takesLeft && right < end {
      takesLeft = Ordering.compare(from[right * step], from[left * step], &work) >= 0
      if work.isStuck { return false }
    }
    let source = takesLeft ? left : right
    to.copy(step, from: from, at: source * step, to: written * step)
    if takesLeft { left += 1 } else { right += 1 }
    written += 1
    if written == end { beginRuns(at: end) }
    return true
  }

  private func beginRuns(at start: Int) {
    var start = start
    if start == count {
      swap(&from, &to)
      width *= 2
      written = 0
      start = 0
    }
    left = start
    right = min(start + width, count)
  }
}

private final class EntrySorting<Shape: EntryShape>: TrieSorting {
  private var cursor: TrieCursor<Shape>

  init(_ trie: HeapObject) {
    cursor = TrieCursor(trie)
    super.init(count: Trie<Shape>.count(trie), step: Shape.step)
  }

  override func copyNext(to object: HeapObject, _ index: Int) {
    _ = cursor.moveOn()
    object[index] = cursor.key
    if Shape.step == 2 { object[index + 1] = cursor.value }
  }
}
