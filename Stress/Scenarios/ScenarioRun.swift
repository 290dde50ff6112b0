import CLinux
import Runtime

/// How scenarios are played.
public struct ScenarioSettings: Sendable {
  public var seed: UInt64 = 0
  /// How long a scenario goes on beginning rounds.
  public var milliseconds = 1000
  /// Nil: as many as the program may use.
  public var schedulers: Int?
  /// Nil: the default.
  public var policy: PolicyName?
  /// Where objects live.
  public var heap = HeapMode.private
  /// Instructions are interpreted, not run as machine code: what computes takes longer.
  public var interprets = false
  /// Reductions of a slice; nil: the usual.
  public var slice: Int?
  /// The longest that a step may hold its scheduler, in nanoseconds of processor time; nil: it is not looked at.
  public var gapLimit: UInt64? = 1_000_000
  /// The longest that a runnable process may wait for its turn, in nanoseconds of busy time; nil: it is not looked at.
  public var starvationLimit: UInt64? = 50_000_000
  /// Breaks the VM on purpose, to see that it is found out.
  public typealias Sabotage = VMOptions.Sabotage
  public var sabotage: Sabotage?
  /// How much longer than told a scenario may take, in seconds of the wall's clock.
  public var patience: UInt64 = 120

  public init() {}
}

extension ScenarioSettings.Sabotage {
  /// All kinds, for messages.
  public static var names: String { allCases.map(\.rawValue).joined(separator: ", ") }
}

/// Plays one scenario on a VM of its own, and watches it.
public struct ScenarioRun {
  private let scenario: Scenario
  private let settings: ScenarioSettings

  public init(_ scenario: Scenario, _ settings: ScenarioSettings) {
    self.scenario = scenario
    self.settings = settings
  }

  /// How often the watchdog looks, in microseconds, and how often progress is told, in nanoseconds.
  private static let lookInterval: UInt32 = 2000
  private static let reportInterval: UInt64 = 200_000_000

  /// Plays it to the end.
  /// - Parameter progress: called some times a second
  public func play(progress: (ScenarioProgress) -> Void) -> Verdict {
    let host: Host
    do {
      let source = scenario.program(seed: settings.seed, milliseconds: settings.milliseconds)
      host = try Host(
        source, name: scenario.name, settings, quietExits: scenario.hasPanics, suspends: scenario.suspends)
    } catch {
      return Verdict(scenario, settings, failure: "the scenario cannot be run: \(error)")
    }
    let start = ludi_monotonic_nanoseconds()
    var curve = scenario.watchesMemory ? MemoryCurve(milliseconds: settings.milliseconds) : nil
    host.start()
    let failure = watch(host, from: start, &curve, progress)
    return judge(host, failure, curve, nanoseconds: ludi_monotonic_nanoseconds() - start)
  }

  /// Looks on until the program has ended or something is wrong; says what.
  private func watch(
    _ host: Host, from start: UInt64, _ curve: inout MemoryCurve?, _ progress: (ScenarioProgress) -> Void
  ) -> String? {
    var watchdog = Watchdog(starvationLimit: settings.starvationLimit)
    var stillness = Stillness()
    let end = start + UInt64(settings.milliseconds) * 1_000_000 + settings.patience * 1_000_000_000
    var nextReport = start
    let complaint = host.watch(everyMicroseconds: ScenarioRun.lookInterval) { now in
      stillness.look(at: host.machine.schedulersView(), now: now)
      curve?.look(at: now - start)
      if let complaint = watchdog.look(at: host.machine, now: now) { return complaint }
      if now >= end {
        return "it did not come to its end within \(settings.patience) s:\n" + host.machine.waitingReport()
      }
      if now >= nextReport {
        nextReport = now + ScenarioRun.reportInterval
        let view = host.machine.schedulersView()
        progress(
          ScenarioProgress(
            name: scenario.name, nanoseconds: now - start, view: view, memory: curve?.points.last))
      }
      return nil
    }
    if let complaint = complaint ?? watchdog.lastLook(at: host.machine) { return complaint }
    guard scenario.needsStillness, stillness.longest < Stillness.enough else { return nil }
    return "schedulers went on turning while nobody had anything to do: they were still for "
      + "\(Duration.text(stillness.longest)) at most"
  }

  private func judge(
    _ host: Host, _ failure: String?, _ curve: MemoryCurve?, nanoseconds: UInt64
  ) -> Verdict {
    var verdict = Verdict(scenario, settings, failure: failure)
    verdict.memory = curve
    verdict.nanoseconds = nanoseconds
    verdict.steps = host.machine.stepReport()
    verdict.queueTimes = host.machine.queueTimes()
    verdict.longestWait = host.machine.longestWait
    verdict.turns = host.machine.schedulersView().turns
    verdict.suspensions = host.machine.suspensionCount
    if let failure {
      verdict.isOnlySlow = failure.hasPrefix(Watchdog.starvation)
      return verdict
    }
    guard case .finished(let shown) = host.outcome, let rounds = shown.flatMap({ Int($0) }) else {
      verdict.failure = "it ended otherwise than with the number of its rounds (its report is above)"
      return verdict
    }
    verdict.rounds = rounds
    let left = host.machine.processesLeft()
    if left > 0 {
      verdict.failure = "\(left) processes are left that neither ended nor count as alive"
      return verdict
    }
    if let complaint = curve?.complaint {
      verdict.failure = complaint
      return verdict
    }
    if let limit = settings.gapLimit, verdict.steps.busyGaps.max > limit {
      let step = verdict.steps.longest.first
      let length = Duration.text(verdict.steps.busyGaps.max)
      verdict.failure =
        "a step held its scheduler for \(length) of processor time: \(step?.text ?? "unknown")"
      verdict.isOnlySlow = true
    }
    return verdict
  }
}

/// Where a scenario is.
public struct ScenarioProgress: Sendable {
  public let name: String
  public let nanoseconds: UInt64
  public let view: SchedulersView
  /// The newest point of its memory, if that is watched.
  public let memory: MemoryCurve.Point?
}
