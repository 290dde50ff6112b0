import Memory
import Words

/// The tuples `(:ok, value)` and `(:err, reason)`.
enum Results {
  private static let okKeyword = Keywords.intern("ok")
  private static let errorKeyword = Keywords.intern("err")

  static func ok(_ heap: Heap, _ value: Word) -> Word { Tuples.make(heap, okKeyword, value) }

  static func error(_ heap: Heap, _ message: String) -> Word {
    Tuples.make(heap, errorKeyword, heap.makeString(message).word)
  }
}
