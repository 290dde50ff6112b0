import Platform
import Reports
import Runtime

/// `ludi compare schedulers`: runs every workload under every policy on every machine, several times in turn, then draws
/// a timeline of each policy, then reports.
struct SchedulerComparison: Comparison {
  let settings: SchedulerSettings
  /// Policies, in the order of machines.
  let setups: [SchedulerSetup]
  /// Simulations repeat their figures but for their seeds: more runs would tell nothing new.
  static let simulatedRepetitions = 2

  init(_ settings: SchedulerSettings) {
    self.settings = settings
    let simulated = settings.simulated.isEmpty ? [] : Set(settings.simulated + settings.real + [1]).sorted()
    let machines =
      settings.real.map { SchedulerSetup.Machine(schedulers: $0, isSimulated: false) }
      + simulated.map { SchedulerSetup.Machine(schedulers: $0, isSimulated: true) }
    setups = machines.flatMap { machine in
      settings.policies.map { SchedulerSetup(policy: $0, machine: machine) }
    }
  }

  var folder: String { settings.folder }
  var workloads: [Workload] { settings.workloads + [Timeline.workload] }

  func measure(_ runner: TrialRunner) -> any ComparisonReport {
    let trials = Trial.interleaved(repetitions: settings.repetitions, settings.workloads, setups) {
      workload, setup, repetition -> Trial<SchedulerSetup>? in
      let isSimulated = setup.machine.isSimulated
      guard settings.isToRun(workload, on: setup.machine) else { return nil }
      let seed = settings.seed &+ UInt64(repetition)
      guard !isSimulated || repetition < Self.simulatedRepetitions,
        let command = setup.command(for: workload, seed: seed, isQuick: settings.isQuick)
      else { return nil }
      return Trial(
        workload: workload, setup: setup, command: command,
        arguments: settings.arguments(of: workload, isSimulated: isSimulated))
    }
    let (runs, failures) = runner.run(trials)
    let (timelines, more) = Timeline.all(of: settings.policies, seed: settings.seed, runner)
    let figures = SchedulerFigures(
      workloads: settings.workloads, setups: setups, runs: runs, failures: failures + more)
    return SchedulerReport(
      settings: settings, figures: figures, timelines: timelines, wasInterrupted: Interrupt.wasRequested)
  }
}
