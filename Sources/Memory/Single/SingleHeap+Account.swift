import Words

/// What a process is charged for in the single heap, where nothing says to whom an object belongs: what it has allocated
/// since it was last looked at what it reaches (`chunkWords`), and what it reached then (`liveWords`). An object that
/// several processes reach is charged to each of them.
extension Heap {
  /// Whether this is a process's part of the single heap.
  @inlinable public var isSingle: Bool { unsafe state.pointee.tag == SingleHeap.tag }

  @inline(never) func allocateSingle(_ bytes: UInt, _ kind: ObjectKind) -> UInt {
    let before = unsafe state.pointee.chunkWords
    let after = before + Int(bytes / 8)
    unsafe state.pointee.chunkWords = after
    if before / SingleHeap.interval != after / SingleHeap.interval || after > allowance {
      requestCollection()
    }
    let address = SingleHeap.allocate(bytes: bytes, kind: kind)
    if address != 0 { return address }
    // Much may be garbage: a collection comes first, then it is seen whether this process has to end.
    if SingleHeap.refusalIsFinal() {
      unsafe state.pointee.isExhausted = true
    } else {
      unsafe state.pointee.isCrowded = true
    }
    requestCollection()
    return SingleHeap.allocateBeyondCeiling(bytes: bytes, kind: kind)
  }

  /// What is to be done about a refused allocation.
  public enum Refusal {
    case none
    /// The heap is to be collected, then this is to be asked again.
    case collectFirst
    /// The heap has been collected, and there still is no room.
    case final
  }

  /// Whether an allocation of this process was refused.
  public func refusal() -> Refusal {
    guard unsafe state.pointee.isCrowded else { return .none }
    guard SingleHeap.isCollectedSinceRefusal else { return .collectFirst }
    unsafe state.pointee.isCrowded = false
    return SingleHeap.hasRoom || !SingleHeap.refusalIsFinal() ? .none : .final
  }

  /// Words that may be allocated until the next look. Near the limit it is an eighth of it, lest a process spend its time
  /// with looking: so it may go that far beyond.
  private var allowance: Int {
    unsafe max(state.pointee.limitWords - state.pointee.liveWords, state.pointee.limitWords / 8)
  }

  /// Whether so many words more would stay within the limit, looking at what is reached if need be.
  func hasSingleRoom(words: Int) -> Bool {
    let limit = unsafe state.pointee.limitWords
    if words < 0 || words > limit { return false }
    if unsafe state.pointee.chunkWords + words <= allowance { return true }
    recount()
    return unsafe state.pointee.liveWords + words <= limit
  }

  /// Looks at what the process reaches if it may have passed its limit. False: it has.
  public func isWithinSingleLimit() -> Bool {
    if unsafe state.pointee.chunkWords <= allowance { return true }
    recount()
    return unsafe state.pointee.liveWords <= state.pointee.limitWords
  }

  /// Counts what the stack reaches, up to a little more than the limit.
  ///
  /// The whole block is looked at, with what returned frames left in it: since Boehm does so too, all of that is alive.
  private func recount() {
    let limit = unsafe state.pointee.limitWords
    var count = ReachCount(limit: limit)
    let words = unsafe Int(state.pointee.end - state.pointee.base) / 8
    if let stack = unsafe UnsafePointer<UInt64>(bitPattern: state.pointee.base) {
      for i in 0..<words { count.visit(Word(bits: unsafe stack[i])) }
    }
    unsafe state.pointee.liveWords = count.words()
    unsafe state.pointee.chunkWords = 0
  }
}

/// How many words of the single heap can be reached from some values.
struct ReachCount {
  private let limit: Int
  private var seen: Set<UInt64> = []
  private var unscanned: [Word] = []
  private var found = 0

  init(limit: Int) { self.limit = limit }

  mutating func visit(_ word: Word) {
    guard word.isRegionPointer, found <= limit, seen.insert(word.bits).inserted else { return }
    found += HeapObject(word).size + 1
    unscanned.append(word)
  }

  /// The count, or something beyond the limit.
  mutating func words() -> Int {
    while found <= limit, let word = unscanned.popLast() {
      let object = HeapObject(word)
      for i in object.members { visit(object[i]) }
    }
    return found
  }
}
