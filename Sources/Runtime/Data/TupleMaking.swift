import Memory
import Words

/// A long list on its way to be a tuple.
final class TupleMaking: SlicedWork {
  private var members: MemberCursor
  private let tuple: HeapObject
  private var made = 0

  /// Nil: the heap has no room.
  init?(_ heap: Heap, _ list: Word) {
    members = MemberCursor(ordered: list)
    guard heap.hasRoom(words: members.remaining + 1) else { return nil }
    tuple = heap.allocate(.tuple, size: members.remaining)
  }

  override var held: [Word] { [tuple.word] }

  override func step(_ process: Process, _ work: inout Int) -> Word? {
    let end = min(tuple.size, made + SlicedWork.stepWork)
    work += end - made
    while made < end {
      tuple[made] = members.next()
      made += 1
    }
    return made == tuple.size ? tuple.word : nil
  }
}

/// A long tuple on its way to be a list.
final class ListMaking: SlicedWork {
  private let tuple: HeapObject
  private var builder: ListBuilder
  private var taken: Int

  /// A list of the members from `start` on. Nil: the heap has no room.
  init?(_ heap: Heap, _ tuple: HeapObject, from start: Int = 0) {
    guard heap.hasRoom(words: (tuple.size - start) * Room.member) else { return nil }
    self.tuple = tuple
    taken = start
    builder = ListBuilder(heap)
  }

  override var held: [Word] { builder.held }

  override func step(_ process: Process, _ work: inout Int) -> Word? {
    let end = min(tuple.size, taken + SlicedWork.stepWork)
    work += end - taken
    while taken < end {
      builder.append(tuple[taken])
      taken += 1
    }
    return taken == tuple.size ? builder.finish() : nil
  }
}
