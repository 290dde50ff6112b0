import Runtime
import XCTest

@testable import Scenarios

/// The scenarios themselves: each is sound on a VM that is. Their limits in time are for release builds on purpose-run
/// machines, so they are off here.
final class ScenarioTests: XCTestCase {
  static func settings(seed: UInt64 = 1) -> ScenarioSettings {
    var settings = ScenarioSettings()
    settings.seed = seed
    settings.milliseconds = 0
    settings.schedulers = 3
    settings.gapLimit = nil
    settings.starvationLimit = nil
    return settings
  }

  func testEveryScenarioPlaysARound() {
    for scenario in Scenario.all where scenario.isPlayedByDefault {
      let verdict = ScenarioRun(scenario, ScenarioTests.settings()).play { _ in }
      XCTAssertNil(verdict.failure, verdict.command)
      XCTAssertEqual(verdict.rounds, 1)
      XCTAssertGreaterThan(verdict.turns, 0)
    }
  }

  /// Under every policy: each keeps its own books of who runs where.
  func testChaosSuspendsItsProcesses() throws {
    for policy in PolicyName.allCases {
      var settings = ScenarioTests.settings()
      settings.policy = policy
      let scenario = try XCTUnwrap(Scenario.named(["chaos"]).first)
      let verdict = ScenarioRun(scenario, settings).play { _ in }
      XCTAssertNil(verdict.failure, verdict.command)
      XCTAssertGreaterThan(verdict.suspensions, 0, verdict.command)
    }
  }

  func testNamesAreUniqueAndKnown() throws {
    let names = Scenario.all.map(\.name) + Measurement.all.map(\.name)
    XCTAssertEqual(Set(names).count, names.count)
    XCTAssertEqual(try Scenario.named(["ring", "storm"]).map(\.name), ["ring", "storm"])
    XCTAssertThrowsError(try Scenario.named(["ring", "nonsense"]))
  }

  /// Where the VM measures what timers cost, it counts each once. (A process that is late in sleeping needs no timer. Whoever
  /// is sent something while it sleeps, as by `await!`, sets its own again.)
  func testTimersAreMetered() throws {
    let source = """
      let home = self ()
      each! (fn (_) -> spawn! (fn () -> { sleep! (200); send (home, :woke) }), range (50))
      repeat 50 { receive { :woke -> nil } }

      """
    for isMetered in [false, true] {
      let host = try Host(source, name: "sleep", ScenarioTests.settings(), metersTimers: isMetered)
      host.start()
      XCTAssertNil(host.watch(everyMicroseconds: 1000) { _ in nil })
      let costs = host.machine.timerCosts()
      XCTAssertTrue((isMetered ? 1...50 : 0...0).contains(costs.setting.count), "\(costs.setting.count)")
      XCTAssertTrue((isMetered ? 1...50 : 0...0).contains(costs.fired), "\(costs.fired)")
      XCTAssertEqual(costs.firing > 0, isMetered)
    }
  }

  /// What lies in gaps, whoever saw them, counts once.
  func testTimesInGapsAreTold() {
    var report = HostWitness.Report()
    XCTAssertEqual(report.missing(in: 0..<100), 0)
    report.add([50..<60, 10..<20])
    report.add([15..<30, 80..<90, 82..<84])
    XCTAssertEqual(report.gaps, [10..<30, 50..<60, 80..<90])
    for (time, missing) in [
      (0..<100, 40), (0..<10, 0), (30..<50, 0), (15..<55, 20), (12..<13, 1), (85..<200, 5), (90..<95, 0),
      (20..<20, 0),
    ] {
      XCTAssertEqual(
        report.missing(in: UInt64(time.lowerBound)..<UInt64(time.upperBound)), UInt64(missing), "\(time)")
    }
  }

  /// A round of the soak, which nobody plays who does not name it.
  func testTheSoakPlaysARound() throws {
    let soak = try XCTUnwrap(Scenario.named(["soak"]).first)
    XCTAssertTrue(soak.watchesMemory)
    for heap in [HeapMode.private, .single] {
      var settings = ScenarioTests.settings(seed: 3)
      settings.heap = heap
      let verdict = ScenarioRun(soak, settings).play { _ in }
      XCTAssertNil(verdict.failure, verdict.command)
      XCTAssertEqual(verdict.rounds, 1)
    }
  }

  /// A program whose round finds something wrong fails with the seed of that round.
  func testAFailedRoundFailsTheRun() {
    let wrong = Scenario(name: "wrong", summary: "", source: #"fn round () -> check ("one", 1, 2)"#)
    let verdict = ScenarioRun(wrong, ScenarioTests.settings(seed: 77)).play { _ in }
    XCTAssertNotNil(verdict.failure)
    XCTAssertEqual(verdict.command, "ludi stress wrong --seed 77 --schedulers 3")
  }

  func testShares() throws {
    let even = try XCTUnwrap(Shares([5, 5, 5, 5]))
    XCTAssertEqual(even.jain, 1)
    XCTAssertEqual(even.largestDeviation, 0)
    let one = try XCTUnwrap(Shares([0, 0, 0, 8]))
    XCTAssertEqual(one.jain, 0.25)
    XCTAssertEqual(one.largestDeviation, 3)
    XCTAssertNil(Shares([7]))
    XCTAssertNil(Shares([0, 0]))
  }

  func testDurations() {
    XCTAssertEqual(Duration.text(999), "999 ns")
    XCTAssertEqual(Duration.text(1_500), "1.5 µs")
    XCTAssertEqual(Duration.text(12_340_000), "12.3 ms")
    XCTAssertEqual(Duration.text(250_000_000_000), "250 s")
  }
}
