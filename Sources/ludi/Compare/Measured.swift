import Observation
import Reports

/// All runs of a workload under one design.
struct Measured<Setup: ComparedSetup>: Sendable {
  let workload: Workload
  let setup: Setup
  private(set) var runs: [ProgramRun] = []

  init(_ workload: Workload, _ setup: Setup, _ runs: [ProgramRun]) {
    (self.workload, self.setup, self.runs) = (workload, setup, runs)
  }

  func sample(_ value: (ProgramRun) -> Double?) -> Sample { Sample(runs.compactMap(value)) }

  var throughput: Sample { sample { $0.throughput } }
  var processorTime: Sample { sample { $0.processorTime } }
  var peakBytes: Sample { sample { Double($0.statistics.peakBytes) } }
  var answers: Set<String> { Set(runs.map(\.answer)) }
  var answer: String { answers.sorted().joined(separator: ", ") }

  /// What was counted in all runs together.
  func all(_ part: (ProgramRun) -> Distribution) -> Distribution {
    var result = Distribution()
    for run in runs { result.merge(part(run)) }
    return result
  }
}

/// A design that is measured.
protocol ComparedSetup: Hashable, Sendable {
  /// For rows and keys.
  var shortName: String { get }
}

/// Everything that was measured, in the order of workloads, then of designs.
struct ComparisonFigures<Setup: ComparedSetup>: Sendable {
  let workloads: [Workload]
  let setups: [Setup]
  /// Those with runs.
  let measurements: [Measured<Setup>]
  /// What went wrong: which run, and how.
  let failures: [String]

  init(
    workloads: [Workload], setups: [Setup], runs: [(workload: String, setup: Setup, run: ProgramRun)],
    failures: [String]
  ) {
    self.workloads = workloads
    self.setups = setups
    measurements = workloads.flatMap { workload in
      let own = runs.filter { $0.workload == workload.name }
      return setups.compactMap { setup in
        let found = own.filter { $0.setup == setup }.map { $0.run }
        return found.isEmpty ? nil : Measured(workload, setup, found)
      }
    }
    self.failures = failures
  }

  func measurement(_ workload: Workload, _ setup: Setup) -> Measured<Setup>? {
    measurements.first { $0.workload.name == workload.name && $0.setup == setup }
  }
}
