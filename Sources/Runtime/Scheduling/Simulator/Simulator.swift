import Lanes

/// Plays any number of workers in virtual time, from a seed: the policies' own code, on one thread, event by event.
///
/// A worker's step: give back what it ran, look at timers, ask the policy, run a task for a *quantum* of reductions, and
/// plan the next step by what that costs (`CostModel`). The worker whose time is earliest goes next. What a task does within
/// a quantum is played at once; what it makes runnable there is handed to the policy when the quantum is over, so that
/// nobody finds it before it could be there, and no task runs in two places.
///
/// Sleep is as on real threads: at most one worker searches, a waker pays for its call, a sleeper wakes after a latency.
final class Simulator {
  struct Worker {
    var current: PolicyTask = 0
    /// Of the current task's slice.
    var used = 0
    /// When the current task's turn began.
    var began: UInt64 = 0
    /// It has used its slice, or yielded: to be given back at the worker's next step.
    var isPreempted = false
    var isSearching = false
    /// It has looked at what others have, once, and found nothing.
    var hasSearched = false
    var isAsleep = false
    /// From when on a sleeper has left its processor: until then a call is a word in memory.
    var awayFrom: UInt64 = 0
    /// What the current task has made runnable in this quantum, in its order.
    var made: [(task: PolicyTask, isNew: Bool)] = []
    var random: UInt64
  }

  /// Reductions between two looks at what others do, and at what code runs: about 1 µs. As many as chance will have it, lest
  /// they fall in step with a loop and always see the same part of it.
  private func quantum(_ me: Int) -> Int { 150 + Int(truncatingIfNeeded: random(me) >> 33) % 100 }

  let costs: CostModel
  let workerCount: Int
  let sliceLength: Int
  let records = TaskRecords()
  let stealing: LanePlace<StealingShared>
  private(set) unowned var work: any SimulatedWork
  private(set) var statistics: SimulationStatistics
  private(set) var policyName: PolicyName
  var trace: SimulationTrace?

  private var other: OtherPolicy<VirtualWorld>?
  private var workers: [Worker]
  private var agenda: VirtualAgenda
  private var traffic: SimulatedTraffic
  private var sleepers: [Int] = []
  private var searching = 0
  /// How many of those have looked at others' queues.
  private var looking = 0
  /// The worker whose step it is, its time, and what the step has cost so far.
  private var active = 0
  private(set) var time: UInt64 = 0
  private var cost = 0.0

  init(
    work: any SimulatedWork, workers count: Int, policy: PolicyName, slice: Int, seed: UInt64,
    costs: CostModel
  ) {
    self.work = work
    self.costs = costs
    workerCount = count
    sliceLength = slice
    policyName = policy
    statistics = SimulationStatistics(workers: count, costs: costs)
    agenda = VirtualAgenda(workers: count)
    traffic = SimulatedTraffic(workers: count)
    workers = (0..<count).map {
      Worker(random: SimulationRandom.mixed(seed &+ UInt64($0) &* 0x9E37_79B9) | 1)
    }
    stealing = Simulator.makeLanes(count, slice)
    other = OtherPolicy(policy, VirtualWorld(simulator: self))
  }

  private static func makeLanes(_ count: Int, _ slice: Int) -> LanePlace<StealingShared> {
    let shared = UnsafeMutablePointer<StealingShared>.allocate(capacity: 1)
    unsafe shared.initialize(to: StealingShared(count: count))
    for worker in 0..<count {
      let lane = UnsafeMutablePointer<StealingLane>.allocate(capacity: 1)
      unsafe lane.initialize(to: StealingLane(worker: worker, slice: slice))
      unsafe shared.pointee.add(LanePlace(unsafe: lane))
    }
    return unsafe LanePlace(unsafe: shared)
  }

  // MARK: Time

  var now: UInt64 { time + UInt64(cost) }

  func charge(_ nanoseconds: Double) { cost += nanoseconds }

  func random(_ worker: Int) -> UInt64 { SimulationRandom.next(&workers[worker].random) }

  /// Plays until the work is over.
  func run() {
    for worker in 0..<workerCount { agenda.plan(worker, at: 0) }
    while !work.isOver {
      guard let (time, worker) = agenda.next() else {
        work.endsDeadlocked()
        break
      }
      self.time = time
      active = worker
      cost = 0
      Clock.virtual(is: time)
      visit(Step(simulator: self, worker: worker))
      changePolicyIfWanted()
    }
    statistics.end = time
    statistics.policy = policyName
  }

  private func visit<Visitor: PolicyVisitor>(_ visitor: Visitor) where Visitor.World == VirtualWorld {
    if let other {
      other.visit(visitor)
    } else {
      visitor.visit(WorkStealing(world: VirtualWorld(simulator: self)))
    }
  }

  private struct Step: PolicyVisitor {
    typealias World = VirtualWorld
    let simulator: Simulator
    let worker: Int
    func visit<Policy: SchedulingPolicy>(_ policy: Policy) where Policy.World == VirtualWorld {
      simulator.step(worker, policy, policy.lane(of: worker))
    }
  }

  // MARK: A worker's step

  private func step<Policy: SchedulingPolicy>(_ me: Int, _ policy: Policy, _ lane: Policy.Lane) {
    if workers[me].isAsleep { wakeUp(me) }
    handOverMade(me, policy, lane)
    if workers[me].isPreempted {
      workers[me].isPreempted = false
      handOver(workers[me].current)
      policy.preempted(workers[me].current, used: workers[me].used, lane)
      workers[me].current = 0
    }
    if work.nextDeadline(me) <= time {
      work.expire(me, at: time) { task in
        charge(costs.timer)
        handOver(task)
        policy.expired(task, lane)
      }
      handOverMade(me, policy, lane)
    }
    if workers[me].current == 0 && !choose(me, policy, lane) { return }
    runQuantum(me, policy, lane)
    agenda.plan(me, at: now)
  }

  /// Finds a task for a worker. False: it has none, and its next step is planned.
  private func choose<Policy: SchedulingPolicy>(_ me: Int, _ policy: Policy, _ lane: Policy.Lane) -> Bool {
    while let task = work.injected() {
      handOver(task)
      policy.expired(task, lane)
    }
    charge(costs.turn)
    let steals = workers[me].isSearching && !workers[me].hasSearched
    if let task = policy.next(lane) ?? (steals ? policy.steal(lane) : nil) {
      begin(task, me)
      return true
    }
    if steals || !workers[me].isSearching && searching == 0 {
      // A search takes time, in which others see that somebody searches.
      if !steals { beginSearch(me) }
      if steals {
        workers[me].hasSearched = true
        looking += 1
      }
      agenda.plan(me, at: now + 1)
      return false
    }
    // The last look before a sleep, at every queue; it may be called meanwhile.
    if policy.seesWork {
      charge(costs.prepare + Double(workerCount) * costs.glance)
      endSearch(me, wakes: false)
      agenda.plan(me, at: now)
    } else {
      sleep(me)
    }
    return false
  }

  private func begin(_ task: PolicyTask, _ me: Int) {
    endSearch(me, wakes: true)
    let number = work.number(of: task)
    // It was made runnable in the middle of another worker's quantum, which this worker's time has not reached.
    let ready = statistics.runnableSince(number)
    if ready > now { charge(Double(ready - now)) }
    if statistics.begins(number, on: me, at: now) { charge(costs.migration) }
    trace?.add(now, me, .runs, number)
    workers[me].current = task
    workers[me].used = 0
    workers[me].began = now
  }

  private func runQuantum<Policy: SchedulingPolicy>(_ me: Int, _ policy: Policy, _ lane: Policy.Lane) {
    let task = workers[me].current
    let number = work.number(of: task)
    let slice = policy.slice(task, lane)
    let start = now
    Clock.virtual(is: start)
    let run = work.run(task, on: me, budget: min(quantum(me), max(1, slice - workers[me].used)))
    workers[me].used += run.used
    charge(Double(run.used - run.fines) * costs.reduction(run.share))
    charge(Double(run.messages) * costs.message + 1)
    charge(Double(run.payloads) * costs.payload)
    charge(costs.far * traffic.far(number, on: me, taken: run.taken, sent: run.messages))
    statistics.ran(number, on: me, run, from: start, to: now)
    switch run.end {
    case .goesOn:
      workers[me].isPreempted = workers[me].used >= slice
    case .yields:
      workers[me].isPreempted = true
    case .waits:
      policy.pausing(task, used: workers[me].used, lane)
      policy.stopped(lane)
      workers[me].current = 0
      trace?.add(now, me, .waits, number)
    case .ended:
      policy.stopped(lane)
      workers[me].current = 0
      statistics.ends(number)
      trace?.add(now, me, .ends, number)
    }
    if workers[me].isPreempted { trace?.add(now, me, .stops, number) }
  }

  // MARK: Making runnable

  private func handOverMade<Policy: SchedulingPolicy>(_ me: Int, _ policy: Policy, _ lane: Policy.Lane) {
    if workers[me].made.isEmpty { return }
    let made = workers[me].made
    workers[me].made.removeAll(keepingCapacity: true)
    for (task, isNew) in made {
      if looking > 0 { charge(costs.watched) }
      if isNew { policy.spawned(task, lane) } else { policy.woken(task, lane) }
    }
  }

  /// A task becomes runnable now.
  private func handOver(_ task: PolicyTask) { statistics.isRunnable(work.number(of: task), at: now) }

  /// What the running task has made runnable.
  func spawned(_ task: PolicyTask) {
    charge(costs.spawn)
    statistics.spawns += 1
    handOver(task)
    let number = work.number(of: task)
    statistics.isMade(number, on: active)
    traffic.begins(number, on: active)
    trace?.add(now, active, .spawns, number)
    workers[active].made.append((task, true))
  }

  func woken(_ task: PolicyTask) {
    charge(costs.wake)
    statistics.wakes += 1
    handOver(task)
    traffic.wakes(work.number(of: task), from: active)
    trace?.add(now, active, .wakes, work.number(of: task))
    workers[active].made.append((task, false))
  }

  /// Made-up work has sent a message to a task that runs or waits for its turn: if that is elsewhere, both pay.
  func sent(to number: Int, from worker: Int) {
    if statistics.lastWorker(of: number) != worker { charge(2 * costs.far) }
  }

  /// From outside, before the simulation begins.
  func start(_ task: PolicyTask, on worker: Int) {
    handOver(task)
    visit(HandOver(task: task, worker: worker, how: .spawned))
  }

  /// Whoever runs there has run for a moment; that it will for another is as likely as what a look of that length would see.
  func goesOn(_ worker: Int) -> Bool {
    guard workers[worker].current != 0, now > workers[worker].began + LiveWorld.moment else { return false }
    charge(Double(LiveWorld.moment))
    return true
  }

  func stole(_ worker: Int) {
    charge(costs.steal)
    statistics.workers[worker].steals += 1
  }

  // MARK: Sleep

  private func sleep(_ me: Int) {
    endSearch(me, wakes: false)
    // On a real machine that never takes the same time twice; if it did here, two workers would meet in step for ever.
    let chance = Double(random(me) >> 11) * 0x1p-53
    charge(costs.prepare + Double(workerCount) * costs.glance + 2 * chance * costs.park)
    workers[me].isAsleep = true
    workers[me].awayFrom = now
    sleepers.append(me)
    statistics.workers[me].parks += 1
    let deadline = work.nextDeadline(me)
    if deadline == UInt64.max { agenda.cancel(me) } else { agenda.plan(me, at: max(deadline, now)) }
  }

  private func wakeUp(_ me: Int) {
    workers[me].isAsleep = false
    sleepers.removeAll { $0 == me }
  }

  private func beginSearch(_ me: Int) {
    workers[me].isSearching = true
    workers[me].hasSearched = false
    searching += 1
  }

  private func endSearch(_ me: Int, wakes: Bool) {
    guard workers[me].isSearching else { return }
    workers[me].isSearching = false
    searching -= 1
    if workers[me].hasSearched { looking -= 1 }
    workers[me].hasSearched = false
    if wakes { wakeOne() }
  }

  func wakeOne() {
    guard searching == 0, let sleeper = sleepers.last else { return }
    call(sleeper)
  }

  func wake(_ worker: Int) {
    if workers[worker].isAsleep { call(worker) } else { wakeOne() }
  }

  private func call(_ sleeper: Int) {
    wakeUp(sleeper)
    beginSearch(sleeper)
    if now < workers[sleeper].awayFrom {
      charge(costs.nudge)
      return agenda.plan(sleeper, at: max(now, workers[sleeper].awayFrom))
    }
    charge(costs.call)
    agenda.plan(sleeper, at: now + UInt64(costs.latency))
  }

  /// A timer was started on a worker, by another one or from outside.
  func timerStarted(on worker: Int, at deadline: UInt64) {
    if workers[worker].isAsleep { agenda.plan(worker, at: max(work.nextDeadline(worker), now)) }
  }

  // MARK: Another policy

  private func changePolicyIfWanted() {
    guard let wanted = work.wantedPolicy(), wanted != policyName else { return }
    var tasks: [PolicyTask] = []
    visit(Drain(body: { tasks.append($0) }))
    for worker in 0..<workerCount {
      tasks += workers[worker].made.map(\.task)
      workers[worker].made = []
    }
    for worker in 0..<workerCount where workers[worker].current != 0 {
      tasks.append(workers[worker].current)
      workers[worker].current = 0
      workers[worker].isPreempted = false
    }
    policyName = wanted
    other = OtherPolicy(wanted, VirtualWorld(simulator: self))
    for (place, task) in tasks.enumerated() {
      visit(HandOver(task: task, worker: place % workerCount, how: .spawned))
    }
  }

  private struct Drain: PolicyVisitor {
    typealias World = VirtualWorld
    let body: (PolicyTask) -> Void
    func visit<Policy: SchedulingPolicy>(_ policy: Policy) where Policy.World == VirtualWorld {
      policy.drain(body)
    }
  }
}

/// Random numbers that are the same for the same seed everywhere (xorshift and SplitMix's finisher).
enum SimulationRandom {
  static func mixed(_ state: UInt64) -> UInt64 {
    var z = state &+ 0x9E37_79B9_7F4A_7C15
    z = (z ^ z >> 30) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ z >> 27) &* 0x94D0_49BB_1331_11EB
    return z ^ z >> 31
  }

  static func next(_ state: inout UInt64) -> UInt64 {
    state ^= state << 13
    state ^= state >> 7
    state ^= state << 17
    return state
  }

  /// In [0, 1).
  static func fraction(_ state: inout UInt64) -> Double { Double(next(&state) >> 11) * 0x1p-53 }
}
