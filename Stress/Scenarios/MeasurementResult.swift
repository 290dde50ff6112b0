import CLinux
import Observation
import Runtime

/// What a measurement found.
public struct MeasurementResult: Sendable {
  public let name: String
  /// What went wrong; nil: nothing.
  public var failure: String?
  /// In nanoseconds.
  public var delays = Distribution()
  /// The same without the time in which a processor was away: a scheduler that had something to do had none, or a thread that
  /// does nothing but sleep woke late. And how late such threads woke (`HostWitness`).
  public var delaysApart = Distribution()
  public var host = Distribution()
  /// How long runnable processes waited for their turns, in nanoseconds.
  public var queueTimes = Distribution()
  /// Over the whole run, and the worst of its windows.
  public var shares: Shares?
  public var worstWindow: Shares?
  public var steps = StepReport()
  public var longestWait: UInt64 = 0
  /// What timers cost, if that was measured.
  public var timers: TimerCosts?
  /// Each goal: its name, its limit, what was reached, whether that is enough.
  public var goals: [(name: String, limit: String, value: String, isMet: Bool)] = []

  init(name: String) { self.name = name }
}

extension Measurement {
  /// How long a window is over which shares are compared, in nanoseconds.
  private static let window: UInt64 = 100_000_000
  /// Of how many processes shares are compared.
  private static let comparedProcesses = 2000

  /// Measures. `milliseconds`: nil for its own.
  public func run(milliseconds: Int?, _ settings: ScenarioSettings) -> MeasurementResult {
    var result = MeasurementResult(name: name)
    let host: Host
    do {
      let source = source(milliseconds ?? Int(seconds * 1000))
      host = try Host(source, name: name, settings, metersTimers: metersTimers)
    } catch {
      result.failure = "it cannot be run: \(error)"
      return result
    }
    let witness = HostWitness()
    if !metersTimers { witness.start() }
    host.start()
    sampleShares(host, into: &result)
    var seen = witness.stop()
    seen.add(host.machine.stepReport().absences)
    guard case .finished(let shown) = host.outcome, let delays = shown.flatMap(Measurement.numbers),
      delays.count % 2 == 0
    else {
      result.failure = "it ended otherwise than with a list of delays"
      return result
    }
    result.host = seen.delays
    for place in stride(from: 0, to: delays.count, by: 2) {
      let (delay, end) = (delays[place], delays[place + 1])
      result.delays.record(delay)
      result.delaysApart.record(delay - seen.missing(in: end - min(delay, end)..<end))
    }
    result.queueTimes = host.machine.queueTimes()
    result.steps = host.machine.stepReport()
    if metersTimers { result.timers = host.machine.timerCosts() }
    result.longestWait = host.machine.longestWait?.nanoseconds ?? 0
    result.goals = goals.map { goal in
      (goal.name, goal.text(goal.limit), goal.text(goal.value(result)), goal.isMet(by: result))
    }
    return result
  }

  private func sampleShares(_ host: Host, into result: inout MeasurementResult) {
    var first: [ProcessUse] = []
    var last: [ProcessUse] = []
    var next = ludi_monotonic_nanoseconds() + 10 * Measurement.window
    var worst: Shares?
    var whole: Shares?
    _ = host.watch(everyMicroseconds: 2000) { now in
      if now < next { return nil }
      next = now + Measurement.window
      let sample = host.machine.processUse(limit: Measurement.comparedProcesses)
      if first.isEmpty { first = sample }
      if let shares = Shares(from: last, to: sample), shares.jain < worst?.jain ?? 2 { worst = shares }
      if let shares = Shares(from: first, to: sample) { whole = shares }
      last = sample
      return nil
    }
    result.shares = whole
    result.worstWindow = worst
  }

  /// The numbers of a list as `show` shows it.
  private static func numbers(_ text: String) -> [UInt64]? {
    guard text.hasPrefix("["), text.hasSuffix("]") else { return nil }
    let parts = text.utf8.dropFirst().dropLast().split(separator: UInt8(ascii: ","))
    let numbers = parts.compactMap { part in UInt64(String(Substring(part.drop { $0 == UInt8(ascii: " ") })))
    }
    return numbers.count == parts.count ? numbers : nil
  }
}

extension Goal {
  /// A value of the goal's kind for people.
  func text(_ value: Double) -> String {
    switch unit {
    case .nanoseconds: return Duration.text(UInt64(value))
    case .share: return "\((value * 1e5).rounded() / 1e5)"
    }
  }
}
