import Platform
import Reports

/// `ludi compare heaps`: runs every program under every design, several times in turn, then reports.
struct HeapComparison: Comparison {
  let settings: HeapSettings
  let setups: [HeapSetup]

  init(_ settings: HeapSettings) {
    self.settings = settings
    setups = HeapSetup.all(thresholds: settings.thresholds)
  }

  var folder: String { settings.folder }
  var workloads: [Workload] { settings.workloads }

  func measure(_ runner: TrialRunner) -> any ComparisonReport {
    let trials = Trial.interleaved(repetitions: settings.repetitions, workloads, setups) {
      workload, setup, _ in
      var command = ["run"] + setup.options
      if let schedulers = settings.schedulers { command += ["--schedulers", "\(schedulers)"] }
      return Trial(
        workload: workload, setup: setup, command: command,
        arguments: settings.isQuick ? workload.quickArguments : workload.arguments)
    }
    let (runs, failures) = runner.run(trials)
    let figures = HeapFigures(workloads: workloads, setups: setups, runs: runs, failures: failures)
    return HeapReport(settings: settings, figures: figures, wasInterrupted: Interrupt.wasRequested)
  }
}
