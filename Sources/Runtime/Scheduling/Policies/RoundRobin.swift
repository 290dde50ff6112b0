import Glibc
import Synchronization

/// A plain loop over all processes: the reference. After the round robin of the first time-sharing systems (CTSS,
/// Corbató 1962; Kleinrock's analysis, 1964).
///
/// Workers share one hand that goes round the table of processes; whoever is free runs the next runnable one behind it,
/// whether it was woken a moment or long ago. So between two turns of a process every other runnable one has at most two.
/// A bit for each slot of the table tells which are runnable; what it costs grows with the table, not with who can run.
@safe final class RoundRobin<World: PolicyWorld>: SchedulingPolicy, @unchecked Sendable {
  // Sendable: all that changes is atomic.
  private static var maxTasks: Int { 1 << 24 }
  private let world: World
  /// Zeroed memory that the system maps when it is first written.
  private let bits: UnsafeMutablePointer<Atomic<UInt64>>
  /// Words of `bits` that have ever had a bit.
  private let used = Atomic<Int>(0)
  /// Where the hand is: the number of a slot.
  private let hand = Atomic<Int>(0)
  /// How many bits are set, or about to be.
  private let ready = Atomic<Int>(0)

  init(_ world: World) {
    self.world = world
    guard let zeros = unsafe calloc(RoundRobin.maxTasks / 64, 8) else {
      fatalError("out of memory: the system refused the table of runnable processes")
    }
    unsafe bits = zeros.assumingMemoryBound(to: Atomic<UInt64>.self)
  }

  deinit { unsafe free(bits) }

  func lane(of worker: Int) -> Int { worker }
  func slice(_ task: PolicyTask, _ lane: Int) -> Int { world.sliceLength }

  func next(_ lane: Int) -> PolicyTask? {
    // sequentially consistent: a task is counted before its bit is set, so that 0 is certain behind a fence. One that is
    // counted and not found yet keeps `seesWork` true, so that its worker comes back.
    if ready.load(ordering: .sequentiallyConsistent) == 0 { return nil }
    if let number = takeBehindHand() { return world.task(number: number) }
    world.looks(lane, at: nil)
    return nil
  }

  /// Takes the first runnable slot behind the hand, and moves the hand there.
  private func takeBehindHand() -> Int? {
    let words = used.load(ordering: .acquiring)
    guard words > 0 else { return nil }
    let start = hand.load(ordering: .relaxed) % (words * 64)
    for step in 0...words {
      let word = (start / 64 + step) % words
      // Of the first word only what lies behind the hand; it comes again at the end, whole.
      let mask: UInt64 = step == 0 ? ~0 << UInt64(start % 64) : ~0
      if let number = take(word, mask) { return number }
    }
    return nil
  }

  private func take(_ word: Int, _ mask: UInt64) -> Int? {
    while true {
      // relaxed: confirmed by the change below.
      let found = unsafe bits[word].load(ordering: .relaxed) & mask
      if found == 0 { return nil }
      let bit = found & (~found + 1)
      // acquire: pairs with the release in `spawned`: what was done to the task before is seen. (release: none needed.)
      let before = unsafe bits[word].bitwiseAnd(~bit, ordering: .acquiring).oldValue
      if before & bit == 0 { continue }
      let number = word * 64 + bit.trailingZeroBitCount
      hand.store(number + 1, ordering: .relaxed)
      ready.wrappingSubtract(1, ordering: .sequentiallyConsistent)
      return number
    }
  }

  func steal(_ lane: Int) -> PolicyTask? { next(lane) }

  func spawned(_ task: PolicyTask, _ lane: Int) {
    make(ready: task)
    world.wakeOne()
  }

  private func make(ready task: PolicyTask) {
    let number = world.number(of: task)
    let word = number / 64
    var words = used.load(ordering: .relaxed)
    while words <= word {
      let (done, now) = used.compareExchange(
        expected: words, desired: word + 1, successOrdering: .releasing, failureOrdering: .relaxed)
      if done { break }
      words = now
    }
    ready.wrappingAdd(1, ordering: .sequentiallyConsistent)
    unsafe bits[word].bitwiseOr(1 << UInt64(number % 64), ordering: .releasing)
  }

  func woken(_ task: PolicyTask, _ lane: Int) { spawned(task, lane) }

  func preempted(_ task: PolicyTask, used: Int, _ lane: Int) {
    make(ready: task)
    if ready.load(ordering: .relaxed) > 1 { world.wakeOne() }
  }

  var seesWork: Bool { ready.load(ordering: .sequentiallyConsistent) > 0 }

  func drain(_ body: (PolicyTask) -> Void) { while let task = next(0) { body(task) } }
}
