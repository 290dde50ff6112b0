/// Shares in proportion to weights: of those that have not had more than their share, the one whose turn must be over
/// first. EEVDF, "earliest eligible virtual deadline first": Stoica and Abdel-Wahab (1995); Linux since 6.6.
///
/// Each worker has a virtual time, which runs the slower the more weight competes there. A task has a time from which it is
/// eligible (it falls behind by being served) and a deadline, that time plus a slice by its own weight. Who waits keeps how
/// far it was behind or ahead (its lag), within one slice, so that sleeping earns no credit. A worker without work takes
/// tasks from others, with their lag. A priority is a weight here: nobody goes first always.
///
/// A turn is served time, too (`turnCharge`): pairs that only wake each other use few reductions, and had most of the
/// processor before their turns were counted, while others waited for 50 ms.
@safe final class FairShare<World: PolicyWorld>: LockedPolicy, BalancingPolicy, @unchecked Sendable {
  // Sendable: the lanes are behind locks.
  typealias Lane = LockedLane<VirtualTime>

  private static var loot: Int { 8 }
  /// What a turn takes beyond its reductions, in reductions.
  private static var turnCharge: Int { Scheduler.turnCharge }

  let world: World
  let lanes: LockedLanes<VirtualTime>

  init(_ world: World) {
    self.world = world
    lanes = LockedLanes(world.workerCount) { VirtualTime() }
  }

  deinit { lanes.discard() }

  // MARK: Choosing

  func next(_ lane: Lane) -> PolicyTask? {
    if lane.waiting == 0 { return nil }
    return lane.take { $0.dispatch() }
  }

  func steal(_ lane: Lane) -> PolicyTask? {
    if let task = next(lane) { return task }
    let found = world.search(lane.worker) { other in
      let victim = lanes[other]
      var first: PolicyTask?
      for _ in 0..<min(FairShare.loot, (victim.waiting + 1) / 2) {
        guard let (task, lag) = victim.take({ $0.takeAway() }) else { break }
        enter(task, lag: lag, lane)
        first = task
      }
      return first
    }
    return found == nil ? nil : next(lane)
  }

  // MARK: Making runnable

  private func enter(_ task: PolicyTask, lag: Int64, _ lane: Lane) {
    let weight = world.priority(of: task).weight
    let slice = world.sliceLength
    lane.put { $0.enter(task, weight: weight, lag: lag, slice: slice) }
  }

  func spawned(_ task: PolicyTask, _ lane: Lane) {
    unsafe world.record(of: task).pointee.lag = 0
    enter(task, lag: 0, lane)
    world.wakeOne()
  }

  func woken(_ task: PolicyTask, _ lane: Lane) {
    enter(task, lag: unsafe world.record(of: task).pointee.lag, lane)
    world.wakeOne()
  }

  func preempted(_ task: PolicyTask, used: Int, _ lane: Lane) {
    let isAlone = lane.waiting == 0
    let slice = world.sliceLength
    lane.put { time in
      time.account(used + FairShare.turnCharge)
      time.goBack(task, slice: slice)
    }
    if !isAlone { world.wakeOne() }
    mayHaveComputed(lane)
  }

  func isToBalance(_ lane: Lane) -> Bool { lane.isToBalance() }

  /// Takes half of what a random other worker has more (`Balancing`), not in tasks but in weight.
  func balance(_ lane: Lane) {
    let me = lane.worker
    guard let (other, _) = world.surplus(me, own: 0, waiting: { lanes[$0].waiting }) else { return }
    let victim = lanes[other]
    let (own, theirs) = (lane.use { $0.weights }, victim.use { $0.weights })
    guard theirs > own else { return }
    let more = theirs - own
    var moved: UInt64 = 0
    var count = 0
    while 2 * moved < more, count < Balancing.loot {
      let limit = more - moved
      guard let (task, lag) = victim.take({ $0.takeAway(upTo: limit) }) else { break }
      enter(task, lag: lag, lane)
      moved += world.priority(of: task).weight
      count += 1
    }
    if count > 0 { world.stole(me) }
  }

  func pausing(_ task: PolicyTask, used: Int, _ lane: Lane) {
    let slice = world.sliceLength
    let lag = lane.use { time in
      time.account(used + FairShare.turnCharge)
      return time.lag(slice: slice)
    }
    unsafe world.record(of: task).pointee.lag = lag
  }

  func stopped(_ lane: Lane) { lane.use { $0.leave() } }

  func drain(_ body: (PolicyTask) -> Void) {
    for worker in 0..<lanes.count {
      while let (task, _) = lanes[worker].take({ $0.takeAway() }) { body(task) }
    }
  }
}

/// The virtual time of one worker and who competes there. A unit is a 1,024th of a reduction of a task of weight 1,024.
///
/// V1  `weights` is the sum of the weights of all that wait here, and of the one that runs.
@safe struct VirtualTime: ~Copyable {
  private var now: Int64 = 0
  private(set) var weights: UInt64 = 0
  /// By deadline; `value` is the time from which the task is eligible, not after `now`.
  private var eligible = TaskHeap()
  /// By the time from which they are eligible, after `now`; `value` is the deadline.
  private var later = TaskHeap()
  /// The one that runs: since when it is eligible, its weight, and what of its slice is accounted for.
  private var running: (eligibleFrom: Int64, weight: UInt64, accounted: Int) = (0, 0, 0)

  private static func virtual(_ reductions: Int, _ weight: UInt64) -> Int64 {
    weight == 0 ? 0 : Int64(reductions) << 20 / Int64(weight)
  }

  mutating func enter(_ task: PolicyTask, weight: UInt64, lag: Int64, slice: Int) {
    weights += weight
    put(task, weight, from: now - lag, slice)
  }

  private mutating func put(_ task: PolicyTask, _ weight: UInt64, from start: Int64, _ slice: Int) {
    let deadline = start + VirtualTime.virtual(slice, weight)
    if start <= now {
      eligible.insert(.init(key: deadline, value: start, weight: weight, task: task))
    } else {
      later.insert(.init(key: start, value: deadline, weight: weight, task: task))
    }
  }

  /// Takes the eligible one with the earliest deadline. If all have had more than their share, time goes on to the first
  /// that will be eligible.
  private mutating func takeFirst() -> TaskHeap.Entry? {
    if eligible.count == 0, let first = later.first, first.key > now { now = first.key }
    while let first = later.first, first.key <= now {
      _ = later.popFirst()
      eligible.insert(.init(key: first.value, value: first.key, weight: first.weight, task: first.task))
    }
    return eligible.popFirst()
  }

  mutating func dispatch() -> PolicyTask? {
    guard let first = takeFirst() else { return nil }
    running = (first.value, first.weight, 0)
    return first.task
  }

  /// Counts what the running task has used: of its slice so far, in all.
  mutating func account(_ used: Int) {
    let more = used - running.accounted
    running.accounted = used
    running.eligibleFrom += VirtualTime.virtual(more, running.weight)
    now += VirtualTime.virtual(more, weights)
  }

  /// How far the running task is behind its share, within a slice.
  func lag(slice: Int) -> Int64 {
    let bound = VirtualTime.virtual(slice, running.weight)
    return max(-bound, min(bound, now - running.eligibleFrom))
  }

  /// The running task waits for its next turn.
  mutating func goBack(_ task: PolicyTask, slice: Int) {
    put(task, running.weight, from: running.eligibleFrom, slice)
    running.weight = 0
  }

  /// The running task is gone.
  mutating func leave() {
    weights -= running.weight
    running.weight = 0
  }

  /// Takes the one that would be next, if its weight is not above a limit.
  mutating func takeAway(upTo limit: UInt64 = .max) -> (task: PolicyTask, lag: Int64)? {
    guard let entry = takeFirst() else { return nil }
    if entry.weight > limit {
      eligible.insert(entry)
      return nil
    }
    weights -= entry.weight
    return (entry.task, now - entry.value)
  }
}
