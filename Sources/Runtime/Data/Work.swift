import Memory
import Words

/// What an operation on values has done and may do at once.
///
/// Most operations look at few members. What would look at too many, because it compares or hashes large values, gets
/// *stuck*: all comparisons that are still to come give any answer at once, and the operation's result is not to be
/// used. What was found out until then lies in the process (`KnownComparisons`), which executes the same instruction
/// again in its next slice. Then the comparisons that are known cost a look, the one that was broken off goes on where
/// it was, and sooner or later the operation gets through.
///
/// So an operation that takes a `Work` has no effects but new objects, and ends whatever comparisons answer.
struct Work {
  /// Members looked at, some 2 to 8 ns each.
  var done = 0
  /// When so many are done, it is stuck.
  private(set) var limit = Int.max
  /// Whose operation it is; nil: one that runs to its end, however long.
  private let process: Process?
  /// It has met comparisons of an earlier attempt, or is stuck.
  fileprivate(set) var isSpecial = false
  /// It has been broken off: whatever it gives is dropped, so it may end at once.
  fileprivate(set) var isStuck = false

  /// Some 50 to 130 µs.
  static var atOnce: Int { 1 << 14 }
  /// What every attempt may add to a comparison, however much it has done before: so each one comes further.
  static var least: Int { 64 }
  /// From here on an answer is remembered, once there is an earlier attempt.
  fileprivate static var memorable: Int { 32 }

  /// One that runs to its end, however long, unless there is a limit.
  init(limit: Int = Int.max) {
    process = nil
    self.limit = limit
  }

  /// An operation of a process, which looks at its result with `settle`.
  @inline(__always) init(_ process: Process) {
    self.process = process
    // In the single heap what an attempt in vain makes stays where it is: it is not made again with the same addresses.
    limit = process.heap.isSingle ? Int.max : Work.atOnce
  }

  /// Where a comparison that begins or goes on now must stop.
  @inline(__always) var end: Int { max(limit, done &+ Work.least) }

  /// What earlier attempts found out.
  @inline(__always) fileprivate var known: KnownComparisons? {
    guard let work = process?.work else { return nil }
    return work as? KnownComparisons
  }

  fileprivate mutating func getStuck() -> KnownComparisons? {
    isStuck = true
    isSpecial = true
    guard let process else { return nil }
    if let known { return known }
    let known = KnownComparisons(process.heap.mark())
    process.work = known
    return known
  }
}

extension Process {
  /// Ends an attempt: its result, or `request` if it was stuck and will be made again.
  @inline(__always) func settle(_ work: Work, _ result: Word) -> Word {
    work.isSpecial ? settleSpecial(work, result) : result
  }

  @inline(never) private func settleSpecial(_ work: Work, _ result: Word) -> Word {
    guard work.isStuck else {
      self.work = nil
      return result
    }
    if let known = self.work as? KnownComparisons { heap.rewind(to: known.mark) }
    extra.largestStep = max(extra.largestStep, work.done)
    return ask(.again)
  }
}

/// What the attempts at an operation have found out about the values that they compare. It names them by their
/// addresses: nothing is collected while it is there.
final class KnownComparisons: SlicedWork {
  enum Question: Hashable {
    case equality(ObjectPair)
    case order(ObjectPair)
    case hash(UInt64)
  }

  /// The heap before the second attempt: what attempts in vain made is dropped.
  fileprivate let mark: HeapMark
  fileprivate var answers: [Question: Int] = [:]
  fileprivate var equalityWalks: [ObjectPair: EqualityWalk] = [:]
  fileprivate var orderWalks: [ObjectPair: OrderWalk] = [:]

  fileprivate init(_ mark: HeapMark) { self.mark = mark }

  override var held: [Word] { orderWalks.values.flatMap { $0.held } }
}

// MARK: Comparisons that may be broken off

extension Work {
  /// Whether two objects are equal; any answer if it is stuck.
  mutating func equal(_ x: HeapObject, _ y: HeapObject) -> Bool {
    if isStuck { return false }
    if let known { return equal(known, x, y) }
    var walk = EqualityWalk()
    if let answer = walk.run(x, y, &self) { return answer }
    getStuck()?.equalityWalks[ObjectPair(x, y)] = walk
    return false
  }

  private mutating func equal(_ known: KnownComparisons, _ x: HeapObject, _ y: HeapObject) -> Bool {
    isSpecial = true
    let pair = ObjectPair(x, y)
    if let answer = known.answers[.equality(pair)] { return answer != 0 }
    let before = done
    let old = known.equalityWalks.removeValue(forKey: pair)
    var walk = old ?? EqualityWalk()
    guard let answer = old == nil ? walk.run(x, y, &self) : walk.resume(&self) else {
      known.equalityWalks[pair] = walk
      isStuck = true
      return false
    }
    if old != nil || done - before >= Work.memorable { known.answers[.equality(pair)] = answer ? 1 : 0 }
    return answer
  }

  /// The order of two objects that are no atoms, or large strings; 0 if it is stuck.
  mutating func compare(_ x: HeapObject, _ y: HeapObject) -> Int {
    if isStuck { return 0 }
    let pair = ObjectPair(x, y)
    let known = self.known
    if let known {
      isSpecial = true
      if let answer = known.answers[.order(pair)] { return answer }
    }
    let before = done
    let old = known?.orderWalks.removeValue(forKey: pair)
    var walk = old ?? OrderWalk()
    guard let answer = old == nil ? walk.run(x, y, &self) : walk.resume(&self) else {
      getStuck()?.orderWalks[pair] = walk
      return 0
    }
    if let known, old != nil || done - before >= Work.memorable { known.answers[.order(pair)] = answer }
    return answer
  }

  /// A hash, which is bounded work; but many of them may be too much.
  @inline(__always) mutating func hash(_ word: Word, _ body: (inout Work) -> UInt64) -> UInt64 {
    if isStuck { return 0 }
    let known = self.known
    if let known {
      isSpecial = true
      if let answer = known.answers[.hash(word.bits)] { return UInt64(bitPattern: Int64(answer)) }
    }
    let before = done
    let answer = body(&self)
    let isTooMuch = done >= limit
    if let known = isTooMuch ? getStuck() : known, done - before >= Work.memorable {
      known.answers[.hash(word.bits)] = Int(Int64(bitPattern: answer))
    }
    return answer
  }
}
