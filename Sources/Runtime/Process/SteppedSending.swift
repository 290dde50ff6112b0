import Memory
import Words

/// Values that natives send (requests, replies, functions to spawn), however large: in steps. Mostly
/// they are promoted (`Sharing.settled`), and what is not promoted is small; but `--share-above` may say otherwise.
///
/// D1  While a copy is under way (`Sharing.isCopying`), nobody but the copier reads the value: its headers are forwards. The native is
///     called again with the same arguments, and looks at none of them before it comes here.
extension Sending {
  /// Words that are copied in one go, whatever is promoted.
  private static let wordsAtOnce = 4096

  /// Whether copying a value takes steps, or is under way.
  static func takesSteps(_ process: Process, _ value: Word) -> Bool {
    if Sharing.isCopying(process) { return true }
    return Sharing.above.load(ordering: .relaxed) > wordsAtOnce
      && MessageCopy.measure(value, upTo: wordsAtOnce) > wordsAtOnce
  }

  /// A cell with the value that `make` gives. Nil: the process has asked to go on in its next slice with the same
  /// instruction, or to end.
  /// - Parameter make: makes the value when it begins; nil: it has asked for something
  static func cell(
    _ process: Process, _ kind: Signal, to: Word, _ make: () -> Word?
  ) -> MessageCell? {
    if !Sharing.isCopying(process) {
      guard let value = make() else { return nil }
      if !takesSteps(process, value) {
        let cell = makeCell(value, kind, to: to, pool: process.pool)
        process.charge(
          cell.link == 0 ? cell.payloadWords : chunkReductions + cell.chunkWords / wordsPerReduction)
        return cell
      }
      if unsafe process.scheduler.pointee.refuses(1 << 16) {
        _ = process.panic("out of memory")
        return nil
      }
      _ = begin(process, LargeCopy(value, of: process.heap))
    }
    guard let box = process.extra.copy else { return nil }
    guard goOn(process, box) == .done else {
      _ = process.ask(.again)
      return nil
    }
    return finish(process, box, kind, to: to)
  }

  /// Ends the process with what it leaves (`Sharing.left`). The answer of the native.
  @inline(__always) static func leave(_ process: Process, _ request: ProcessRequest, _ value: Word) -> Word {
    guard let value = Sharing.left(process, value) else { return .request }
    return process.ask(request, value)
  }
}
