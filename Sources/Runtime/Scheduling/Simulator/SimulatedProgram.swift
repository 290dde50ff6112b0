import Lanes
import Memory
import Words

/// The processes of a program as work for the simulator: the real machine, heaps and mailboxes, on one thread.
@safe final class SimulatedProgram: SimulatedWork {
  private let machine: VirtualMachine
  private let shared: UnsafeMutablePointer<SharedState>
  private var simulator: Simulator?
  private let door = VirtualDoor()
  private var mix = CodeMix()

  init(machine: VirtualMachine, unsafe shared: UnsafeMutablePointer<SharedState>) {
    self.machine = machine
    unsafe self.shared = shared
  }

  /// Plays the program that lies ready in the schedulers' rings, until it is over.
  func play(_ plan: SimulationPlan, policy: PolicyName, slice: Int) -> SimulationStatistics {
    Clock.beginVirtual(seed: plan.seed)
    let simulator = Simulator(
      work: self, workers: unsafe shared.pointee.idle.count, policy: policy, slice: slice, seed: plan.seed,
      costs: plan.costs)
    self.simulator = simulator
    if plan.traces { simulator.trace = SimulationTrace() }
    door.simulator = simulator
    var ready: [PolicyTask] = []
    unsafe Scheduler.stealing(shared).drain { ready.append($0) }
    for worker in 0..<simulator.workerCount {
      unsafe shared.pointee.blocks[worker].pointee.lane.close(to: door)
    }
    for task in ready { simulator.start(task, on: 0) }
    simulator.run()
    return simulator.statistics
  }

  /// What happened, as text.
  var trace: [UInt8] { simulator?.trace?.text ?? [] }

  // MARK: SimulatedWork

  var isOver: Bool { unsafe shared.pointee.isStopping.load(ordering: .relaxed) }

  func run(_ task: PolicyTask, on worker: Int, budget: Int) -> SimulatedRun {
    let block = unsafe shared.pointee.blocks[worker]
    let process = Process(queued: task)
    let sent = unsafe block.pointee.sent.now
    let fines = unsafe block.pointee.fines.now
    let (taken, payloads) = SimulatedProgram.inbox(of: process)
    let share = mix.share(at: unsafe UInt(bitPattern: process.block.pointee.pc))
    let quantum = Quantum(budget: budget)
    unsafe Slice.run(process, Scheduler(block: block, machine: machine), quantum, ())
    var used = quantum.used
    var end = quantum.end
    if end == .waits,
      unsafe process.block.pointee.status.load(ordering: .relaxed) == ProcessStatus.ended.rawValue
    {
      end = .ended
      used = unsafe max(0, budget - process.block.pointee.reductions)
    }
    return SimulatedRun(
      used: used, fines: Int(unsafe block.pointee.fines.now - fines),
      messages: Int(unsafe block.pointee.sent.now - sent), taken: taken, payloads: payloads,
      share: share, end: end)
  }

  /// Messages that a process takes out of its inbox when it begins, and how many of them carry objects.
  private static func inbox(of process: Process) -> (messages: Int, payloads: Int) {
    var (messages, payloads) = (0, 0)
    var next = unsafe process.block.pointee.inbox.newest
    while next != 0 {
      let cell = MessageCell(address: next)
      messages += 1
      if cell.payloadWords > 0 { payloads += 1 }
      next = cell.next
    }
    return (messages, payloads)
  }

  func nextDeadline(_ worker: Int) -> UInt64 {
    unsafe shared.pointee.blocks[worker].pointee.nextDeadline.load(ordering: .relaxed)
  }

  func expire(_ worker: Int, at now: UInt64, _ body: (PolicyTask) -> Void) {
    let scheduler = unsafe Scheduler(block: shared.pointee.blocks[worker], machine: machine)
    withoutActuallyEscaping(body) { scheduler.lookAtTimers(Expiry(body: $0), ()) }
  }

  func injected() -> PolicyTask? { unsafe shared.pointee.stealing.inject.pop() }

  func endsDeadlocked() { machine.endDeadlocked() }

  func wantedPolicy() -> PolicyName? { machine.policies.wanted }

  func number(of task: PolicyTask) -> Int { unsafe LiveWorld(unsafe: shared).number(of: task) }
  func task(number: Int) -> PolicyTask { unsafe LiveWorld(unsafe: shared).task(number: number) }
  func priority(of task: PolicyTask) -> Priority { unsafe LiveWorld(unsafe: shared).priority(of: task) }
}

/// Where what the processes make runnable goes on to the simulator.
private final class VirtualDoor: PolicyDoor, @unchecked Sendable {
  // Sendable: a simulation has one thread.
  var simulator: Simulator?
  override func spawned(_ task: PolicyTask, _ worker: Int) { simulator?.spawned(task) }
  override func woken(_ task: PolicyTask, _ worker: Int) { simulator?.woken(task) }
}

/// A "policy" that lets a process run for a quantum and remembers what came of it.
private final class Quantum: SchedulingPolicy {
  typealias World = LiveWorld
  let budget: Int
  var used = 0
  var end = SimulatedRun.End.waits

  init(budget: Int) { self.budget = budget }

  func lane(of worker: Int) {}
  func slice(_ task: PolicyTask, _ lane: Void) -> Int { budget }
  func preempted(_ task: PolicyTask, used: Int, _ lane: Void) {
    self.used = used
    end = used >= budget ? .goesOn : .yields
  }
  func pausing(_ task: PolicyTask, used: Int, _ lane: Void) { self.used = used }
  func stopped(_ lane: Void) { end = .waits }

  // Nothing is handed to it.
  func next(_ lane: Void) -> PolicyTask? { nil }
  func steal(_ lane: Void) -> PolicyTask? { nil }
  func spawned(_ task: PolicyTask, _ lane: Void) {}
  func woken(_ task: PolicyTask, _ lane: Void) {}
  var seesWork: Bool { false }
  func drain(_ body: (PolicyTask) -> Void) {}
}

/// A "policy" that tells whose time has come.
private struct Expiry: SchedulingPolicy {
  typealias World = LiveWorld
  let body: (PolicyTask) -> Void
  func lane(of worker: Int) {}
  func slice(_ task: PolicyTask, _ lane: Void) -> Int { 0 }
  func expired(_ task: PolicyTask, _ lane: Void) { body(task) }
  func next(_ lane: Void) -> PolicyTask? { nil }
  func steal(_ lane: Void) -> PolicyTask? { nil }
  func spawned(_ task: PolicyTask, _ lane: Void) {}
  func woken(_ task: PolicyTask, _ lane: Void) {}
  func preempted(_ task: PolicyTask, used: Int, _ lane: Void) {}
  var seesWork: Bool { false }
  func drain(_ body: (PolicyTask) -> Void) {}
}
