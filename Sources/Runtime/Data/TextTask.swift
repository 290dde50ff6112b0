import Memory
import Words

/// A piece of text work that can stop after any number of steps and go on later (`SlicedWork`). It holds words, so
/// nothing may be collected in between.
protocol TextTask: SendableMetatype {
  /// Goes on until `work` has reached `budget`, or all is done.
  /// - Returns: the result (nil of the language after the heap has refused room), or nil: there is more to do
  mutating func step(_ heap: Heap, _ budget: Int, _ work: inout Int) -> Word?

  /// The objects that nothing but this task refers to.
  var held: [Word] { get }
}

extension TextTask {
  var held: [Word] { [] }
}

extension Text {
  /// Texts of so many bytes are worked on in one go: at most some 100 µs, where each scalar is looked up.
  static var atOnce: Int { 4096 }

  /// Bytes that are copied, or compared, within one turn of a loop that looks at its budget.
  static var block: Int { 1 << 14 }
}

/// A task that has outlived its native's first call.
final class TextWork<Task: TextTask>: SlicedWork {
  private var task: Task
  init(_ task: Task) { self.task = task }

  override func step(_ process: Process, _ work: inout Int) -> Word? {
    task.step(process.heap, SlicedWork.stepWork, &work)
  }

  override var held: [Word] { task.held }
}

extension NativeCall {
  /// The result of a task that is over in a moment if its text is short, and goes on over several slices if not.
  /// - Parameters:
  ///   - bytes: how much text there is to work on
  ///   - task: makes the task; nil: the heap has refused room
  @inline(__always) func run<Task: TextTask>(bytes: Int, _ task: () -> Task?) -> Word {
    if bytes > Text.atOnce { return process.sliced { task().map(TextWork.init) } }
    guard var task = task() else { return .nil }
    var work = 0
    let result = task.step(heap, Int.max, &work)
    charge(work: work)
    return result ?? .nil
  }
}
