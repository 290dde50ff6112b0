import Memory
import Words

extension Show {
  /// Registers joined as `string` would join them: a string of the process's heap.
  static func joined(_ process: Process, count: Int, element: (Int) -> Word) -> Word {
    var work = 0
    defer { process.charge(work >> 5) }
    return string(process.heap, count: count, &work, element: element)
  }
}
