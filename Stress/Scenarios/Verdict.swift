import Observation
import Runtime

/// What came of a scenario.
public struct Verdict: Sendable {
  public let name: String
  public let seed: UInt64
  /// What was wrong; nil: nothing.
  public var failure: String?
  /// Whether that is a step or a wait that took too long, and nothing else. A host that stops a machine for a moment causes that at
  /// random; what takes long in the VM takes long again.
  public var isOnlySlow = false
  public var rounds = 0
  public var nanoseconds: UInt64 = 0
  public var turns: UInt64 = 0
  /// Turns for which a process was held off the run queues.
  public var suspensions = 0
  /// How long steps held their schedulers.
  public var steps = StepReport()
  /// How long processes waited for their turns, by the wall's clock.
  public var queueTimes = Distribution()
  public var longestWait: LongWait?
  /// Its memory over time, if that was watched.
  public var memory: MemoryCurve?
  /// What repeats it.
  public let command: String

  init(_ scenario: Scenario, _ settings: ScenarioSettings, failure: String?) {
    name = scenario.name
    seed = settings.seed
    self.failure = failure
    let options = [
      settings.schedulers.map { " --schedulers \($0)" }, settings.policy.map { " --policy \($0.rawValue)" },
      settings.slice.map { " --slice \($0)" }, settings.heap == .single ? " --heap single" : nil,
    ]
    let duration = scenario.watchesMemory ? " --duration \(settings.milliseconds / 1000)" : ""
    command =
      "ludi stress \(scenario.name) --seed \(settings.seed)\(duration)" + options.compactMap { $0 }.joined()
  }

  /// A line for people.
  public var text: String {
    let time = Duration.text(nanoseconds)
    let gaps =
      "step p99.9 \(Duration.text(steps.busyGaps.quantile(0.999))), longest \(Duration.text(steps.busyGaps.max))"
    let wait = "longest wait for a turn \(Duration.text(longestWait?.nanoseconds ?? 0))"
    let held = suspensions == 0 ? "" : ", \(suspensions) suspended"
    let memory = memory.map { "; \($0.text)" } ?? ""
    return "\(rounds) rounds in \(time), \(turns) turns\(held); \(gaps); \(wait)\(memory)"
  }
}
