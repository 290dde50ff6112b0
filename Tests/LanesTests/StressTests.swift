// Every scenario of lanes-stress for a moment; the program itself runs them for longer, and under sanitizers.

import XCTest

@testable import lanes_stress

final class StressTests: XCTestCase {
  private func play(_ name: String, threads: Int = 4) throws {
    let scenario = try XCTUnwrap(LanesStress.scenarios.first { $0.name == name })
    let seed = UInt64.random(in: 0..<1_000_000)
    let report = scenario.repeatFor(nanoseconds: 150_000_000, seed: seed, threads: threads)
    XCTAssertNil(report.failure, "lanes-stress --seed \(seed) --threads \(threads) --only \(name)")
    XCTAssertGreaterThan(report.operations, 0)
  }

  override class func setUp() { Watchdog.start("StressTests") }
  override class func tearDown() { Watchdog.stop() }

  func testRings() throws { try play("ring") }
  func testRingsOfTwo() throws { try play("ring", threads: 2) }
  func testDeques() throws { try play("deque") }
  func testDequesOfTwo() throws { try play("deque", threads: 2) }
  func testInbox() throws { try play("inbox") }
  func testInboxOfEightProducers() throws { try play("inbox", threads: 8) }
  func testInject() throws { try play("inject") }
  func testParker() throws { try play("parker") }
  func testEventCount() throws { try play("event") }
  func testIdleSchedulers() throws { try play("idle") }
  func testLock() throws { try play("lock") }
  func testTimers() throws { try play("timers") }
  func testWakeSlots() throws { try play("slot") }
  func testWakeSlotsOfTwo() throws { try play("slot", threads: 2) }
  func testActors() throws { try play("actors") }
  func testEveryScenarioIsPlayed() { XCTAssertEqual(LanesStress.scenarios.count, 11) }
}
