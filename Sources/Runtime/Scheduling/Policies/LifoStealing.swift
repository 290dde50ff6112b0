import Lanes

/// Work stealing from deques: a worker takes what became runnable last, thieves take what has waited longest. After Cilk
/// (Frigo, Leiserson and Randall 1998) with the deque of Chase and Lev (2005).
///
/// Good for trees of short tasks, where the newest is in the cache and the oldest is the largest. By itself it starves:
/// so what has used its slice waits in a queue of its own, first in first out, which every eighth turn looks at first, and
/// every sixteenth turn takes the oldest of the own deque.
@safe final class LifoStealing<World: PolicyWorld>: BalancingPolicy, @unchecked Sendable {
  // Sendable: the bottoms of the deques and `turns` are their workers' alone, all else is atomic or locked.
  struct Own: ~Copyable {
    let deque = StealDeque()
    var turns = 0
    var balance = BalanceCount()
    let worker: Int
    private let padding: (UInt64, UInt64, UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0, 0, 0)
    init(worker: Int) { self.worker = worker }
  }
  typealias Lane = LanePlace<Own>

  /// Every so many turns what has used its slice goes first, or the oldest of the deque.
  private static var usedInterval: Int { 8 }
  private static var oldInterval: Int { 16 }

  private let world: World
  private let lanes: UnsafeMutablePointer<Own>
  /// What has used its slice.
  private let usedUp = InjectQueue()

  init(_ world: World) {
    self.world = world
    unsafe lanes = .allocate(capacity: world.workerCount)
    for worker in 0..<world.workerCount { unsafe (lanes + worker).initialize(to: Own(worker: worker)) }
  }

  deinit {
    unsafe lanes.deinitialize(count: world.workerCount)
    unsafe lanes.deallocate()
  }

  func lane(of worker: Int) -> Lane { unsafe Lane(unsafe: unsafe lanes + worker) }
  func slice(_ task: PolicyTask, _ lane: Lane) -> Int { world.sliceLength }

  func next(_ lane: Lane) -> PolicyTask? {
    unsafe lane.at.pointee.turns &+= 1
    let turns = unsafe lane.at.pointee.turns
    if turns % LifoStealing.usedInterval == 0 {
      if turns % LifoStealing.oldInterval == 0, let task = unsafe lane.at.pointee.deque.steal() {
        return task
      }
      if let task = usedUp.pop() { return task }
    }
    return unsafe lane.at.pointee.deque.pop() ?? usedUp.pop()
  }

  func steal(_ lane: Lane) -> PolicyTask? {
    if let task = next(lane) { return task }
    return world.search(unsafe lane.at.pointee.worker) { other in
      // Another may be quicker; as long as there is something, one of us gets it.
      while unsafe !lanes[other].deque.isEmpty {
        if let task = unsafe lanes[other].deque.steal() { return task }
      }
      return nil
    }
  }

  func spawned(_ task: PolicyTask, _ lane: Lane) {
    unsafe lane.at.pointee.deque.push(task)
    world.wakeOne()
  }

  func woken(_ task: PolicyTask, _ lane: Lane) { spawned(task, lane) }

  func preempted(_ task: PolicyTask, used: Int, _ lane: Lane) {
    let isAlone = unsafe usedUp.isEmpty && lane.at.pointee.deque.isEmpty
    usedUp.push(task)
    if !isAlone { world.wakeOne() }
    mayHaveComputed(lane)
  }

  @inline(__always) func isToBalance(_ lane: Lane) -> Bool { unsafe lane.at.pointee.balance.isDue() }

  /// Takes half of what a random other worker has more (`Balancing`): the oldest, as thieves do.
  func balance(_ lane: Lane) {
    let me = unsafe lane.at.pointee.worker
    let own = unsafe lane.at.pointee.deque.count
    guard let (other, count) = world.surplus(me, own: own, waiting: { unsafe lanes[$0].deque.count }) else {
      return
    }
    for _ in 0..<count {
      guard let task = unsafe lanes[other].deque.steal() else { break }
      unsafe lane.at.pointee.deque.push(task)
    }
    world.stole(me)
  }

  var seesWork: Bool {
    if !usedUp.isEmpty { return true }
    for worker in 0..<world.workerCount where unsafe !lanes[worker].deque.isEmpty { return true }
    return false
  }

  func drain(_ body: (PolicyTask) -> Void) {
    while let task = usedUp.pop() { body(task) }
    for worker in 0..<world.workerCount {
      while let task = unsafe lanes[worker].deque.steal() { body(task) }
    }
  }
}
