import Lanes
import Synchronization

/// Processes stay where they ran last, while their memory is in the cache; now and then the queues are balanced. After the
/// run queues of Erlang/OTP (erl_process.c: `check_balance`, migration paths).
///
/// Every so many turns one worker compares how long the queues were and draws paths from those that are longer than the
/// average to those that are shorter, each with a limit. What becomes runnable on a queue above its limit goes along the
/// path, and a worker at the end of a path fetches from its beginning. A worker without any work still steals.
@safe final class Affinity<World: PolicyWorld>: LockedPolicy, @unchecked Sendable {
  // Sendable: the lanes are behind locks, the paths atomic.
  typealias Lane = LockedLane<Stay>

  struct Stay: ~Copyable {
    var tasks = TaskFifo()
  }

  /// Turns of one worker between two comparisons. One in which a process may have computed for a whole slice counts as
  /// eight, so that those that do are compared after some milliseconds.
  private static var interval: Int { 500 }
  private static var sliceTurns: Int { 8 }

  let world: World
  let lanes: LockedLanes<Stay>
  private let paths: MigrationPaths

  init(_ world: World) {
    self.world = world
    lanes = LockedLanes(world.workerCount) { Stay() }
    paths = MigrationPaths(count: world.workerCount)
  }

  deinit { lanes.discard() }

  // MARK: Choosing

  func next(_ lane: Lane) -> PolicyTask? {
    let me = lane.worker
    if paths.isDue(me, every: Affinity.interval) { balance(by: me) }
    if let source = paths.source(of: me), lanes[source].waiting > paths.limit(of: source) {
      world.looks(me, at: source)
      if let task = take(lanes[source]) {
        world.stole(me)
        return mine(task, me)
      }
    }
    return take(lane).map { mine($0, me) }
  }

  private func take(_ lane: Lane) -> PolicyTask? {
    if lane.waiting == 0 { return nil }
    return lane.take { $0.tasks.popFirst() }
  }

  private func mine(_ task: PolicyTask, _ me: Int) -> PolicyTask {
    unsafe world.record(of: task).pointee.worker = Int32(me)
    return task
  }

  func steal(_ lane: Lane) -> PolicyTask? {
    let me = lane.worker
    return take(lane) ?? world.search(me) { take(lanes[$0]) }.map { mine($0, me) }
  }

  // MARK: Making runnable

  func spawned(_ task: PolicyTask, _ lane: Lane) {
    unsafe world.record(of: task).pointee.worker = -1
    put(task, lane.worker)
  }

  func woken(_ task: PolicyTask, _ lane: Lane) {
    let last = unsafe Int(world.record(of: task).pointee.worker)
    put(task, last < 0 ? lane.worker : last)
  }

  func preempted(_ task: PolicyTask, used: Int, _ lane: Lane) {
    let me = lane.worker
    paths.count(me, turns: Affinity.sliceTurns - 1)
    if lane.waiting == 0 { return append(task, me) }
    put(task, me)
  }

  func expired(_ task: PolicyTask, _ lane: Lane) {
    paths.count(lane.worker, turns: Affinity.sliceTurns - 1)
    woken(task, lane)
  }

  /// Puts a task into the queue of a worker, or of the one at the end of its path.
  private func put(_ task: PolicyTask, _ worker: Int) {
    var worker = worker
    if let target = paths.target(of: worker), lanes[worker].waiting > paths.limit(of: worker) {
      worker = target
    }
    append(task, worker)
    world.wake(worker)
  }

  private func append(_ task: PolicyTask, _ worker: Int) {
    lanes[worker].put { $0.tasks.append(task) }
  }

  // MARK: Balance

  /// What waits is compared. Of the queue of the worker that draws, which has nothing that runs, one is about to.
  private func balance(by me: Int) {
    paths.draw {
      let waiting = self.lanes[$0].waiting
      return $0 == me ? max(0, waiting - 1) : waiting
    }
  }

  func drain(_ body: (PolicyTask) -> Void) {
    for worker in 0..<lanes.count {
      while let task = take(lanes[worker]) { body(task) }
    }
  }
}

/// Which queue gives to which. Whoever reads them may see old ones: a path is advice.
@safe final class MigrationPaths: @unchecked Sendable {
  // Sendable: atomic, but for what `drawing` guards.
  private struct Path: ~Copyable {
    /// 1 + the worker to which this one gives, or from which it takes; 0: none.
    let target = Atomic<Int>(0)
    let source = Atomic<Int>(0)
    let limit = Atomic<Int>(0)
    /// Turns since the last comparison; its own worker's.
    var turns = 0
  }

  private let count: Int
  private let paths: UnsafeMutablePointer<Path>
  private let drawing = Mutex<[(length: Int, worker: Int)]>([])

  init(count: Int) {
    self.count = count
    unsafe paths = .allocate(capacity: count)
    for worker in 0..<count { unsafe (paths + worker).initialize(to: Path()) }
  }

  deinit {
    unsafe paths.deinitialize(count: count)
    unsafe paths.deallocate()
  }

  func target(of worker: Int) -> Int? {
    let found = unsafe paths[worker].target.load(ordering: .relaxed)
    return found == 0 ? nil : found - 1
  }

  func source(of worker: Int) -> Int? {
    let found = unsafe paths[worker].source.load(ordering: .relaxed)
    return found == 0 ? nil : found - 1
  }

  func limit(of worker: Int) -> Int { unsafe paths[worker].limit.load(ordering: .relaxed) }

  func count(_ worker: Int, turns: Int) { unsafe paths[worker].turns += turns }

  /// Counts a turn of a worker.
  func isDue(_ worker: Int, every turns: Int) -> Bool {
    count(worker, turns: 1)
    guard count > 1, unsafe paths[worker].turns >= turns else { return false }
    unsafe paths[worker].turns = 0
    return true
  }

  /// Compares the queues and draws the paths anew: the longest gives to the shortest, the next to the next, as long as one
  /// is above the average and the other below. If another worker is at it, nothing is done.
  func draw(_ length: (Int) -> Int) {
    _ = drawing.withLockIfAvailable { queues in
      queues.removeAll(keepingCapacity: true)
      var sum = 0
      for worker in 0..<count {
        queues.append((length(worker), worker))
        sum += queues[worker].length
        unsafe paths[worker].target.store(0, ordering: .relaxed)
        unsafe paths[worker].source.store(0, ordering: .relaxed)
      }
      let average = (sum + count - 1) / count
      queues.sort { ($0.length, $0.worker) < ($1.length, $1.worker) }
      var (low, high) = (0, count - 1)
      while low < high, queues[high].length > average, queues[low].length < average {
        let (from, to) = (queues[high].worker, queues[low].worker)
        unsafe paths[from].limit.store(average, ordering: .relaxed)
        unsafe paths[from].target.store(to + 1, ordering: .relaxed)
        unsafe paths[to].source.store(from + 1, ordering: .relaxed)
        low += 1
        high -= 1
      }
    }
  }
}
