import Lanes
import Synchronization

/// A worker's queue behind a lock. A thread holds the lock of one lane at a time.
@safe struct LockedLane<Queue: ~Copyable> {
  /// 128 bytes or more, so that two never share a cache line.
  struct Memory: ~Copyable {
    let lock = RankedMutex(rank: .policyLane)
    /// How many tasks wait; changes under the lock only. Read without it as a hint, and, behind the fence of
    /// `IdleSchedulers.prepareSleep`, as the last look before a sleep.
    let count = Atomic<Int>(0)
    /// See `isToBalance`.
    var balance = BalanceCount()
    private let padding: (UInt64, UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0, 0)
    var queue: Queue

    init(queue: consuming Queue) { self.queue = queue }
  }

  let worker: Int
  private let memory: UnsafeMutablePointer<Memory>

  fileprivate init(worker: Int, unsafe memory: UnsafeMutablePointer<Memory>) {
    self.worker = worker
    unsafe self.memory = memory
  }

  /// How many tasks wait, at about this moment.
  @inline(__always) var waiting: Int { unsafe memory.pointee.count.load(ordering: .relaxed) }

  /// Counts a turn; whether this worker, whose call it must be, is to look if another has more.
  func isToBalance() -> Bool { unsafe memory.pointee.balance.isDue() }

  /// Uses the queue behind its lock, without a change in who waits.
  @inline(__always)
  func use<Result>(_ body: (inout Queue) -> Result) -> Result { use { (body(&$0), 0) } }

  /// Takes one task out of the queue; nil: `body` has found none.
  @inline(__always)
  func take<Taken>(_ body: (inout Queue) -> Taken?) -> Taken? {
    use { queue in
      let taken = body(&queue)
      return (taken, taken == nil ? 0 : -1)
    }
  }

  /// Puts one task into the queue.
  @inline(__always)
  func put(_ body: (inout Queue) -> Void) { use { (body(&$0), 1) } }

  /// `change`: by how many tasks the queue grows or, below 0, shrinks.
  @inline(__always)
  private func use<Result>(_ body: (inout Queue) -> (result: Result, change: Int)) -> Result {
    unsafe memory.pointee.lock.lock()
    let (result, change) = unsafe body(&memory.pointee.queue)
    // relaxed: see `count`.
    let count = unsafe memory.pointee.count.load(ordering: .relaxed)
    if change != 0 { unsafe memory.pointee.count.store(count + change, ordering: .relaxed) }
    unsafe memory.pointee.lock.unlock()
    return result
  }
}

/// The lanes of a policy whose workers each have a queue behind a lock.
@safe struct LockedLanes<Queue: ~Copyable>: WorkerLanes {
  let count: Int
  private let lanes: UnsafeMutablePointer<LockedLane<Queue>.Memory>

  init(_ count: Int, _ make: () -> Queue) {
    self.count = count
    unsafe lanes = .allocate(capacity: count)
    for worker in 0..<count { unsafe (lanes + worker).initialize(to: .init(queue: make())) }
  }

  /// Gives the memory back. Nobody uses the lanes any more.
  func discard() {
    unsafe lanes.deinitialize(count: count)
    unsafe lanes.deallocate()
  }

  subscript(worker: Int) -> LockedLane<Queue> {
    unsafe LockedLane(worker: worker, unsafe: unsafe lanes + worker)
  }

  /// Whether any lane seems to have a task.
  var seesWork: Bool {
    for worker in 0..<count where self[worker].waiting > 0 { return true }
    return false
  }
}

/// A policy whose workers each have a queue behind a lock.
protocol LockedPolicy: SchedulingPolicy where Lane == Lanes.Lane {
  associatedtype Lanes: WorkerLanes
  var world: World { get }
  var lanes: Lanes { get }
}

/// `LockedLanes` of whatever queues.
protocol WorkerLanes {
  associatedtype Lane
  subscript(worker: Int) -> Lane { get }
  var seesWork: Bool { get }
}

extension LockedPolicy {
  func lane(of worker: Int) -> Lane { lanes[worker] }
  func slice(_ task: PolicyTask, _ lane: Lane) -> Int { world.sliceLength }
  var seesWork: Bool { lanes.seesWork }
}

extension PolicyWorld {
  /// The other workers, beginning at a random one, each once, until `body` finds something.
  func search(_ me: Int, _ body: (Int) -> PolicyTask?) -> PolicyTask? {
    let count = workerCount
    let start = Int(truncatingIfNeeded: random(me) >> 33)
    for k in 0..<count {
      let other = (start + k) % count
      if other == me { continue }
      looks(me, at: other)
      if let task = body(other) {
        stole(me)
        return task
      }
    }
    return nil
  }
}
