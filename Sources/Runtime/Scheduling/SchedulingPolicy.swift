/// A process as policies see it: a word that names it and says nothing else; never 0.
typealias PolicyTask = UInt

/// How processes are shared out among workers: which one runs next, where a woken or new one goes, what a worker takes
/// from others when it has nothing, and how long a slice is.
///
/// A policy sees a world of workers (`PolicyWorld`), never threads: the same code runs on real threads and in the
/// simulator. What it must keep, whatever else it does:
///
/// S1  A task that was handed over (`spawned`, `woken`, `expired`, `preempted`) is given back once, by `next`, `steal` or
///     `drain`. In between it is the policy's alone; before and after, the policy does not touch it.
/// S2  Whoever calls `next` and `steal` on one lane until both give nothing has been given every task that no other
///     worker has taken, or holds for its own next turn (a wake slot): a scheduler that searches finds all there is. So
///     waking any one sleeper is enough.
/// S3  A task that was handed over can be found (S2) before `wakeOne` or `wake` of the world is called for it, and one of
///     them is called; unless its own worker takes it next, and calls one of them if what runs there now is preempted first.
/// S4  Every task is given back in the end, however many others come: nothing that can run waits for ever.
///
/// All calls with a lane come from the worker that it belongs to, one at a time, but for `drain`, and what is handed over
/// when policies change: then no worker runs.
protocol SchedulingPolicy {
  associatedtype World: PolicyWorld
  /// What the policy keeps for one worker.
  associatedtype Lane

  /// Whether it takes tasks from the injection queue by itself, instead of being given them.
  static var takesInjected: Bool { get }

  func lane(of worker: Int) -> Lane

  /// Reductions that this task may use now.
  func slice(_ task: PolicyTask, _ lane: Lane) -> Int

  /// What this worker runs next; nil: it has nothing, and may search.
  func next(_ lane: Lane) -> PolicyTask?
  /// The same for a worker that searches: looks at what others have.
  func steal(_ lane: Lane) -> PolicyTask?
  /// Another worker has stood still for long: this one may take over what only that one could run.
  func relieve(_ worker: Int, _ lane: Lane)

  /// A new task.
  func spawned(_ task: PolicyTask, _ lane: Lane)
  /// A task that waited was sent a message by the task that runs on this lane.
  func woken(_ task: PolicyTask, _ lane: Lane)
  /// A task that waited has reached its time, or was woken from outside the workers.
  func expired(_ task: PolicyTask, _ lane: Lane)
  /// A task has used its slice, or gave it up, after so many reductions, and can go on.
  func preempted(_ task: PolicyTask, used: Int, _ lane: Lane)
  /// The running task is about to wait, after so many reductions of its slice. Called before anybody can wake it. It may go
  /// on after all, and then one of these calls comes again with the sum.
  func pausing(_ task: PolicyTask, used: Int, _ lane: Lane)
  /// The task that ran here waits or has ended; it is no longer this worker's.
  func stopped(_ lane: Lane)

  /// Whether some worker might find something: the last look before a sleep.
  var seesWork: Bool { get }

  /// Gives every task that waits to `body`, oldest first as far as the policy knows. No worker runs.
  func drain(_ body: (PolicyTask) -> Void)
}

extension SchedulingPolicy {
  static var takesInjected: Bool { @inline(__always) get { false } }
  @inline(__always) func relieve(_ worker: Int, _ lane: Lane) {}
  @inline(__always) func pausing(_ task: PolicyTask, used: Int, _ lane: Lane) {}
  @inline(__always) func stopped(_ lane: Lane) {}
  @inline(__always) func expired(_ task: PolicyTask, _ lane: Lane) { woken(task, lane) }
}

/// Where one worker's part of a policy lies: memory that is never moved nor given back.
@safe struct LanePlace<Value: ~Copyable> {
  let at: UnsafeMutablePointer<Value>
  @inline(__always) init(unsafe at: UnsafeMutablePointer<Value>) { unsafe self.at = at }
}

/// The policies that there are, by the names that `--policy` and `set_policy!` take.
public enum PolicyName: String, CaseIterable, Sendable {
  case roundRobin = "round_robin"
  case globalQueue = "global_queue"
  case workStealing = "work_stealing"
  case lifoStealing = "lifo_stealing"
  case priority
  case fairShare = "fair_share"
  case affinity

  /// Names are written with `_` or `-`.
  public init?(text: String) {
    self.init(rawValue: String(text.map { $0 == "-" ? "_" : $0 }))
  }

  /// All names, for messages.
  public static var list: String { allCases.map(\.rawValue).joined(separator: ", ") }

  /// A line about it.
  public var summary: String {
    switch self {
    case .roundRobin: "a plain loop over all processes"
    case .globalQueue: "one queue for all schedulers"
    case .workStealing: "a ring and a wake slot for each scheduler; idle ones steal half of another's ring"
    case .lifoStealing: "a Chase-Lev deque for each scheduler: the newest first, thieves take the oldest"
    case .priority: "four levels; what waits rises"
    case .fairShare: "the earliest eligible virtual deadline first"
    case .affinity: "processes stay where they ran; queues are balanced now and then"
    }
  }
}

/// How urgent a process is (language.md §2.1, `spawn!`).
enum Priority: UInt8, CaseIterable {
  case low, normal, high, max

  /// Its share beside others: each level has four times the one below.
  var weight: UInt64 { 256 << (2 * UInt64(rawValue)) }
}
