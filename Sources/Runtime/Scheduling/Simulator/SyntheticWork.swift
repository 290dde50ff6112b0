import Glibc
import Lanes
import Observation

/// The tasks of a `SyntheticWorkload`. A task's word is its number + 1.
final class SyntheticWork: SimulatedWork {
  private enum Kind { case hog, waker, request, node }
  private struct Task {
    var kind: Kind
    /// Of the service under way, in reductions.
    var left = 0
    /// Tokens that wait here, the one in service included.
    var tokens = 0
    var arrived: UInt64 = 0
  }

  private let load: SyntheticWorkload
  private let schedulers: Int
  private var random: UInt64
  private var tasks: [Task] = []
  private var free: [Int] = []
  private var timers: [VirtualTimers]
  /// The chance of each scheduler's own source of requests.
  private var sources: [UInt64]
  private var sent = 0
  private unowned var simulator: Simulator!
  private(set) var responses = Distribution()
  private(set) var hogNumbers: [Int] = []

  init(_ load: SyntheticWorkload, schedulers: Int, seed: UInt64) {
    self.load = load
    self.schedulers = schedulers
    random = SimulationRandom.mixed(seed) | 1
    timers = Array(repeating: VirtualTimers(), count: schedulers)
    sources = (0..<schedulers).map {
      SimulationRandom.mixed(~seed &+ UInt64($0) &* 0xD134_2543_DE82_EF95) | 1
    }
  }

  /// Makes the tasks that are there from the beginning, one scheduler after the other.
  func begin(_ simulator: Simulator) {
    self.simulator = simulator
    for _ in 0..<load.hogs {
      hogNumbers.append(tasks.count)
      add(.hog)
    }
    for _ in 0..<load.wakers { add(.waker, left: service(&random)) }
    let first = tasks.count
    for _ in 0..<load.nodes { tasks.append(Task(kind: .node)) }
    if load.nodes > 0 {
      for _ in 0..<load.tokens { tasks[first + below(load.nodes)].tokens += 1 }
      for number in first..<tasks.count where tasks[number].tokens > 0 {
        tasks[number].left = service(&random)
        simulator.start(PolicyTask(number + 1), on: number % schedulers)
      }
    }
    if load.arrivals > 0 { for worker in 0..<schedulers { planArrival(on: worker, after: 0) } }
  }

  private func add(_ kind: Kind, left: Int = 0) {
    tasks.append(Task(kind: kind, left: left))
    simulator.start(PolicyTask(tasks.count), on: (tasks.count - 1) % schedulers)
  }

  // MARK: Chance

  private func below(_ limit: Int) -> Int { Int(SimulationRandom.next(&random) >> 11) % limit }

  private func service(_ random: inout UInt64) -> Int {
    let mean = Double(load.reductions)
    let chance = 1 - SimulationRandom.fraction(&random)
    switch load.service {
    case .constant: return load.reductions
    case .exponential: return max(1, Int(-mean * Glibc.log(chance)))
    // Of exponent 1.5 the mean is three times the least.
    case .heavy: return max(1, Int(min(mean / 3 / Glibc.pow(chance, 2.0 / 3), 1e9)))
    }
  }

  /// The next request from outside for a scheduler. Each has a source of its own, so that none waits for another's: all
  /// together are a Poisson process of the whole rate.
  private func planArrival(on worker: Int, after time: UInt64) {
    let rate = load.arrivals / Double(schedulers)
    let gap = -Glibc.log(1 - SimulationRandom.fraction(&sources[worker])) / rate * 1e9
    // A scheduler that gets none within a century gets none.
    let deadline = time + UInt64(min(gap, 3e18))
    timers[worker].start(task: 0, at: deadline)
    simulator.timerStarted(on: worker, at: deadline)
  }

  // MARK: SimulatedWork

  var isOver: Bool {
    load.messages > 0 ? sent >= load.messages : simulator.time >= UInt64(load.milliseconds * 1_000_000)
  }

  func run(_ task: PolicyTask, on worker: Int, budget: Int) -> SimulatedRun {
    let number = Int(task) - 1
    if tasks[number].kind == .hog { return SimulatedRun(used: budget, messages: 0, end: .goesOn) }
    if tasks[number].left > budget {
      tasks[number].left -= budget
      return SimulatedRun(used: budget, messages: 0, end: .goesOn)
    }
    let used = tasks[number].left
    tasks[number].left = 0
    switch tasks[number].kind {
    case .node: return pass(number, used, worker)
    case .request:
      responses.record(simulator.now &- tasks[number].arrived)
      free.append(number)
      return SimulatedRun(used: used, messages: 0, end: .ended)
    case .waker, .hog:
      if tasks[number].arrived > 0 { responses.record(simulator.now &- tasks[number].arrived) }
      tasks[number].left = service(&random)
      timers[worker].start(task: task, at: simulator.now + UInt64(load.wakeMilliseconds * 1_000_000))
      return SimulatedRun(used: used, messages: 0, end: .waits)
    }
  }

  /// A node sends the token that it has served on to a random one.
  private func pass(_ number: Int, _ used: Int, _ worker: Int) -> SimulatedRun {
    let first = load.hogs + load.wakers
    let target = first + below(load.nodes)
    sent += 1
    tasks[number].tokens -= 1
    tasks[target].tokens += 1
    if tasks[number].tokens > 0 { tasks[number].left = service(&random) }
    if target != number && tasks[target].tokens > 1 { simulator.sent(to: target, from: worker) }
    if target != number && tasks[target].tokens == 1 {
      tasks[target].left = service(&random)
      simulator.woken(PolicyTask(target + 1))
    }
    return SimulatedRun(used: used, messages: 1, end: tasks[number].tokens > 0 ? .goesOn : .waits)
  }

  func nextDeadline(_ worker: Int) -> UInt64 { timers[worker].first?.deadline ?? UInt64.max }

  func expire(_ worker: Int, at now: UInt64, _ body: (PolicyTask) -> Void) {
    while let timer = timers[worker].popDue(at: now) {
      if timer.task != 0 {
        tasks[Int(timer.task) - 1].arrived = timer.deadline
        body(timer.task)
        continue
      }
      let request = Task(kind: .request, left: service(&sources[worker]), arrived: timer.deadline)
      let number = free.popLast() ?? tasks.count
      if number == tasks.count { tasks.append(request) } else { tasks[number] = request }
      simulator.spawned(PolicyTask(number + 1))
      planArrival(on: worker, after: timer.deadline)
    }
  }

  func injected() -> PolicyTask? { nil }
  func endsDeadlocked() {}
  func wantedPolicy() -> PolicyName? { nil }
  func number(of task: PolicyTask) -> Int { Int(task) - 1 }
  func task(number: Int) -> PolicyTask { PolicyTask(number + 1) }
  func priority(of task: PolicyTask) -> Priority { .normal }
}

/// The timers of one worker: few, so a list in the order of their deadlines will do.
private struct VirtualTimers {
  private(set) var entries: [(deadline: UInt64, task: PolicyTask)] = []

  var first: (deadline: UInt64, task: PolicyTask)? { entries.last }

  /// Entries are kept latest first.
  mutating func start(task: PolicyTask, at deadline: UInt64) {
    var (low, high) = (0, entries.count)
    while low < high {
      let middle = (low + high) / 2
      if entries[middle].deadline > deadline { low = middle + 1 } else { high = middle }
    }
    entries.insert((deadline, task), at: low)
  }

  mutating func popDue(at now: UInt64) -> (deadline: UInt64, task: PolicyTask)? {
    guard let last = entries.last, last.deadline <= now else { return nil }
    return entries.removeLast()
  }
}
