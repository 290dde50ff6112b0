// Parker, EventCount, IdleSchedulers: each state change alone, then the orders in which a wake could get lost.

import CLinux
import Synchronization
import XCTest

@testable import Lanes
@testable import lanes_stress

final class ParkingTests: XCTestCase {
  func testAWakeThatCameTooEarlyIsKept() {
    let parker = Parker()
    parker.unpark()
    parker.unpark()
    XCTAssertTrue(parker.park())
    XCTAssertFalse(parker.park(nanoseconds: 1000), "wakes do not add up")
  }

  func testParkEndsWhenTheTimeIsOver() {
    let parker = Parker()
    let start = ludi_monotonic_nanoseconds()
    XCTAssertFalse(parker.park(nanoseconds: 5_000_000))
    XCTAssertGreaterThanOrEqual(ludi_monotonic_nanoseconds() - start, 4_000_000)
    parker.unpark()
    XCTAssertTrue(parker.park(nanoseconds: 0))
  }

  func testUnparkWakesASleeper() {
    let parker = Shared(Parker())
    onThreads(2) { me in
      if me == 0 { return XCTAssertTrue(parker.value.park()) }
      // relaxed: only waits until the other sleeps.
      waitUntil("asleep") { parker.value.word.load(ordering: .relaxed) == Parker.asleep }
      parker.value.unpark()
    }
  }

  func testNotifyWithoutWaitersChangesNothing() {
    let event = EventCount()
    event.notify()
    XCTAssertEqual(event.epoch.load(ordering: .relaxed), 0)
    let key = event.prepare()
    event.notify()
    event.wait(key)
    XCTAssertEqual(event.waiters.load(ordering: .relaxed), 0)
  }

  func testOneSearchesAtATime() {
    let idle = IdleSchedulers(count: 3)
    XCTAssertTrue(idle.tryBeginSearch())
    XCTAssertFalse(idle.tryBeginSearch())
    idle.endSearch()
    XCTAssertTrue(idle.tryBeginSearch())
    idle.prepareSleep(0, searching: true)
    XCTAssertEqual(idle.load.sleeping, 1)
    XCTAssertEqual(idle.load.searching, 0)
    XCTAssertTrue(idle.cancelSleep(0))
    XCTAssertEqual(idle.load.sleeping, 0)
  }

  func testWakeOneCallsTheLastThatFellAsleepAndOnlyOne() {
    let idle = IdleSchedulers(count: 3)
    for i in 0..<3 { idle.prepareSleep(i, searching: false) }
    idle.wakeOne()
    idle.wakeOne()
    XCTAssertEqual(idle.load.sleeping, 2, "while one searches nobody else is woken")
    XCTAssertEqual(idle.sleep(2), .called)
    XCTAssertFalse(idle.tryBeginSearch(), "the woken one is the searcher")
    idle.endSearch()
    XCTAssertEqual(idle.load.sleeping, 1, "ending a search wakes the next")
    XCTAssertFalse(idle.cancelSleep(1), "it was called")
    XCTAssertTrue(idle.cancelSleep(0))
  }

  func testATimeLimitEndsASleepAndLeavesTheSet() {
    let idle = IdleSchedulers(count: 2)
    idle.prepareSleep(1, searching: false)
    XCTAssertEqual(idle.sleep(1, nanoseconds: 1_000_000), .timedOut)
    XCTAssertEqual(idle.load.sleeping, 0)
    idle.wakeOne()
    XCTAssertEqual(idle.load.searching, 0)
  }

  func testWakeAll() {
    let idle = IdleSchedulers(count: 3)
    for i in 0..<3 { idle.prepareSleep(i, searching: false) }
    idle.wakeAll()
    for i in 0..<3 { XCTAssertEqual(idle.sleep(i), .called) }
    XCTAssertEqual(idle.load.sleeping, 0)
  }

  #if DEBUG
    /// The consumer has announced itself and is held before it sleeps: the notify must end the sleep.
    func testANotifyBetweenPrepareAndWaitIsNotLost() {
      let event = Shared(EventCount())
      Hold.at(.eventCommitting) {
        let key = event.value.prepare()
        event.value.wait(key)
      } meanwhile: {
        event.value.notify()
      }
    }

    /// The producer has published and is held before it looks for waiters: the consumer's second look sees it.
    func testAPrepareDuringNotifySeesTheWorkOrIsWoken() {
      let event = Shared(EventCount())
      let work = Shared(Atomic<Bool>(false))
      Hold.at(.eventWaking) {
        work.value.store(true, ordering: .relaxed)
        event.value.notify()
      } meanwhile: {
        let key = event.value.prepare()
        if work.value.load(ordering: .relaxed) { event.value.cancel() } else { event.value.wait(key) }
      }
      XCTAssertEqual(event.value.waiters.load(ordering: .relaxed), 0)
    }

    /// A scheduler is among the sleepers but not yet asleep: the wake is kept for it.
    func testAWakeBeforeTheSleepIsNotLost() {
      let idle = Shared(IdleSchedulers(count: 2))
      Hold.at(.idleCommitting) {
        idle.value.prepareSleep(0, searching: false)
        XCTAssertEqual(idle.value.sleep(0), .called)
        idle.value.endSearch()
      } meanwhile: {
        idle.value.wakeOne()
      }
      XCTAssertEqual(idle.value.load.searching, 0)
    }

    /// A waker published work while somebody searched, and is held before it looks; the searcher meanwhile
    /// goes to sleep: the waker must see that.
    func testASearcherThatGoesToSleepDuringAWakeIsCalled() {
      let idle = Shared(IdleSchedulers(count: 2))
      XCTAssertTrue(idle.value.tryBeginSearch())
      Hold.at(.idleWaking) {
        idle.value.wakeOne()
      } meanwhile: {
        idle.value.prepareSleep(0, searching: true)
      }
      XCTAssertEqual(idle.value.sleep(0), .called)
    }
  #endif
}
