import Observation
import Reports
import Runtime

/// What was measured of scheduling policies, as tables, as JSON and as a page.
struct SchedulerReport: ComparisonReport {
  let settings: SchedulerSettings
  let figures: SchedulerFigures
  let timelines: [Timeline]
  let wasInterrupted: Bool

  let kind = "schedulers"
  var findings: SchedulerFindings { SchedulerFindings(figures: figures) }
  var rule: String { SchedulerFindings.rule }
  var sentences: [String] { findings.sentences }

  func html(_ folder: ReportFolder) throws -> String { try SchedulerPage(report: self).html(folder) }

  // MARK: Tables

  var tables: [(title: String, table: TextTable)] {
    let found = [
      table("Operations a second, ± half of the spread", "throughput") {
        $0.throughput.isEmpty
          ? nil : "\(Figures.count($0.throughput.median)) ±\(Self.percent($0.throughput.spread))"
      },
      table("Delay: p99, and the longest of all", "delay") {
        $0.delays.isEmpty
          ? nil : "\(Figures.time($0.latestDelays.median)), \(Figures.time(Double($0.delays.max)))"
      },
      table("Jain's index of the shares of processes that compute; the worst repetition", "fairness") {
        $0.jain.isEmpty ? nil : SchedulerFindings.index($0.jain.low)
      },
    ]
    return found.compactMap { $0 }
  }

  private static func percent(_ share: Double) -> String { "\(Int((share * 100).rounded())) %" }

  /// A row for each workload and machine, a column for each policy. Nil: there is nothing to show.
  private func table(
    _ title: String, _ aspect: String, _ cell: (SchedulerMeasurement) -> String?
  ) -> (title: String, table: TextTable)? {
    var table = TextTable(["workload", "schedulers"] + figures.policies.map(\.rawValue))
    var hasRows = false
    for workload in figures.workloads(showing: aspect) {
      for machine in figures.machines {
        let cells = figures.policies.map { policy in
          figures.measurement(workload, policy, machine).flatMap(cell)
        }
        if cells.allSatisfy({ $0 == nil }) { continue }
        table.add([workload.name, machine.shortName] + cells.map { $0 ?? "–" })
        hasRows = true
      }
    }
    return hasRows ? (title, table) : nil
  }

  // MARK: JSON

  var members: [Json.Member] {
    [
      .init(key: "seed", value: .number(Double(settings.seed))),
      .init(
        key: "costs",
        value: .object(
          CostModel().table.map { Json.Member(key: $0.name, value: .number($0.nanoseconds)) })),
      .init(key: "measurements", value: .array(figures.measurements.map { json(of: $0) })),
    ]
  }

  private func json(of measured: SchedulerMeasurement) -> Json {
    let machine = measured.setup.machine
    let simulations = measured.runs.compactMap(\.simulation)
    let members: [Json.Member?] = [
      .init(key: "workload", value: .string(measured.workload.name)),
      .init(key: "policy", value: .string(measured.setup.policy.rawValue)),
      .init(key: "schedulers", value: .number(Double(machine.schedulers))),
      .init(key: "simulated", value: .bool(machine.isSimulated)),
      measured.workload.isProgram ? .init(key: "answer", value: .string(measured.answer)) : nil,
      .init(key: "throughput", value: measured.throughput.json),
      .init(key: "processor_seconds", value: measured.processorTime.json),
      measured.delays.isEmpty ? nil : .init(key: "delays", value: measured.delays.json),
      measured.jain.isEmpty ? nil : .init(key: "jain", value: measured.jain.json),
      simulations.isEmpty
        ? nil
        : .init(key: "queue_times", value: measured.all { $0.simulation?.delays ?? Distribution() }.json),
      simulations.isEmpty
        ? nil : .init(key: "migrations", value: Sample(simulations.map(\.migrations)).json),
      simulations.isEmpty ? nil : .init(key: "steals", value: Sample(simulations.map(\.steals)).json),
    ]
    return .object(members.compactMap { $0 })
  }
}
