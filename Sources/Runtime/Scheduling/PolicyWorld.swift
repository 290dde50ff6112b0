/// What a policy knows of the machine and may do to it: workers, a clock, random numbers, and the sleep of workers.
///
/// There are two: `LiveWorld` (threads, the system's clock) and `VirtualWorld` (the simulator's).
protocol PolicyWorld {
  /// Workers are numbered from 0.
  var workerCount: Int { get }
  /// Reductions of an ordinary slice.
  var sliceLength: Int { get }
  /// Nanoseconds, never backwards.
  func now(_ worker: Int) -> UInt64
  /// A random number, of a worker's own sequence.
  func random(_ worker: Int) -> UInt64

  /// A task that anybody may take can be found.
  func wakeOne()
  /// A task that this worker had better take can be found: it is woken if it sleeps, else as `wakeOne`.
  func wake(_ worker: Int)
  /// A worker looks at what another has; a moment's pause between two rounds is `other == nil`.
  func looks(_ worker: Int, at other: Int?)
  /// Whether a worker's turn is none of those that are over in a moment. Takes the other one, who asks, that moment.
  func goesOn(_ worker: Int, _ asking: Int) -> Bool
  /// A worker has taken tasks that were another's.
  func stole(_ worker: Int)

  /// A small number that no other living task has.
  func number(of task: PolicyTask) -> Int
  func task(number: Int) -> PolicyTask
  func priority(of task: PolicyTask) -> Priority
  /// What the policy keeps for a task; it belongs to whoever holds the task.
  func record(of task: PolicyTask) -> UnsafeMutablePointer<TaskRecord>
}

/// What policies keep for one task while it lives. Each uses what it needs.
@safe struct TaskRecord {
  /// How far the task is behind (above 0) or ahead of its fair share when it does not wait in a queue.
  var lag: Int64 = 0
  /// The worker on which it ran last; -1: none.
  var worker: Int32 = -1
}
