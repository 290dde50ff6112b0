import Lanes

/// The world of the simulator: workers without threads, a clock that goes as fast as can be computed, random numbers from
/// a seed.
struct VirtualWorld: StealingWorld {
  let simulator: Simulator

  var workerCount: Int { simulator.workerCount }
  var sliceLength: Int { simulator.sliceLength }
  func now(_ worker: Int) -> UInt64 { simulator.now }
  func random(_ worker: Int) -> UInt64 { simulator.random(worker) }
  func wakeOne() { simulator.wakeOne() }
  func wake(_ worker: Int) { simulator.wake(worker) }
  func looks(_ worker: Int, at other: Int?) { simulator.charge(simulator.costs.look) }
  func goesOn(_ worker: Int, _ asking: Int) -> Bool { simulator.goesOn(worker) }
  func stole(_ worker: Int) { simulator.stole(worker) }
  func number(of task: PolicyTask) -> Int { simulator.work.number(of: task) }
  func task(number: Int) -> PolicyTask { simulator.work.task(number: number) }
  func priority(of task: PolicyTask) -> Priority { simulator.work.priority(of: task) }
  func record(of task: PolicyTask) -> UnsafeMutablePointer<TaskRecord> {
    unsafe simulator.records.record(simulator.work.number(of: task))
  }
  var stealing: UnsafeMutablePointer<StealingShared> { unsafe simulator.stealing.at }
}

/// What the simulator's workers run: real processes, or made-up tasks.
protocol SimulatedWork: AnyObject {
  /// Nothing more is to be simulated.
  var isOver: Bool { get }
  /// Lets a task run for at most so many reductions. What it makes runnable is handed to the simulator at once.
  func run(_ task: PolicyTask, on worker: Int, budget: Int) -> SimulatedRun
  /// When the first of the timers that were started on a worker is due; `UInt64.max`: never.
  func nextDeadline(_ worker: Int) -> UInt64
  /// Tasks on this worker whose time has come.
  func expire(_ worker: Int, at now: UInt64, _ body: (PolicyTask) -> Void)
  /// A task that came from outside the workers.
  func injected() -> PolicyTask?
  /// All workers sleep, and no timer runs: what now?
  func endsDeadlocked()
  /// Another policy that the work has asked for.
  func wantedPolicy() -> PolicyName?

  func number(of task: PolicyTask) -> Int
  func task(number: Int) -> PolicyTask
  func priority(of task: PolicyTask) -> Priority
}

/// What came of letting a task run.
struct SimulatedRun {
  enum End { case goesOn, yields, waits, ended }
  var used: Int
  /// As much of these is no work, but paid for sending to long mailboxes.
  var fines = 0
  /// Sent.
  var messages: Int
  /// What lay in its inbox when it began, and how many of these messages carry objects.
  var taken = 0
  var payloads = 0
  /// What its reductions were made of.
  var share = CodeMix.Share()
  var end: End
}
