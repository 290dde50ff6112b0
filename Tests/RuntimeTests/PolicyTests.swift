import Foundation
import XCTest

@testable import Runtime

/// The law of scheduling policies (S1, S2, S4), against random histories of tasks without code.
final class PolicyTests: XCTestCase {
  /// A history: workers take tasks, give them up, wake and spawn others, search, and the policy changes.
  private struct History {
    var random: Seeded
    let workers: Int
    /// Where each task is: waits for a message, is the policy's, or runs on a worker.
    var state: [PolicyTask: String] = [:]
    var running: [PolicyTask]
    var complaint: String?

    init(seed: UInt64, workers: Int) {
      random = Seeded(seed)
      self.workers = workers
      running = Array(repeating: 0, count: workers)
    }

    mutating func take(_ task: PolicyTask, _ worker: Int) {
      if state[task] != "queued" {
        complaint = "task \(task) was given back though it is \(state[task] ?? "unknown")"
      }
      state[task] = "running"
      running[worker] = task
    }
  }

  private final class NoWork: SimulatedWork {
    /// All have the same priority.
    var isEqual = false
    var isOver: Bool { true }
    func run(_ task: PolicyTask, on worker: Int, budget: Int) -> SimulatedRun {
      SimulatedRun(used: 0, messages: 0, end: .ended)
    }
    func nextDeadline(_ worker: Int) -> UInt64 { UInt64.max }
    func expire(_ worker: Int, at now: UInt64, _ body: (PolicyTask) -> Void) {}
    func injected() -> PolicyTask? { nil }
    func endsDeadlocked() {}
    func wantedPolicy() -> PolicyName? { nil }
    func number(of task: PolicyTask) -> Int { Int(task) - 2 }
    func task(number: Int) -> PolicyTask { PolicyTask(number + 2) }
    func priority(of task: PolicyTask) -> Priority {
      isEqual ? .normal : Priority.allCases[Int(task % 4)]
    }
  }

  /// Plays a history against a policy; what was wrong, or nil.
  private struct Play: PolicyVisitor {
    typealias World = VirtualWorld
    let seed: UInt64
    let workers: Int
    let report: (String?) -> Void

    func visit<Policy: SchedulingPolicy>(_ policy: Policy) where Policy.World == VirtualWorld {
      var history = History(seed: seed, workers: workers)
      for _ in 0..<3000 where history.complaint == nil { step(policy, &history) }
      if history.complaint == nil { finish(policy, &history) }
      report(history.complaint)
    }

    private func step<Policy: SchedulingPolicy>(_ policy: Policy, _ history: inout History) {
      let worker = history.random.below(workers)
      let lane = policy.lane(of: worker)
      let current = history.running[worker]
      guard current != 0 else {
        if let task = policy.next(lane) ?? policy.steal(lane) {
          history.take(task, worker)
        } else if history.running.allSatisfy({ $0 == 0 }) {
          everybodyLooks(policy, &history)
          spawn(policy, lane, &history)
        }
        return
      }
      switch history.random.below(8) {
      case 0...1: spawn(policy, lane, &history)
      case 2...3:
        guard let sleeper = history.state.filter({ $0.value == "waiting" }).keys.min() else { return }
        history.state[sleeper] = "queued"
        if history.random.below(3) == 0 { policy.expired(sleeper, lane) } else { policy.woken(sleeper, lane) }
      case 4...5:
        history.state[current] = "queued"
        history.running[worker] = 0
        policy.preempted(current, used: 1 + history.random.below(4000), lane)
      case 6:
        policy.pausing(current, used: history.random.below(4000), lane)
        history.state[current] = "waiting"
        history.running[worker] = 0
        policy.stopped(lane)
      default:
        history.state[current] = nil
        history.running[worker] = 0
        policy.stopped(lane)
      }
    }

    /// Tasks that all end are all found by turns.
    private func runDry<Policy: SchedulingPolicy>(_ policy: Policy, _ history: inout History) {
      for _ in 0..<150 { spawn(policy, policy.lane(of: history.random.below(workers)), &history) }
      while !history.state.isEmpty, history.complaint == nil {
        everybodyLooks(policy, &history)
        for worker in 0..<workers where history.running[worker] != 0 {
          history.state[history.running[worker]] = nil
          history.running[worker] = 0
          policy.stopped(policy.lane(of: worker))
        }
      }
    }

    /// Nobody runs: one of them must find what there is (a worker that runs may hold a task for its own next turn).
    private func everybodyLooks<Policy: SchedulingPolicy>(_ policy: Policy, _ history: inout History) {
      guard history.state.values.contains("queued") else { return }
      for worker in 0..<workers {
        let lane = policy.lane(of: worker)
        if let task = policy.next(lane) ?? policy.steal(lane) { return history.take(task, worker) }
      }
      history.complaint = "nobody finds a task that is there (S2)"
    }

    private func spawn<Policy: SchedulingPolicy>(
      _ policy: Policy, _ lane: Policy.Lane, _ history: inout History
    ) {
      guard history.state.count < 900,
        let task = (2..<1000).first(where: { history.state[PolicyTask($0)] == nil })
      else { return }
      history.state[PolicyTask(task)] = "queued"
      policy.spawned(PolicyTask(task), lane)
    }

    /// What is left comes out once: half by turns, half by `drain`.
    private func finish<Policy: SchedulingPolicy>(_ policy: Policy, _ history: inout History) {
      for worker in 0..<workers where history.running[worker] != 0 {
        history.state[history.running[worker]] = nil
        history.running[worker] = 0
        policy.stopped(policy.lane(of: worker))
      }
      for _ in 0..<history.state.count / 2 {
        guard let task = policy.next(policy.lane(of: 0)) ?? policy.steal(policy.lane(of: 0)) else { break }
        history.take(task, 0)
        history.state[task] = nil
        history.running[0] = 0
        policy.stopped(policy.lane(of: 0))
      }
      var drained: [PolicyTask] = []
      policy.drain { drained.append($0) }
      for task in drained {
        history.take(task, 0)
        history.state[task] = nil
        history.running[0] = 0
      }
      // What waits for a message is forgotten.
      history.state = history.state.filter { $0.value == "queued" }
      if history.state.values.contains("queued") { history.complaint = "a task was lost (S1)" }
      if history.complaint == nil { runDry(policy, &history) }
      if policy.seesWork { history.complaint = "it sees work where there is none: its workers never sleep" }
    }
  }

  private func world(workers: Int, seed: UInt64, isEqual: Bool = false) -> (VirtualWorld, any SimulatedWork) {
    let work = NoWork()
    work.isEqual = isEqual
    let simulator = Simulator(
      work: work, workers: workers, policy: .workStealing, slice: 4000, seed: seed, costs: CostModel())
    return (VirtualWorld(simulator: simulator), work)
  }

  func testEveryPolicyKeepsTheLaw() {
    for round in 0..<20 {
      let seed = UInt64.random(in: 0..<1_000_000_000)
      let (world, work) = world(workers: 1 + round % 5, seed: seed)
      for name in PolicyName.allCases {
        let play = Play(seed: seed, workers: 1 + round % 5) {
          XCTAssertNil($0, "\(name.rawValue), seed \(seed)")
        }
        if let other = OtherPolicy(name, world) {
          other.visit(play)
        } else {
          play.visit(WorkStealing(world: world))
        }
      }
      withExtendedLifetime(work) {}
    }
  }

  /// Tasks that only compute take turns on workers, in step: what share each has had.
  private struct Compute: PolicyVisitor {
    typealias World = VirtualWorld
    let workers: Int
    let tasks: Int
    /// They wait, at the end of a turn, for a time that comes at once, instead of using their slices.
    let polls: Bool
    let report: ([Double]) -> Void

    func visit<Policy: SchedulingPolicy>(_ policy: Policy) where Policy.World == VirtualWorld {
      // All but one on the same worker.
      for task in 0..<tasks {
        policy.spawned(PolicyTask(task + 2), policy.lane(of: task == 0 ? workers - 1 : 0))
      }
      var running = [PolicyTask](repeating: 0, count: workers)
      var turns = [Double](repeating: 0, count: tasks)
      for round in 0..<workers * Balancing.interval * 2_000 {
        let worker = round % workers
        let lane = policy.lane(of: worker)
        if running[worker] != 0 { giveBack(running[worker], policy, lane) }
        running[worker] = policy.next(lane) ?? policy.steal(lane) ?? 0
        if running[worker] != 0 { turns[Int(running[worker]) - 2] += 1 }
      }
      report(turns)
    }

    private func giveBack<Policy: SchedulingPolicy>(
      _ task: PolicyTask, _ policy: Policy, _ lane: Policy.Lane
    ) {
      guard polls else { return policy.preempted(task, used: 4_000, lane) }
      policy.pausing(task, used: 1_000, lane)
      policy.stopped(lane)
      policy.expired(task, lane)
    }
  }

  private func checkShares(_ name: PolicyName, _ workers: Int, _ tasks: Int, polls: Bool, above bound: Double)
  {
    let seed = UInt64.random(in: 0..<1_000_000_000)
    let (world, work) = world(workers: workers, seed: seed, isEqual: true)
    let play = Compute(workers: workers, tasks: tasks, polls: polls) { turns in
      let jain = pow(turns.reduce(0, +), 2) / (Double(tasks) * turns.reduce(0) { $0 + $1 * $1 })
      XCTAssertGreaterThan(
        jain, bound,
        "\(name.rawValue), \(tasks) on \(workers) workers, \(polls ? "polling, " : "")seed \(seed): \(turns)")
    }
    if let other = OtherPolicy(name, world) {
      other.visit(play)
    } else {
      play.visit(WorkStealing(world: world))
    }
    withExtendedLifetime(work) {}
  }

  /// Eight on two workers, one of them alone at first, get the same under every policy.
  func testComputingTasksShareTheWorkersUnderEveryPolicy() {
    for name in PolicyName.allCases {
      for polls in [false, true] { checkShares(name, 2, 8, polls: polls, above: 0.999) }
    }
  }

  /// And so do numbers that cannot be divided, in turns; but for `affinity`, where everybody stays where it is.
  func testComputingTasksShareTheWorkersInTurns() {
    for name in PolicyName.allCases where name != .affinity {
      for (workers, tasks) in [(2, 7), (2, 3), (4, 10), (8, 9)] {
        for polls in [false, true] { checkShares(name, workers, tasks, polls: polls, above: 0.99) }
      }
    }
  }

  /// Balancing takes half of the difference, not half of what the other has.
  func testBalancingTakesNoMoreThanTheDifferenceNeeds() {
    let (world, work) = world(workers: 2, seed: 1)
    let policy = WorkStealing(world: world)
    let (long, short) = (policy.lane(of: 0), policy.lane(of: 1))
    for task in 2..<12 { policy.spawned(PolicyTask(task), long) }
    for task in 12..<18 { policy.spawned(PolicyTask(task), short) }
    var running = policy.next(short)
    // It looks at a random worker, which may be itself.
    for _ in 0..<Balancing.interval * 30 {
      guard let task = running else { return XCTFail("the worker lost its tasks") }
      policy.preempted(task, used: 4_000, short)
      running = policy.next(short)
    }
    var left = 0
    while policy.next(long) != nil { left += 1 }
    // 10 and one that runs, as far as the other knows, beside 6: it takes 3.
    XCTAssertEqual(left, 7)
    withExtendedLifetime(work) {}
  }

  // MARK: Broken policies are caught

  private enum Fault { case loses, doubles, hides }

  /// A queue for all that forgets, doubles or never finds every hundredth task.
  private final class Broken: SchedulingPolicy {
    typealias World = VirtualWorld
    let fault: Fault
    var queue: [PolicyTask] = []
    var hidden: [PolicyTask] = []
    var count = 0
    init(_ fault: Fault) { self.fault = fault }
    func lane(of worker: Int) -> Int { worker }
    func slice(_ task: PolicyTask, _ lane: Int) -> Int { 4000 }
    func next(_ lane: Int) -> PolicyTask? {
      return queue.isEmpty ? nil : queue.removeFirst()
    }
    func steal(_ lane: Int) -> PolicyTask? { next(lane) }
    func spawned(_ task: PolicyTask, _ lane: Int) {
      count += 1
      if fault == .loses && count % 100 == 0 { return }
      if fault == .hides && count % 100 == 0 { return hidden.append(task) }
      queue.append(task)
      if fault == .doubles && count % 100 == 0 { queue.append(task) }
    }
    func woken(_ task: PolicyTask, _ lane: Int) { spawned(task, lane) }
    func preempted(_ task: PolicyTask, used: Int, _ lane: Int) { spawned(task, lane) }
    var seesWork: Bool { !queue.isEmpty }
    func drain(_ body: (PolicyTask) -> Void) {
      (queue + hidden).forEach(body)
      queue = []
      hidden = []
    }
  }

  func testBrokenPoliciesAreCaught() {
    for fault in [Fault.loses, .doubles, .hides] {
      Play(seed: 1, workers: 3) { XCTAssertNotNil($0, "\(fault)") }.visit(Broken(fault))
    }
  }

  // MARK: What is particular to one

  private func order(_ name: PolicyName, _ tasks: [PolicyTask]) -> [PolicyTask] {
    let (world, work) = world(workers: 1, seed: 1)
    let found = Order()
    OtherPolicy(name, world)?.visit(Collect(tasks: tasks, found: found))
    withExtendedLifetime(work) {}
    return found.tasks
  }

  private final class Order { var tasks: [PolicyTask] = [] }

  private struct Collect: PolicyVisitor {
    typealias World = VirtualWorld
    let tasks: [PolicyTask]
    let found: Order
    func visit<Policy: SchedulingPolicy>(_ policy: Policy) where Policy.World == VirtualWorld {
      for task in tasks { policy.spawned(task, policy.lane(of: 0)) }
      while let task = policy.next(policy.lane(of: 0)) {
        found.tasks.append(task)
        policy.stopped(policy.lane(of: 0))
      }
    }
  }

  func testOrders() {
    // The priority of a task is its number modulo 4.
    XCTAssertEqual(order(.globalQueue, [9, 3, 6]), [9, 3, 6])
    XCTAssertEqual(order(.lifoStealing, [9, 3, 6]), [6, 3, 9])
    XCTAssertEqual(order(.roundRobin, [9, 3, 6]), [3, 6, 9])
    XCTAssertEqual(order(.priority, [4, 5, 6, 7, 8, 11]), [7, 11, 6, 5, 4, 8])
    XCTAssertEqual(order(.fairShare, [4, 5, 6, 7]), [7, 6, 5, 4])
  }
}
