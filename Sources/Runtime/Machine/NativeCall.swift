import Memory
import Words

/// A native's view of its call: arguments, the heap for its result, and what it may ask of the process.
///
/// A native returns its result, or `Word.request` (from `panic` and its like). It never calls bytecode and never
/// collects, so whatever word it holds stays true until it returns.
@safe struct NativeCall {
  let process: Process
  private let arguments: UnsafeMutablePointer<UInt64>
  let count: Int

  @inline(__always) init(_ process: Process, unsafe arguments: UnsafeMutablePointer<UInt64>, count: Int) {
    self.process = process
    unsafe self.arguments = arguments
    self.count = count
  }

  /// Argument `i`, from 0.
  @inline(__always) subscript(i: Int) -> Word {
    assert(i < count)
    return unsafe Word(bits: arguments[i])
  }

  @inline(__always) var heap: Heap { process.heap }

  /// Charges reductions for work: one for about as much as a call costs.
  func charge(_ reductions: Int) { process.charge(reductions) }

  /// Ends the process with this message; return what it gives.
  func panic(_ message: String) -> Word { process.panic(message) }
}
