/// Made-up work for the simulator, for machines and loads that no program has yet.
public struct SyntheticWorkload: Sendable {
  /// How much service a request or a message takes, around a mean in reductions.
  public enum Service: String, CaseIterable, Sendable {
    /// Always the mean.
    case constant
    /// Memoryless.
    case exponential
    /// Pareto with exponent 1.5: most are short, some are very long.
    case heavy
  }

  /// Processes that compute for ever.
  public var hogs = 0
  /// Processes that wake every `wakeMilliseconds` and then take one service.
  public var wakers = 0
  public var wakeMilliseconds = 1.0
  /// Requests a second, from outside, independent of each other: each a process that arrives at a random scheduler, takes one
  /// service and ends.
  public var arrivals = 0.0
  /// Processes that send each other tokens: `tokens` of them are under way, each receipt takes one service and sends it on.
  public var nodes = 0
  public var tokens = 0
  /// The simulation ends after so many messages; 0: after `milliseconds`.
  public var messages = 0
  public var service = Service.exponential
  /// The mean, in reductions.
  public var reductions = 100
  /// Virtual time at which the simulation ends.
  public var milliseconds = 1_000.0

  public init() {}

  /// Plays it. What it gives depends on the arguments alone.
  public func simulate(
    schedulers: Int, policy: PolicyName, slice: Int? = nil, seed: UInt64, costs: CostModel = CostModel()
  ) -> SyntheticResult {
    let work = SyntheticWork(self, schedulers: schedulers, seed: seed)
    let simulator = Simulator(
      work: work, workers: schedulers, policy: policy, slice: slice ?? Scheduler.slice, seed: seed,
      costs: costs)
    work.begin(simulator)
    simulator.run()
    return SyntheticResult(
      statistics: simulator.statistics, responses: work.responses,
      fairness: simulator.statistics.fairness(of: work.hogNumbers))
  }
}
