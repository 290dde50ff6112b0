import Memory
import Words

/// The tuples `(:ok, value)` and `(:err, reason)`.
enum Results {
  private static let okKeyword = Keywords.intern("ok")
  private static let errorKeyword = Keywords.intern("err")

  static func ok(_ call: NativeCall, _ value: Word) -> Word { Tuples.make(call.heap, okKeyword, value) }

  static func error(_ call: NativeCall, _ message: String) -> Word {
    Tuples.make(call.heap, errorKeyword, call.heap.makeString(message).word)
  }
}
