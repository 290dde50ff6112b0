import Memory
import Words

extension Show {
  /// A value as `show` would give it, as a Swift string: for panics and reports.
  static func text(_ word: Word) -> String {
    let heap = Heap.standalone()
    defer { heap.discard() }
    var work = 0
    return StringView(show(heap, word, &work)).string
  }

  /// Registers joined as `string` would join them: a string of the process's heap.
  static func joined(_ process: Process, count: Int, element: (Int) -> Word) -> Word {
    var work = 0
    defer { process.charge(work >> 5) }
    return string(process.heap, count: count, &work, element: element)
  }
}
