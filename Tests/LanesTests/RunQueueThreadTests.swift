// The tests that crossbeam gives its deques, for the run queue: smoke and steal_push are in RunQueueTests;
// here are stampede, stress, no_starvation and destructors (which for plain words means: nothing is left over).

import Glibc
import Synchronization
import XCTest

@testable import Lanes
@testable import lanes_stress

final class RunQueueThreadTests: XCTestCase {
  /// One owner pops, many thieves steal, all of a full ring: each element is taken once, and what each thread
  /// gets comes in rising order.
  func testStampede() {
    for _ in 0..<20 {
      let count = 256
      let queue = Shared(RunQueue.Owner(capacity: count))
      let ledger = Ledger(count: count)
      let fault = Fault()
      for element in 1...UInt(count) {
        ledger.issue(element)
        XCTAssertTrue(queue.value.tryPush(element))
      }
      let taken = Shared(Atomic<Int>(0))
      onThreads(5) { me in
        let mine = RunQueue.Owner(capacity: count)
        var last: UInt = 0
        func take(_ element: UInt) {
          fault.check(element > last, "\(element) after \(last)")
          last = element
          ledger.settle(element, fault)
          taken.value.wrappingAdd(1, ordering: .relaxed)
        }
        while taken.value.load(ordering: .relaxed) < count && !fault.happened {
          if me == 0 {
            if let element = queue.value.pop() { take(element) }
          } else if let newest = queue.value.thief.steal(into: mine) {
            while let element = mine.pop() { take(element) }
            take(newest)
          }
        }
      }
      ledger.checkAllSettled(fault)
      XCTAssertNil(fault.message)
    }
  }

  /// Every thief gets something while the owner keeps pushing and popping.
  func testNoStarvation() {
    let queue = Shared(RunQueue.Owner(capacity: 64))
    let hits = (0..<3).map { _ in Shared(Atomic<Int>(0)) }
    let isOver = Shared(Atomic<Bool>(false))
    onThreads(4) { me in
      let mine = RunQueue.Owner(capacity: 64)
      while !isOver.value.load(ordering: .relaxed) {
        if me > 0 {
          if queue.value.thief.steal(into: mine) != nil {
            hits[me - 1].value.wrappingAdd(1, ordering: .relaxed)
          }
          while mine.pop() != nil {}
          continue
        }
        for element: UInt in 1...50 { _ = queue.value.tryPush(element) }
        if hits.allSatisfy({ $0.value.load(ordering: .relaxed) > 10 }) {
          isOver.value.store(true, ordering: .relaxed)
        }
        _ = queue.value.pop()
        sched_yield()
      }
    }
    for hit in hits { XCTAssertGreaterThan(hit.value.load(ordering: .relaxed), 10) }
  }

  /// The counters wrap around after 2^32 pushes; nothing may happen then.
  func testCountersWrapAround() {
    let a = RunQueue.Owner(capacity: 4)
    let b = RunQueue.Owner(capacity: 4)
    let start = UInt32.max - 2
    unsafe a.ring.head.pointee.store(
      RunQueue.Head(steal: start, real: start).packed, ordering: .relaxed)
    unsafe a.ring.tail.pointee.store(start, ordering: .relaxed)
    for element: UInt in 1...4 { XCTAssertTrue(a.tryPush(element)) }
    XCTAssertFalse(a.tryPush(5))
    XCTAssertEqual(a.count, 4)
    XCTAssertEqual(a.thief.steal(into: b), 2)
    XCTAssertTrue(a.tryPush(5))
    XCTAssertEqual([a.pop(), a.pop(), a.pop(), a.pop(), b.pop()], [3, 4, 5, nil, 1])
  }

  #if DEBUG
    /// A thief stands between its claim and its copy: the owner keeps its elements and does not touch the
    /// claimed slots; what does not fit goes to the inject queue; a second thief goes away.
    func testAThiefHeldAfterItsClaim() {
      let queue = Shared(RunQueue.Owner(capacity: 4))
      let mine = Shared(RunQueue.Owner(capacity: 4))
      for element: UInt in 1...4 { XCTAssertTrue(queue.value.tryPush(element)) }
      Hold.at(.runQueueClaimed) {
        XCTAssertEqual(queue.value.thief.steal(into: mine.value), 2)
      } meanwhile: {
        let overflow = InjectQueue()
        XCTAssertEqual(queue.value.count, 2)
        XCTAssertFalse(queue.value.tryPush(5))
        queue.value.push(5, overflow: overflow)
        XCTAssertEqual(overflow.pop(), 5)
        let other = RunQueue.Owner(capacity: 4)
        XCTAssertNil(queue.value.thief.steal(into: other))
        XCTAssertEqual(queue.value.pop(), 3)
        XCTAssertFalse(queue.value.tryPush(6), "the claimed slots are not free yet")
      }
      XCTAssertEqual([mine.value.pop(), mine.value.pop()], [1, nil])
      for element: UInt in 7...9 { XCTAssertTrue(queue.value.tryPush(element)) }
      XCTAssertEqual(queue.value.pop(), 4)
    }

    /// The owner pops while a thief is about to give its slots back: the thief must keep the owner's progress.
    func testAThiefHeldBeforeGivingBack() {
      let queue = Shared(RunQueue.Owner(capacity: 4))
      let mine = Shared(RunQueue.Owner(capacity: 4))
      for element: UInt in 1...4 { XCTAssertTrue(queue.value.tryPush(element)) }
      Hold.at(.runQueueCopied) {
        XCTAssertEqual(queue.value.thief.steal(into: mine.value), 2)
      } meanwhile: {
        XCTAssertEqual([queue.value.pop(), queue.value.pop(), queue.value.pop()], [3, 4, nil])
      }
      XCTAssertTrue(queue.value.isEmpty)
      for element: UInt in 5...8 { XCTAssertTrue(queue.value.tryPush(element)) }
      XCTAssertEqual(queue.value.pop(), 5)
    }

    /// A thief passes while the owner is about to spill: there is room then, and nothing is spilled.
    func testAnOwnerHeldBeforeItsSpill() {
      let queue = Shared(RunQueue.Owner(capacity: 4))
      let overflow = Shared(InjectQueue())
      for element: UInt in 1...4 { XCTAssertTrue(queue.value.tryPush(element)) }
      Hold.at(.runQueueSpilling) {
        queue.value.push(5, overflow: overflow.value)
      } meanwhile: {
        let mine = RunQueue.Owner(capacity: 4)
        XCTAssertEqual(queue.value.thief.steal(into: mine), 2)
      }
      XCTAssertTrue(overflow.value.isEmpty)
      XCTAssertEqual([queue.value.pop(), queue.value.pop(), queue.value.pop()], [3, 4, 5])
    }
  #endif
}
