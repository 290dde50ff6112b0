import Lanes

/// Work stealing with a wake slot: the default.
///
/// Each worker has a ring, first in first out, and a slot for the process that was woken last, which runs next, while its
/// message is in the cache. A worker without work takes half of a random other's ring. After Blumofe and Leiserson
/// ("Scheduling Multithreaded Computations by Work Stealing", 1999), as Go and tokio have built it.
///
/// Its lanes can be closed (`StealingLane.door`): then all that is handed to them goes on to another policy. That costs
/// the open ones nothing, since both exits are there anyway: a ring that is full, a slot that is taken.
@safe struct WorkStealing<World: StealingWorld>: BalancingPolicy {
  typealias Lane = LanePlace<StealingLane>
  let world: World
  @inline(__always) private var shared: UnsafeMutablePointer<StealingShared> { unsafe world.stealing }

  static var takesInjected: Bool { @inline(__always) get { true } }

  func lane(of worker: Int) -> Lane { unsafe Lane(unsafe: shared.pointee.lanes[worker]) }

  @inline(__always) func slice(_ task: PolicyTask, _ lane: Lane) -> Int { unsafe lane.at.pointee.slice }

  // MARK: Choosing

  @inline(__always) func next(_ lane: Lane) -> PolicyTask? {
    unsafe lane.at.pointee.turnsToInject &-= 1
    if unsafe lane.at.pointee.turnsToInject <= 0 {
      unsafe lane.at.pointee.turnsToInject = StealingLane.injectInterval
      if let task = popInjected() { return task }
    }
    if let task = takeWakeSlot(lane) { return task }
    if let task = unsafe lane.at.pointee.ring.pop() {
      unsafe lane.at.pointee.wakeTurns = 0
      return task
    }
    let woken = unsafe lane.at.pointee.wakeSlot.take()
    if woken != 0 {
      // Nobody else waits here: the turns begin anew.
      unsafe lane.at.pointee.wakeTurns = 0
      return woken
    }
    return fillFromInjected(lane)
  }

  // Never inlined, for the sake of the loop: it keeps its registers for what it does in every turn.
  @inline(never) private func popInjected() -> PolicyTask? { unsafe shared.pointee.inject.pop() }
  @inline(never) private func fillFromInjected(_ lane: Lane) -> PolicyTask? {
    unsafe shared.pointee.inject.pop(upTo: 64, into: lane.at.pointee.ring)
  }

  @inline(__always) private func takeWakeSlot(_ lane: Lane) -> PolicyTask? {
    guard unsafe lane.at.pointee.wakeTurns < StealingLane.wakeLimit else { return nil }
    let task = unsafe lane.at.pointee.wakeSlot.take()
    guard task != 0 else { return nil }
    unsafe lane.at.pointee.wakeTurns += 1
    return task
  }

  @inline(never) func steal(_ lane: Lane) -> PolicyTask? {
    let me = unsafe lane.at.pointee.worker
    let count = world.workerCount
    guard count > 1 else { return nil }
    for _ in 0..<StealingLane.searchRounds {
      let start = Int(truncatingIfNeeded: world.random(me) >> 33)
      for k in 0..<count {
        let victim = (start + k) % count
        if victim == me { continue }
        world.looks(me, at: victim)
        if let task = unsafe shared.pointee.thieves[victim].steal(into: lane.at.pointee.ring) {
          world.stole(me)
          return task
        }
      }
      if let task = unsafe shared.pointee.inject.pop() { return task }
      world.looks(me, at: nil)
    }
    return robComputing(me)
  }

  /// Who woke another and goes on computing keeps it waiting for the rest of its slice: a worker that has nothing else takes
  /// it. (Not from those that are about to wait, as they mostly are: what they woke is faster where it is.)
  private func robComputing(_ me: Int) -> PolicyTask? {
    for k in 1..<world.workerCount {
      let victim = (me + k) % world.workerCount
      world.looks(me, at: victim)
      let slot = unsafe shared.pointee.lanes[victim]
      guard unsafe slot.pointee.wakeSlot.content > WakeSlot.largestMark, world.goesOn(victim, me)
      else { continue }
      let task = unsafe slot.pointee.wakeSlot.rob()
      if task != 0 {
        world.stole(me)
        return task
      }
    }
    return nil
  }

  /// What lies in its wake slot would wait for a worker that stands still, while nobody may take it from a ring.
  @inline(never) func relieve(_ worker: Int, _ lane: Lane) {
    let task = unsafe shared.pointee.lanes[worker].pointee.wakeSlot.rob()
    if task == 0 { return }
    world.stole(unsafe lane.at.pointee.worker)
    woken(task, lane)
  }

  // MARK: Making runnable

  /// Nobody is woken for one that waits alone: this worker takes it as soon as what runs here waits, which is mostly before
  /// another could be awake, and if that uses up its slice first, another is woken then (`preempted`). Whoever spawns one
  /// process after the other would else wake a worker for each, which takes five times as long as the whole process.
  @inline(__always) func spawned(_ task: PolicyTask, _ lane: Lane) {
    let isAlone = unsafe lane.at.pointee.wakeSlot.content == 0 && lane.at.pointee.ring.isEmpty
    push(task, lane)
    guard isAlone else { return world.wakeOne() }
    // Whatever may come to the wake slot meanwhile does not go before it.
    unsafe lane.at.pointee.wakeTurns = StealingLane.wakeLimit
  }

  /// It goes into the wake slot, whose last tenant goes into the ring, where others may steal it.
  @inline(__always) func woken(_ task: PolicyTask, _ lane: Lane) {
    let last = unsafe lane.at.pointee.wakeSlot.exchange(for: task)
    if unsafe last != 0 || lane.at.pointee.wakeSlot.isClaimed { passOn(last, displacedBy: task, lane) }
  }

  /// What was displaced from the wake slot goes into the ring.
  @inline(never) func passOn(_ last: PolicyTask, displacedBy new: PolicyTask, _ lane: Lane) {
    let task = unsafe lane.at.pointee.wakeSlot.settle(last, new)
    if task == 0 { return }
    push(task, lane)
    world.wakeOne()
  }

  /// To the end of the ring. Nobody is woken if it is alone: this worker is about to take it again.
  ///
  /// If more run than the rings hold, those who have had a slice wait in the injection queue, all in one line: rings that
  /// never run dry would leave the others there for seconds.
  @inline(never) func preempted(_ task: PolicyTask, used: Int, _ lane: Lane) {
    if unsafe !shared.pointee.inject.isEmpty {
      unsafe shared.pointee.inject.push(task)
      return world.wakeOne()
    }
    let isAlone = unsafe lane.at.pointee.wakeSlot.content == 0 && lane.at.pointee.ring.isEmpty
    push(task, lane)
    if !isAlone { world.wakeOne() }
    // Also who is alone: one that has a worker to itself while others share one would keep it for ever.
    mayHaveComputed(lane)
  }

  @inline(__always) func isToBalance(_ lane: Lane) -> Bool { unsafe lane.at.pointee.balance.isDue() }

  /// Takes half of what a random other worker has more (`Balancing`).
  @inline(never) func balance(_ lane: Lane) {
    let me = unsafe lane.at.pointee.worker
    let own = unsafe lane.at.pointee.ring.count
    guard
      let (other, count) = world.surplus(me, own: own, waiting: { unsafe shared.pointee.thieves[$0].count })
    else { return }
    let thief = unsafe shared.pointee.thieves[other]
    guard let task = unsafe thief.steal(into: lane.at.pointee.ring, limit: UInt32(count)) else { return }
    world.stole(me)
    push(task, lane)
  }

  @inline(__always) private func push(_ task: PolicyTask, _ lane: Lane) {
    if unsafe !lane.at.pointee.ring.tryPush(task) { pushSlowly(task, lane) }
  }

  @inline(never) private func pushSlowly(_ task: PolicyTask, _ lane: Lane) {
    guard let door = unsafe lane.at.pointee.door else {
      return unsafe lane.at.pointee.ring.push(task, overflow: shared.pointee.inject)
    }
    let worker = unsafe lane.at.pointee.worker
    guard task == StealingLane.closedSlot else {
      return unsafe door._withUnsafeGuaranteedRef { $0.spawned(task, worker) }
    }
    // The slot of a closed lane is never free: what displaced its mark was woken.
    let woken = unsafe lane.at.pointee.wakeSlot.put(StealingLane.closedSlot)
    unsafe door._withUnsafeGuaranteedRef { $0.woken(woken, worker) }
  }

  // MARK: All lanes

  var seesWork: Bool {
    for k in 0..<world.workerCount {
      if unsafe !shared.pointee.thieves[k].isEmpty { return true }
    }
    return false
  }

  func drain(_ body: (PolicyTask) -> Void) {
    while let task = unsafe shared.pointee.inject.pop() { body(task) }
    for worker in 0..<world.workerCount {
      let lane = self.lane(of: worker)
      while let task = unsafe lane.at.pointee.ring.pop() { body(task) }
      let task = unsafe lane.at.pointee.wakeSlot.take()
      if task != 0 { body(task) }
    }
  }
}

/// A world that has room for what work stealing needs: there the default costs no look at where it lies.
protocol StealingWorld: PolicyWorld {
  var stealing: UnsafeMutablePointer<StealingShared> { get }
}

/// What all workers of work stealing share.
@safe struct StealingShared: ~Copyable {
  let inject = InjectQueue()
  /// The stealable halves of the rings, apart from what their owners write all the time.
  let thieves: UnsafeMutablePointer<RunQueue.Thief>
  /// All lanes, by worker.
  let lanes: UnsafeMutablePointer<UnsafeMutablePointer<StealingLane>>

  init(count: Int) {
    unsafe thieves = .allocate(capacity: count)
    unsafe lanes = .allocate(capacity: count)
  }

  /// Makes a lane, which does not move, known.
  func add(_ lane: LanePlace<StealingLane>) {
    let worker = unsafe lane.at.pointee.worker
    unsafe lanes[worker] = unsafe lane.at
    unsafe (thieves + worker).initialize(to: lane.at.pointee.ring.thief)
  }
}

/// What a worker of work stealing has for itself.
@safe struct StealingLane: ~Copyable {
  /// Turns of the wake slot in a row. Two processes that only talk to each other share 16 turns, then others go first.
  static let wakeLimit = 16
  /// The injection queue is looked at first every so many turns (a prime, so that it falls in step with nothing).
  static let injectInterval = 61
  /// Rounds over all other rings before a searching worker gives up.
  static let searchRounds = 4
  /// What lies in the wake slot of a closed lane: no task.
  static let closedSlot = WakeSlot.largestMark

  let ring = RunQueue.Owner()
  /// The process that was woken last: it runs next. At most `wakeLimit` such turns in a row.
  let wakeSlot = WakeSlot()
  var wakeTurns = 0
  /// Turns until the injection queue is looked at first.
  var turnsToInject = 0
  /// Turns until it looks whether another ring is longer.
  var balance = BalanceCount()
  /// Reductions of a slice.
  let slice: Int
  let worker: Int
  /// Of a closed lane: where all that is handed to it goes.
  private(set) var door: Unmanaged<PolicyDoor>?

  init(worker: Int, slice: Int) {
    self.worker = worker
    self.slice = slice
    unsafe door = nil
  }

  /// Lets everything that is handed to this lane, which is empty, go to `door`.
  mutating func close(to door: PolicyDoor) {
    unsafe self.door = .passUnretained(door)
    let last = wakeSlot.put(StealingLane.closedSlot)
    precondition(last == 0, "a lane that is closed is empty")
    ring.close()
  }

  mutating func open() {
    guard unsafe door != nil else { return }
    unsafe door = nil
    _ = wakeSlot.take()
    wakeTurns = 0
    ring.open()
  }
}
