import Bytecode
import CLinux
import Ludus
import Platform
import Prelude
import Runtime
import Synchronization

/// How scenarios are played.
public struct ScenarioSettings: Sendable {
  public var seed: UInt64 = 0
  /// How long a scenario goes on beginning rounds.
  public var milliseconds = 1000
  /// Nil: as many as the program may use.
  public var schedulers: Int?
  /// The longest that a step may hold its scheduler, in nanoseconds of processor time; nil: it is not looked at.
  public var gapLimit: UInt64? = 1_000_000
  /// The longest that a runnable process may wait for its turn, in nanoseconds of busy time; nil: it is not looked at.
  public var starvationLimit: UInt64? = 50_000_000
  /// How much longer than told a scenario may take, in seconds of the wall's clock.
  public var patience: UInt64 = 120

  public init() {}
}

/// Plays one scenario on a VM of its own, and watches it.
public final class ScenarioRun: Sendable {
  private let scenario: Scenario
  private let settings: ScenarioSettings
  private let outcome = Mutex<RunOutcome?>(nil)

  public init(_ scenario: Scenario, _ settings: ScenarioSettings) {
    self.scenario = scenario
    self.settings = settings
  }

  /// How often the watchdog looks, in microseconds.
  private static let lookInterval: UInt32 = 2000
  /// Turns a second, and the processor time that an idle program may use: 2 % of a processor.
  private static let idleShare = 0.02

  /// Plays it to the end.
  /// - Parameter progress: called some times a second
  public func play(progress: (ScenarioProgress) -> Void) -> Verdict {
    let prelude: CodeImage
    let image: CodeImage
    let machine: VirtualMachine
    do {
      prelude = try ModuleFile.image(from: Prelude.moduleBytes(), isEmbedded: true)
      image = try compile(prelude)
      machine = try VirtualMachine(prelude: prelude, options: options)
    } catch {
      return Verdict(scenario, settings, failure: "the scenario cannot be run: \(error)")
    }
    let start = ludi_monotonic_nanoseconds()
    Thread.start { [self] in
      let ended = (try? machine.run(image, showsValue: true)) ?? .failed
      outcome.withLock { $0 = ended }
    }
    let failure = watch(machine, from: start, progress)
    return judge(machine, failure, nanoseconds: ludi_monotonic_nanoseconds() - start)
  }

  private var options: VMOptions {
    var options = VMOptions()
    options.schedulers = settings.schedulers
    options.waitsForAll = true
    options.quietExits = scenario.hasPanics
    options.isAudited = true
    return options
  }

  private func compile(_ prelude: CodeImage) throws -> CodeImage {
    let signatures = PreludeSignatures(prelude)
    let source = scenario.program(seed: settings.seed, milliseconds: settings.milliseconds)
    let checked = FrontEnd.check(
      bytes: Array(source.utf8), fileName: scenario.name,
      surroundings: .init(preludeNames: signatures.names))
    if checked.hasErrors {
      throw ScenarioError(DiagnosticRenderer(checked.script.file, colored: false).render(checked))
    }
    let image = try Compiler.compile(checked.script, name: scenario.name, prelude: signatures)
    try Verifier.verify(image)
    return image
  }

  /// Looks on until the program has ended or something is wrong; says what.
  private func watch(
    _ machine: VirtualMachine, from start: UInt64, _ progress: (ScenarioProgress) -> Void
  ) -> String? {
    var watchdog = Watchdog(starvationLimit: settings.starvationLimit)
    let end = start + UInt64(settings.milliseconds) * 1_000_000 + settings.patience * 1_000_000_000
    var nextReport = start
    while outcome.withLock({ $0 }) == nil {
      ludi_sleep_microseconds(ScenarioRun.lookInterval)
      machine.tick()
      let now = ludi_monotonic_nanoseconds()
      if let complaint = watchdog.look(at: machine, now: now) { return complaint }
      if now >= end {
        return "it did not come to its end within \(settings.patience) s:\n" + machine.waitingReport()
      }
      if now >= nextReport {
        nextReport = now + 200_000_000
        progress(
          ScenarioProgress(name: scenario.name, nanoseconds: now - start, view: machine.schedulersView()))
      }
    }
    return watchdog.lastLook(at: machine)
  }

  private func judge(_ machine: VirtualMachine, _ failure: String?, nanoseconds: UInt64) -> Verdict {
    var verdict = Verdict(scenario, settings, failure: failure)
    verdict.nanoseconds = nanoseconds
    verdict.steps = machine.stepReport()
    verdict.queueTimes = machine.queueTimes()
    verdict.longestWait = machine.longestWait
    verdict.turns = machine.schedulersView().turns
    if failure != nil { return verdict }
    guard case .finished(let shown) = outcome.withLock({ $0 }), let rounds = shown.flatMap({ Int($0) }) else {
      verdict.failure = "it ended otherwise than with the number of its rounds (its report is above)"
      return verdict
    }
    verdict.rounds = rounds
    if let limit = settings.gapLimit, verdict.steps.busyGaps.max > limit {
      let step = verdict.steps.longest.first
      let length = Duration.text(verdict.steps.busyGaps.max)
      verdict.failure =
        "a step held its scheduler for \(length) of processor time: \(step?.text ?? "unknown")"
    }
    return verdict
  }
}

/// Where a scenario is.
public struct ScenarioProgress: Sendable {
  public let name: String
  public let nanoseconds: UInt64
  public let view: SchedulersView
}

struct ScenarioError: Error, CustomStringConvertible {
  let description: String
  init(_ description: String) { self.description = description }
}

/// Nanoseconds for people.
public enum Duration {
  public static func text(_ nanoseconds: UInt64) -> String {
    func three(_ x: Double) -> String {
      let digits = x < 10 ? 2 : x < 100 ? 1 : 0
      var scale = 1.0
      for _ in 0..<digits { scale *= 10 }
      let rounded = (x * scale).rounded() / scale
      return digits == 0 ? "\(Int(rounded))" : "\(rounded)"
    }
    let x = Double(nanoseconds)
    if x < 1e3 { return "\(nanoseconds) ns" }
    if x < 1e6 { return three(x / 1e3) + " µs" }
    if x < 1e9 { return three(x / 1e6) + " ms" }
    return three(x / 1e9) + " s"
  }
}
