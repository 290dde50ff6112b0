/// Computing processes would keep the share that their worker's queue gave them, since no worker that has work ever searches:
/// eight of them on two workers may lie as one and seven for good. So every so often a worker looks at a random other one,
/// which has what waits there and one that runs, and takes half of what that has more.
///
/// Of an odd difference of one it takes that one: who shares a worker with more of them changes, so that in the long run
/// five on two workers get the same.
enum Balancing {
  /// Turns between two looks: some milliseconds of slices. A prime, lest always the same of those that take turns waits when
  /// the other looks.
  static let interval = 61
  /// Tasks that one look takes at most.
  static let loot = 64
}

/// A worker's turns until it looks whether another has more. Counted are those in which a process may have computed: it has
/// used its slice, or waited for a time that came at once.
struct BalanceCount {
  private var left = Balancing.interval

  @inline(__always) mutating func isDue() -> Bool {
    left -= 1
    guard left <= 0 else { return false }
    left = Balancing.interval
    return true
  }
}

/// A policy whose workers have queues of their own, and make them even now and then.
protocol BalancingPolicy: SchedulingPolicy {
  /// Counts a turn of this worker in which a process may have computed; whether it is to balance now.
  func isToBalance(_ lane: Lane) -> Bool
  /// Takes half of what a random other worker has more (`PolicyWorld.surplus`).
  func balance(_ lane: Lane)
}

extension BalancingPolicy {
  @inline(__always) func mayHaveComputed(_ lane: Lane) {
    if isToBalance(lane) { balance(lane) }
  }

  /// Also those whose time comes at once, again and again, compute, and would stay where they are.
  @inline(__always) func expired(_ task: PolicyTask, _ lane: Lane) {
    woken(task, lane)
    mayHaveComputed(lane)
  }
}

extension PolicyWorld {
  /// A random worker that has more than `me`, with whom `own` tasks wait and none runs, and how many of these `me` should
  /// take; nil: the one that was looked at has no more.
  func surplus(
    _ me: Int, own: Int, waiting: (Int) -> Int
  ) -> (worker: Int, count: Int)? {
    let other = Int(truncatingIfNeeded: random(me) >> 33) % workerCount
    if other == me { return nil }
    looks(me, at: other)
    let more = waiting(other) + 1 - own
    return more > 0 ? (other, min((more + 1) / 2, Balancing.loot)) : nil
  }
}
