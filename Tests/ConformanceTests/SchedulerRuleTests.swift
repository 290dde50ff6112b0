import Reports
import Runtime
import XCTest

@testable import ludi

/// The conclusions of `ludi compare`, of made-up figures.
final class SchedulerRuleTests: XCTestCase {
  private let two = SchedulerSetup.Machine(schedulers: 2, isSimulated: false)
  private let policies: [PolicyName] = [.workStealing, .globalQueue, .affinity]

  private func run(throughput: Double, delays: [Double] = [], jain: Double? = nil) throws -> ProgramRun {
    var lines = ["operations \(throughput)", "milliseconds 1000", "answer 1"]
    lines += delays.map { "sample delay \($0)" }
    if let jain { lines.append("jain \(jain)") }
    return try ProgramRun(output: lines.joined(separator: "\n"))
  }

  /// Throughput of workloads by policy, a value a repetition.
  private func figures(
    _ values: [(workload: String, policy: PolicyName, machine: SchedulerSetup.Machine, throughput: [Double])]
  ) throws -> SchedulerFindings {
    let runs = try values.flatMap { row in
      try row.throughput.map {
        (row.workload, SchedulerSetup(policy: row.policy, machine: row.machine), try run(throughput: $0))
      }
    }
    let machines = Set(values.map(\.machine)).sorted()
    let setups = machines.flatMap { machine in policies.map { SchedulerSetup(policy: $0, machine: machine) } }
    let workloads = Workload.forSchedulers.filter { workload in
      values.contains { $0.workload == workload.name }
    }
    return SchedulerFindings(figures: .init(workloads: workloads, setups: setups, runs: runs, failures: []))
  }

  func testADifferenceCountsIfAllRepetitionsAgree() {
    XCTAssertEqual(Standing(Sample([20, 22, 24]), Sample([10, 11, 12]), isBetterHigh: true), .one(2))
    XCTAssertEqual(Standing(Sample([20, 22, 24]), Sample([10, 11, 12]), isBetterHigh: false), .other(2))
    XCTAssertEqual(Standing(Sample([11, 22, 24]), Sample([10, 11, 12]), isBetterHigh: true), .even)
    XCTAssertEqual(Standing(Sample([10.9]), Sample([10]), isBetterHigh: true), .even)
    XCTAssertEqual(Standing(Sample([3]), Sample([0]), isBetterHigh: false), .other(.infinity))
  }

  func testGeometricMeans() {
    XCTAssertEqual(geometricMean([2, 8]) ?? 0, 4, accuracy: 1e-9)
    XCTAssertNil(geometricMean([]))
    XCTAssertNil(geometricMean([1, 0]))
  }

  func testWhoIsToBePreferred() throws {
    let findings = try figures([
      ("rings", .workStealing, two, [10, 11]), ("rings", .globalQueue, two, [20, 21]),
      ("rings", .affinity, two, [5, 6]),
      ("tree", .workStealing, two, [10, 11]), ("tree", .globalQueue, two, [10, 11]),
      ("tree", .affinity, two, [30, 31]),
    ])
    XCTAssertEqual(
      Array(findings.sentences.prefix(3)),
      [
        "To be preferred to work_stealing on 2 schedulers: global_queue, which is better in something and worse in nothing.",
        "global_queue beside work_stealing on 2 schedulers: better in rings (×1.95); even in tree.",
        "affinity beside work_stealing on 2 schedulers: better in tree (×2.90); worse in rings (×1.91).",
      ])
    XCTAssertEqual(findings.tiles.first?.figure, "global_queue")
  }

  func testNobodyIsToBePreferred() throws {
    let findings = try figures([
      ("rings", .workStealing, two, [10, 11]), ("rings", .globalQueue, two, [5, 6]),
      ("rings", .affinity, two, [10, 11]),
    ])
    XCTAssertEqual(
      findings.sentences.first,
      "No policy is to be preferred to work_stealing on 2 schedulers. Better in nothing and worse in something: global_queue."
    )
  }

  func testWhoIsFair() throws {
    let hogs = try XCTUnwrap(Workload.forSchedulers.first { $0.name == "hogs" })
    let runs = try [(PolicyName.workStealing, [0.9995, 0.9991]), (.globalQueue, [0.9999, 0.5])].flatMap {
      policy, indices in
      try indices.map {
        ("hogs", SchedulerSetup(policy: policy, machine: two), try run(throughput: 1, delays: [3], jain: $0))
      }
    }
    let setups = policies.map { SchedulerSetup(policy: $0, machine: two) }
    let findings = SchedulerFindings(
      figures: .init(workloads: [hogs], setups: setups, runs: runs, failures: []))
    XCTAssertTrue(
      findings.sentences.contains(
        "Fairness on 2 schedulers: fair are work_stealing; not fair, by their worst repetition, global_queue (0.5)."
      ),
      "\(findings.sentences)")
  }

  func testScalingEndsWhereHalfIsLost() throws {
    let rows = [1: 10.0, 2: 20, 4: 25, 8: 19, 16: 150].map { count, throughput in
      (
        workload: "tokens", policy: PolicyName.workStealing,
        machine: SchedulerSetup.Machine(schedulers: count, isSimulated: true), throughput: [throughput]
      )
    }
    let findings = try figures(rows)
    let tokens = try XCTUnwrap(findings.figures.workload("tokens"))
    XCTAssertEqual(
      findings.limit(of: .workStealing, in: tokens), 4, "8 do too little, so what 16 do does not count")
    XCTAssertNil(findings.limit(of: .affinity, in: tokens))
  }

  func testPredictionsAreComparedWithTheRealThing() throws {
    let twin = SchedulerSetup.Machine(schedulers: 2, isSimulated: true)
    let findings = try figures([
      ("rings", .workStealing, two, [10]), ("rings", .workStealing, twin, [20]),
      ("tree", .workStealing, two, [10]), ("tree", .workStealing, twin, [5]),
    ])
    XCTAssertTrue(
      findings.sentences.contains {
        $0.hasPrefix("Simulated throughput beside the real one, of 2 pairs: 1 times")
          && $0.hasSuffix("from 0.50 to 2.")
      }, "\(findings.sentences)")
  }

  func testATraceBecomesSpans() {
    let trace = """
      # nanoseconds\tscheduler\tevent\tslot
      10\t0\tspawns\t7
      20\t1\truns\t7
      25\t0\truns\t3
      40\t1\tstops\t7
      50\t1\truns\t7
      60\t1\twaits\t7
      70\t1\truns\t3
      90\t1\tends\t3

      """
    XCTAssertEqual(
      Timeline.spans(of: trace),
      [
        .init(scheduler: 1, process: 1, start: 20, end: 60),
        .init(scheduler: 1, process: 0, start: 70, end: 90),
      ])
  }
}
