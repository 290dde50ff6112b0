import XCTest

@testable import Runtime

/// When a scheduler takes the next one for stalled. The times are made up.
final class StallWatchTests: XCTestCase {
  private let start: UInt64 = 1_000_000_000
  private let interval: UInt64 = 100_000
  private var watch = StallWatch()

  /// Looks every 0.1 ms for `milliseconds`, at the same turns; when it said that the other is stalled.
  private func looks(
    from first: UInt64, milliseconds: UInt64, turns: UInt64 = 5, isAway: Bool = false
  ) -> [UInt64] {
    var found: [UInt64] = []
    for now in stride(from: first, to: first + milliseconds * 1_000_000, by: Int(interval)) {
      if watch.looks(at: turns, isAway: isAway, now: now) { found.append(now - first) }
    }
    return found
  }

  func testOneWithoutTurnsIsStalledAfterAWhileAndThenMoreAndMoreRarely() {
    let patience = StallWatch.patience
    XCTAssertEqual(looks(from: start, milliseconds: 6), [1, 2, 4, 8].map { $0 * patience })
  }

  func testTurnsEndAStall() {
    XCTAssertEqual(looks(from: start, milliseconds: 2).count, 2)
    XCTAssertFalse(watch.looks(at: 6, isAway: false, now: start + 2_000_000))
    XCTAssertEqual(
      looks(from: start + 2_000_000, milliseconds: 1, turns: 6), [StallWatch.patience], "it is a new one")
  }

  func testWhoSleepsIsNotStalled() {
    XCTAssertEqual(looks(from: start, milliseconds: 50, isAway: true), [])
    XCTAssertEqual(
      looks(from: start + 50_000_000, milliseconds: 1), [StallWatch.patience - interval],
      "it counts from the last look at which it slept")
  }

  func testWhoWasInterruptedItselfMindsItsOwnBusiness() {
    XCTAssertFalse(watch.looks(at: 5, isAway: false, now: start))
    let back = start + StallWatch.interruption + 1
    let quiet = StallWatch.recovery / 1_000_000
    XCTAssertEqual(looks(from: back, milliseconds: quiet), [])
    XCTAssertEqual(looks(from: back + StallWatch.recovery, milliseconds: 1).first, 0)
  }

  func testWhoHasSleptWasNotInterrupted() {
    XCTAssertFalse(watch.looks(at: 5, isAway: false, now: start))
    watch.wasAway()
    let back = start + 100 * StallWatch.interruption
    XCTAssertFalse(watch.looks(at: 6, isAway: false, now: back))
    XCTAssertEqual(looks(from: back, milliseconds: 1, turns: 6), [StallWatch.patience])
  }

  func testAStandstillIsSeenBeforeAStall() {
    var seen: [UInt64] = []
    for now in stride(from: start, to: start + 1_000_000, by: Int(interval)) {
      _ = watch.looks(at: 5, isAway: false, now: now)
      if watch.sawStandstill { seen.append(now - start) }
    }
    XCTAssertEqual(seen.first, StallWatch.relief)
    XCTAssertEqual(seen.last, 1_000_000 - interval, "it lasts")
    _ = watch.looks(at: 6, isAway: false, now: start + 1_000_000)
    XCTAssertFalse(watch.sawStandstill)
    _ = watch.looks(at: 6, isAway: true, now: start + 9_000_000)
    XCTAssertFalse(watch.sawStandstill, "it sleeps")
  }
}
