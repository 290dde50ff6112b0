/// Four levels of priority, with ageing: the highest level first, and what waits rises by a level every few milliseconds,
/// so that nothing waits for ever. After the multilevel queues of CTSS and Multics, and the balance set manager of
/// Windows NT; queues are each worker's own, and a worker without work takes from others, as in Erlang/OTP.
@safe final class PriorityLevels<World: PolicyWorld>: LockedPolicy, BalancingPolicy, @unchecked Sendable {
  // Sendable: the lanes are behind locks.
  struct Levels: ~Copyable {
    var low = TaskFifo()
    var normal = TaskFifo()
    var high = TaskFifo()
    var max = TaskFifo()
  }
  typealias Lane = LockedLane<Levels>

  /// What waits rises by a level in this time, in nanoseconds: longer than a round of some hundred busy processes, and
  /// `:low` is as good as `:max` after 15 ms, well within the 50 that nobody may starve.
  private static var ageing: UInt64 { 5_000_000 }
  /// Tasks that a thief takes at most: a quarter of a millisecond's work.
  private static var loot: Int { 8 }

  let world: World
  let lanes: LockedLanes<Levels>

  init(_ world: World) {
    self.world = world
    lanes = LockedLanes(world.workerCount) { Levels() }
  }

  deinit { lanes.discard() }

  func next(_ lane: Lane) -> PolicyTask? {
    if lane.waiting == 0 { return nil }
    let now = world.now(lane.worker)
    return lane.take { PriorityLevels.takeBest(&$0, now) }
  }

  /// Takes the task whose level, with what its age adds, is highest; among equals the one of the higher level. Within a
  /// level the first is the oldest, so four looks are enough.
  private static func takeBest(_ levels: inout Levels, _ now: UInt64) -> PolicyTask? {
    func rank(_ level: UInt64, _ entry: TaskFifo.Entry?) -> UInt64 {
      guard let entry else { return 0 }
      let age = now > entry.since ? now - entry.since : 0
      return 1 + level * ageing + age
    }
    let ranks = (
      rank(0, levels.low.first), rank(1, levels.normal.first), rank(2, levels.high.first),
      rank(3, levels.max.first)
    )
    let best = max(max(ranks.0, ranks.1), max(ranks.2, ranks.3))
    if best == 0 { return nil }
    if best == ranks.3 { return levels.max.popFirst() }
    if best == ranks.2 { return levels.high.popFirst() }
    return best == ranks.1 ? levels.normal.popFirst() : levels.low.popFirst()
  }

  func steal(_ lane: Lane) -> PolicyTask? {
    let me = lane.worker
    if let task = next(lane) { return task }
    let now = world.now(me)
    return world.search(me) { other in
      let victim = lanes[other]
      guard victim.waiting > 0 else { return nil }
      guard let first = victim.take({ PriorityLevels.takeBest(&$0, now) }) else { return nil }
      for _ in 0..<min(PriorityLevels.loot - 1, victim.waiting / 2) {
        guard let more = victim.take({ PriorityLevels.takeBest(&$0, now) }) else { break }
        put(more, lane, now)
      }
      return first
    }
  }

  func spawned(_ task: PolicyTask, _ lane: Lane) {
    put(task, lane, world.now(lane.worker))
    world.wakeOne()
  }

  private func put(_ task: PolicyTask, _ lane: Lane, _ since: UInt64) {
    let priority = world.priority(of: task)
    lane.put { levels in
      switch priority {
      case .low: levels.low.append(task, since: since)
      case .normal: levels.normal.append(task, since: since)
      case .high: levels.high.append(task, since: since)
      case .max: levels.max.append(task, since: since)
      }
    }
  }

  func woken(_ task: PolicyTask, _ lane: Lane) { spawned(task, lane) }

  func preempted(_ task: PolicyTask, used: Int, _ lane: Lane) {
    let isAlone = lane.waiting == 0
    put(task, lane, world.now(lane.worker))
    if !isAlone { world.wakeOne() }
    mayHaveComputed(lane)
  }

  func isToBalance(_ lane: Lane) -> Bool { lane.isToBalance() }

  /// Takes half of what a random other worker has more (`Balancing`): of the highest level those who came last, who keep
  /// their age. So the first of each level stays where it grows old.
  func balance(_ lane: Lane) {
    let me = lane.worker
    guard let (other, count) = world.surplus(me, own: lane.waiting, waiting: { lanes[$0].waiting }) else {
      return
    }
    for _ in 0..<count {
      guard let entry = lanes[other].take({ PriorityLevels.takeLast(&$0) }) else { break }
      put(entry.task, lane, entry.since)
    }
    world.stole(me)
  }

  private static func takeLast(_ levels: inout Levels) -> TaskFifo.Entry? {
    levels.max.popLast() ?? levels.high.popLast() ?? levels.normal.popLast() ?? levels.low.popLast()
  }

  func drain(_ body: (PolicyTask) -> Void) {
    for worker in 0..<lanes.count {
      while let task = next(lanes[worker]) { body(task) }
    }
  }
}
