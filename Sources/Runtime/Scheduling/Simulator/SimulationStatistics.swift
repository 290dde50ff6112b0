import Observation

/// What a simulation has come to. The same seed gives the same, to the last digit.
public struct SimulationStatistics: Sendable, Equatable {
  /// What one worker did.
  public struct Worker: Sendable, Equatable {
    /// Time in which tasks ran.
    public var busy: UInt64 = 0
    public var turns: UInt64 = 0
    public var steals: UInt64 = 0
    public var parks: UInt64 = 0
  }

  private struct Task: Sendable, Equatable {
    var runnableSince: UInt64 = 0
    var ranUntil: UInt64 = 0
    var worker: Int32 = -1
    var reductions: UInt64 = 0
  }

  public internal(set) var policy = PolicyName.workStealing
  /// What things took.
  public let costs: CostModel
  /// Virtual nanoseconds.
  public internal(set) var end: UInt64 = 0
  public internal(set) var workers: [Worker]
  public private(set) var reductions: UInt64 = 0
  public private(set) var messages: UInt64 = 0
  /// Tasks made runnable by another one: new ones, and those that waited.
  public internal(set) var spawns: UInt64 = 0
  public internal(set) var wakes: UInt64 = 0
  /// Turns of tasks on another worker than their last one, or than the one that made them.
  public private(set) var migrations: UInt64 = 0
  /// From becoming runnable to running, in virtual nanoseconds.
  public private(set) var delays = Distribution()
  private var tasks: [Task] = []

  init(workers count: Int, costs: CostModel) {
    workers = Array(repeating: Worker(), count: count)
    self.costs = costs
  }

  mutating func isRunnable(_ number: Int, at time: UInt64) {
    if number >= tasks.count {
      tasks += Array(repeating: Task(), count: max(number + 1 - tasks.count, tasks.count))
    }
    // It may be sent something while the quantum in which it began to wait is being played.
    tasks[number].runnableSince = max(time, tasks[number].ranUntil)
  }

  /// The task was made by what runs on this worker, in whose cache it is.
  mutating func isMade(_ number: Int, on worker: Int) { tasks[number].worker = Int32(worker) }

  /// The worker on which a task ran last, or was made; -1: none.
  func lastWorker(of number: Int) -> Int { Int(tasks[number].worker) }

  func runnableSince(_ number: Int) -> UInt64 { tasks[number].runnableSince }

  /// Whether the task comes from another worker.
  mutating func begins(_ number: Int, on worker: Int, at time: UInt64) -> Bool {
    delays.record(time > tasks[number].runnableSince ? time - tasks[number].runnableSince : 0)
    workers[worker].turns += 1
    let last = tasks[number].worker
    tasks[number].worker = Int32(worker)
    let moves = last >= 0 && last != Int32(worker)
    if moves { migrations += 1 }
    return moves
  }

  mutating func ran(_ number: Int, on worker: Int, _ run: SimulatedRun, from start: UInt64, to end: UInt64) {
    workers[worker].busy += end - start
    tasks[number].ranUntil = end
    tasks[number].reductions += UInt64(run.used)
    reductions += UInt64(run.used)
    messages += UInt64(run.messages)
  }

  /// The next task of this number is another one.
  mutating func ends(_ number: Int) { tasks[number] = Task() }

  /// Jain's index of what some tasks have had: 1 if all had the same, 1/n if one had all.
  func fairness(of numbers: [Int]) -> Double {
    var sum = 0.0
    var squares = 0.0
    for number in numbers where number < tasks.count {
      let share = Double(tasks[number].reductions)
      sum += share
      squares += share * share
    }
    return squares == 0 ? 1 : sum * sum / (Double(numbers.count) * squares)
  }

  /// For people, a line each.
  public var text: String {
    func total(_ part: KeyPath<Worker, UInt64>) -> UInt64 { workers.reduce(0) { $0 + $1[keyPath: part] } }
    let busy = end == 0 ? 0 : Double(total(\.busy)) / Double(end) / Double(workers.count)
    let rows: [(String, String)] = [
      ("policy", policy.rawValue), ("schedulers", "\(workers.count)"),
      ("virtual time", "\(Double(end) / 1_000_000) ms"), ("running", "\((busy * 1000).rounded() / 10) %"),
      ("reductions", "\(reductions)"), ("messages", "\(messages)"),
      ("spawns", "\(spawns)"), ("wakes", "\(wakes)"), ("turns", "\(total(\.turns))"),
      ("migrations", "\(migrations)"), ("steals", "\(total(\.steals))"), ("parks", "\(total(\.parks))"),
      ("delay, median", "\(Double(delays.quantile(0.5)) / 1000) µs"),
      ("delay, p99", "\(Double(delays.quantile(0.99)) / 1000) µs"),
      ("delay, p99.9", "\(Double(delays.quantile(0.999)) / 1000) µs"),
      ("delay, worst", "\(Double(delays.max) / 1000) µs"),
      ("costs", costs.text),
    ]
    return rows.map { $0.0 + String(repeating: " ", count: 15 - $0.0.count) + $0.1 + "\n" }.joined()
  }
}
