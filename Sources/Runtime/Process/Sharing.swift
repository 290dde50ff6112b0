import Memory
import Synchronization
import Words

/// When values go into the shared region: what is large is promoted once, and from then on passed as a pointer.
enum Sharing {
  /// Words that a message must have for being promoted; `Int.max`: none is.
  static let above = Atomic<Int>(4096)

  /// What processes leave (results, reasons, messages of panics) and the values of toplevel names are promoted from so many words on
  /// at the latest, whatever `above` says: they are no messages, nobody's heap holds them, and whoever asks for them later, copies
  /// or frees them has no steps to do it in.
  static var aboveLeft: Int { min(above.load(ordering: .relaxed), 4096) }

  /// Whether the process is in the middle of a promotion: its table may name objects whose headers are not right yet.
  static func isUnderWay(_ process: Process) -> Bool {
    unsafe process.block.pointee.extra?.takeUnretainedValue().work != nil
  }

  /// Whether the process is in the middle of copying a message.
  static func isCopying(_ process: Process) -> Bool {
    unsafe process.block.pointee.extra?.takeUnretainedValue().copy != nil
  }

  /// The value in a form that can be copied in one go: itself if it is small, its region object if it is large. Nil: the
  /// process has asked to go on in its next slice with the same instruction, or panics.
  static func settled(_ process: Process, _ value: Word) -> Word? {
    settled(process, value, limit: above.load(ordering: .relaxed))
  }

  /// The same for what outlives the process.
  /// - Parameter atSafepoint: whether a collection may come before the instruction is executed again
  @inline(__always) static func left(_ process: Process, _ value: Word, atSafepoint: Bool = true) -> Word? {
    guard value.isPrivatePointer else { return value }
    return settled(process, value, limit: aboveLeft, atSafepoint: atSafepoint)
  }

  private static func settled(
    _ process: Process, _ value: Word, limit: Int, atSafepoint: Bool = true
  ) -> Word? {
    guard value.isPrivatePointer else { return value }
    if isUnderWay(process) { return promoted(process, value) }
    if let known = process.heap.promoted(value) { return known }
    if limit == Int.max || MessageCopy.measure(value, upTo: limit) <= limit { return value }
    // As a tree it is large, or has records of names: what parts are shared counts once.
    var copy = LargeCopy(value, of: process.heap, limit: limit)
    let isSmall = copy.step(budget: Int.max) == .done
    process.charge(copy.work / Sending.wordsPerReduction)
    return isSmall ? value : promoted(process, value, atSafepoint: atSafepoint)
  }

  /// The region object of a value that is private, promoted now if it was not. Nil: as for `settled`.
  static func promoted(
    _ process: Process, _ value: Word, words: Int? = nil, atSafepoint: Bool = true
  ) -> Word? {
    if !isUnderWay(process) {
      if let known = process.heap.promoted(value) { return known }
      if atSafepoint && process.heap.promotionCount > mostPromotions {
        // The table is large: a collection applies it first.
        process.heap.requestFullCollection()
        _ = process.ask(.again)
        return nil
      }
    }
    let result = process.sliced { PromotionWork(Promotion(value, of: process.heap, words: words)) }
    if process.heap.isExhausted {
      _ = process.panic("out of memory")
      return nil
    }
    return result == .request ? nil : result
  }

  /// Entries of the table of promotions that may be entered anew when it grows.
  private static var mostPromotions: Int { 1 << 13 }

  /// `share (value)`: the same value, in the region.
  static func share(_ process: Process, _ value: Word) -> Word {
    guard value.isPrivatePointer else { return value }
    var words: Int?
    if !isUnderWay(process) {
      // A small value gets a small slab.
      var copy = LargeCopy(value, of: process.heap, limit: 1000)
      if copy.step(budget: Int.max) == .done { words = copy.words }
      process.charge(copy.work / Sending.wordsPerReduction)
    }
    return promoted(process, value, words: words) ?? .request
  }
}

/// A promotion that takes several slices.
final class PromotionWork: SlicedWork {
  private var promotion: Promotion

  init(_ promotion: consuming Promotion) { self.promotion = promotion }

  override func step(_ process: Process, _ work: inout Int) -> Word? {
    let before = promotion.work
    let progress = promotion.step(budget: SlicedWork.stepWork * 4)
    // A word is cheaper than what other natives do for a unit of work.
    work += (promotion.work - before) / 2
    switch progress {
    case .paused: return nil
    case .done: return promotion.value
    case .refused:
      process.heap.markExhausted()
      return .nil
    }
  }
}
