import XCTest

@testable import Scenarios

/// A harness that finds nothing proves nothing: a VM that is broken on purpose must be found out.
final class SabotageTests: XCTestCase {
  private func failure(_ name: String, _ sabotage: ScenarioSettings.Sabotage) throws -> String {
    var settings = ScenarioTests.settings()
    settings.sabotage = sabotage
    settings.milliseconds = 2000
    settings.starvationLimit = 50_000_000
    settings.schedulers = 2
    // Machine code is done with its work before anybody starves beside it.
    settings.interprets = true
    let scenario = try XCTUnwrap(Scenario.named([name]).first)
    return try XCTUnwrap(ScenarioRun(scenario, settings).play { _ in }.failure, "\(name): nothing was found")
  }

  func testALostWakeUpIsFound() throws {
    let failure = try failure("ring", .losesWakes)
    XCTAssertTrue(failure.contains("lost wake-up"), failure)
  }

  func testAPolicyThatStarvesIsFound() throws {
    let failure = try failure("hogs", .neverPreempts)
    XCTAssertTrue(failure.contains("starvation"), failure)
  }
}
