import Memory
import Words

/// What a native, or an instruction, has come to that is too long for one slice. It is executed again, with the same
/// arguments, in the next slice, and goes on here.
///
/// W1  No collection happens while `extra.work` is there (`Slice.fulfil`), so words held in it stay true.
/// W2  A step is short, some 30 µs: it ends when its work has reached `stepWork`.
class SlicedWork {
  /// Units of work (`NativeCall.charge(work:)`) after which a step ends. A slice has some eight such steps.
  static var stepWork: Int { 4096 }

  /// Goes on for a short while, and adds what it did to `work`.
  /// - Returns: the result (nil of the language after the heap has refused room), or nil: there is more to do
  func step(_ process: Process, _ work: inout Int) -> Word? {
    fatalError("a kind of sliced work has no step")
  }

  /// The objects that nothing but this work refers to: roots, for a collector that does not know of W1.
  var held: [Word] { [] }
}

extension Process {
  /// Runs work as long as the slice lasts; what is left then waits in the process, and `request` is returned.
  /// Only for what may be long: small arguments are better dealt with at once, without an object.
  /// - Parameter start: makes the work when it begins; nil: the heap has refused room
  @inline(never) func sliced(_ start: () -> SlicedWork?) -> Word {
    let extra = extra
    guard let work = extra.work ?? start() else { return .nil }
    extra.work = nil
    repeat {
      var done = 0
      let result = work.step(self, &done)
      extra.largestStep = max(extra.largestStep, done)
      charge(max(done >> 3, 1))
      if let result { return result }
      if heap.isExhausted { return .nil }
      // In the single heap it runs to its end: what only Swift's memory points at must not wait for the next slice (O2).
    } while unsafe block.pointee.reductions > 0 || heap.isSingle
    extra.work = work
    return ask(.again)
  }
}
