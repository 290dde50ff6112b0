import Lanes
import XCTest

final class TimerWheelTests: XCTestCase {
  /// What is due at `now`, however many steps that takes; nil: nothing.
  private func pop(_ wheel: inout TimerWheel, at now: UInt64) -> ExpiredTimer? {
    while wheel.advance(to: now) == .behind {}
    guard let timer = wheel.firstExpired(at: now) else { return nil }
    wheel.removeFirst()
    return timer
  }

  private func start(_ wheel: inout TimerWheel, _ deadline: UInt64, _ word: UInt = 0) -> TimerHandle {
    wheel.start(deadline: deadline, first: word, now: 0)
  }

  func testEarliestFirstAndEqualDeadlinesInOrder() {
    for tickBits in [0, 2, 17] {
      var wheel = TimerWheel(tickBits: tickBits)
      XCTAssertNil(wheel.nextDeadline)
      for (i, deadline) in [30, 10, 20, 10, 30, 10].enumerated() {
        _ = start(&wheel, UInt64(deadline), UInt(i))
      }
      XCTAssertEqual(wheel.nextDeadline, 10)
      XCTAssertNil(pop(&wheel, at: 9))
      var order: [UInt] = []
      while let timer = pop(&wheel, at: 100) { order.append(timer.first) }
      XCTAssertEqual(order, [1, 3, 5, 2, 0, 4], "\(tickBits) bits")
    }
  }

  func testCancelIsForOneTimerOnce() {
    for tickBits in [0, 17] {
      var wheel = TimerWheel(tickBits: tickBits)
      let first = start(&wheel, 5, 1)
      let second = start(&wheel, 5, 2)
      XCTAssertTrue(wheel.cancel(first))
      XCTAssertFalse(wheel.cancel(first))
      let third = start(&wheel, 6, 3)
      XCTAssertFalse(wheel.cancel(first), "its slot has another tenant")
      XCTAssertEqual(pop(&wheel, at: 5)?.first, 2)
      XCTAssertFalse(wheel.cancel(second))
      XCTAssertFalse(wheel.cancel(TimerHandle(bits: 0)), "no handle is 0")
      XCTAssertTrue(wheel.cancel(third))
      XCTAssertEqual(wheel.count, 0)
      XCTAssertNil(wheel.nextDeadline)
    }
  }

  /// Every way to cancel one of up to 41 timers, near ones and far ones, leaves the others.
  func testCancelAnywhere() {
    for (tickBits, stride) in [(0, 1), (0, 0), (17, 7), (1, 13), (17, 0)] {
      for size in 1...41 {
        for victim in 0..<size {
          var wheel = TimerWheel(tickBits: tickBits)
          let handles = (0..<size).map { start(&wheel, UInt64(100 + $0 * stride % 43), UInt($0)) }
          XCTAssertTrue(wheel.cancel(handles[victim]))
          wheel.checkInvariants()
          var left = Set(0..<UInt(size)).subtracting([UInt(victim)])
          var last: UInt64 = 0
          while let timer = pop(&wheel, at: 143) {
            XCTAssertLessThanOrEqual(last, timer.deadline)
            last = timer.deadline
            XCTAssertNotNil(left.remove(timer.first))
          }
          XCTAssertEqual(left, [])
        }
      }
    }
  }

  /// Timers of every level, up to the end of time, run out in order, for whoever sleeps until `nextDeadline` each time.
  func testEveryLevelRunsOutInOrder() {
    for tickBits in [0, 5, 17, 57] {
      var wheel = TimerWheel(tickBits: tickBits)
      let deadlines = (0..<64).flatMap { [UInt64(1) << $0, UInt64(1) << $0 + 1, UInt64.max >> $0] }.shuffled()
      for deadline in deadlines { _ = start(&wheel, deadline, UInt(deadline)) }
      wheel.checkInvariants()
      var found: [UInt64] = []
      var looks = 0
      while let now = wheel.nextDeadline, looks < 10_000 {
        looks += 1
        if let timer = pop(&wheel, at: now) {
          XCTAssertEqual(timer.deadline, now, "nobody was cancelled, so it is exact")
          found.append(timer.deadline)
        }
        wheel.checkInvariants()
      }
      XCTAssertEqual(found, deadlines.sorted())
    }
  }

  /// Emptying a large bucket takes several steps; nothing is due meanwhile, and time may not be slept away.
  func testLargeBucketsAreEmptiedInSteps() {
    var wheel = TimerWheel(tickBits: 10)
    let start: UInt64 = 1 << 22
    for i in 0..<UInt(5000) { _ = self.start(&wheel, start + UInt64(4999 - i), i) }
    var steps = 0
    while wheel.advance(to: start) == .behind {
      steps += 1
      XCTAssertNil(wheel.firstExpired(at: start))
      XCTAssertLessThanOrEqual(wheel.nextDeadline ?? .max, start)
      wheel.checkInvariants()
      // New ones, and cancelled ones, in between.
      let handle = self.start(&wheel, start + 7000, 9999)
      XCTAssertTrue(wheel.cancel(handle))
    }
    XCTAssertGreaterThan(steps, 10)
    for i in 0..<5000 { XCTAssertEqual(pop(&wheel, at: start + 5000)?.first, UInt(4999 - i)) }
    XCTAssertEqual(wheel.count, 0)
  }

  /// A time that has passed meanwhile keeps new timers off levels that they need not pass.
  func testTimeThatPassedUnseenIsCaughtUpWith() {
    var wheel = TimerWheel(tickBits: 0)
    _ = wheel.start(deadline: 1 << 40, first: 1, now: 0)
    _ = wheel.start(deadline: 1 << 30 + 5, first: 2, now: 1 << 30)
    wheel.checkInvariants()
    XCTAssertEqual(pop(&wheel, at: 1 << 30 + 5)?.first, 2)
    XCTAssertEqual(wheel.nextDeadline, 1 << 40)
  }
}
