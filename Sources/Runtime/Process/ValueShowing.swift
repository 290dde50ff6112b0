import Memory
import Words

/// What `--show` prints: the result of the main process as text. It is written in steps, each part of a turn of that process, which
/// has asked to end and does so when all is written.
final class ValueShowing: SlicedWork {
  private var writer = TextWriter()

  private init(_ value: Word) { writer.show(value) }

  /// Goes on with the text of a value for the rest of the slice. The finished text in pieces; nil: there is more to do, and the
  /// process asks for its end again in its next slice.
  static func goOn(_ process: Process, _ value: Word) -> [[UInt8]]? {
    let extra = process.extra
    let showing = extra.work as? ValueShowing ?? ValueShowing(value)
    extra.work = nil
    // In the single heap it runs to its end, as `Process.sliced` does.
    let budget = process.heap.isSingle ? Int.max : SlicedWork.stepWork
    repeat {
      var work = 0
      let isDone = showing.writer.run(budget, &work)
      extra.largestStep = max(extra.largestStep, work)
      process.charge(max(work >> 3, 1))
      if isDone { return showing.writer.buffer.pieces }
    } while unsafe process.block.pointee.reductions > 0
    extra.work = showing
    unsafe process.block.pointee.pc = unsafe Boot.requesting
    return nil
  }
}
