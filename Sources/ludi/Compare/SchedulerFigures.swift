import Observation
import Reports
import Runtime

typealias SchedulerFigures = ComparisonFigures<SchedulerSetup>
typealias SchedulerMeasurement = Measured<SchedulerSetup>

extension Measured where Setup == SchedulerSetup {
  /// How late what was waited for came, in nanoseconds: of all runs together, and the 99th percentile of each.
  var delays: Distribution { all { $0.delays } }
  var latestDelays: Sample { sample { $0.delays.isEmpty ? nil : Double($0.delays.quantile(0.99)) } }
  /// Jain's index of what processes that compute have had.
  var jain: Sample { sample { $0.figures["jain"] } }
  /// What each of these has had, beside the mean.
  var shares: [Double] { runs.flatMap { $0.samples["share"] ?? [] } }
}

extension ComparisonFigures where Setup == SchedulerSetup {
  /// In the order in which they are shown; the others are compared with the first.
  var policies: [PolicyName] {
    var result: [PolicyName] = []
    for setup in setups where !result.contains(setup.policy) { result.append(setup.policy) }
    return result
  }

  /// Ascending; real ones first.
  var machines: [SchedulerSetup.Machine] { Set(setups.map(\.machine)).sorted() }
  var real: [SchedulerSetup.Machine] { machines.filter { !$0.isSimulated } }
  var virtual: [SchedulerSetup.Machine] { machines.filter(\.isSimulated) }

  /// The machine that stands for all: the largest real one, or, if there is none, the largest virtual one
  /// that all workloads are run on.
  var main: SchedulerSetup.Machine? {
    real.last ?? virtual.last { machine in workloads.allSatisfy { machine.schedulers <= $0.largest } }
      ?? virtual.last
  }

  func workload(_ name: String) -> Workload? { workloads.first { $0.name == name } }

  func measurement(
    _ workload: Workload, _ policy: PolicyName, _ machine: SchedulerSetup.Machine
  ) -> Measured<SchedulerSetup>? {
    measurement(workload, SchedulerSetup(policy: policy, machine: machine))
  }

  func workloads(showing aspect: String) -> [Workload] {
    workloads.filter { $0.aspects.contains(aspect) }
  }
}
