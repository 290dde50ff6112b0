// The inject queue, the ranked lock and the timer heap, alone.

import XCTest

@testable import Lanes
@testable import lanes_stress

final class QueueTests: XCTestCase {
  func testInjectIsFirstInFirstOutAndGrows() {
    let queue = InjectQueue(capacity: 2)
    XCTAssertNil(queue.pop())
    for i: UInt in 1...3 { queue.push(i) }
    XCTAssertEqual(queue.pop(), 1)
    for i: UInt in 4...20 { queue.push(i) }
    XCTAssertEqual(queue.count, 19)
    for i: UInt in 2...20 { XCTAssertEqual(queue.pop(), i) }
    XCTAssertTrue(queue.isEmpty)
  }

  func testABatchIsMovedIntoARingAsFarAsItFits() {
    let queue = InjectQueue()
    let ring = RunQueue.Owner(capacity: 4)
    for i: UInt in 1...10 { queue.push(i) }
    XCTAssertEqual(queue.pop(upTo: 3, into: ring), 1)
    XCTAssertEqual(ring.count, 2)
    XCTAssertEqual(queue.pop(upTo: 100, into: ring), 4)
    XCTAssertEqual(ring.count, 4)
    XCTAssertEqual([ring.pop(), ring.pop(), ring.pop(), ring.pop()], [2, 3, 5, 6])
    XCTAssertEqual(queue.count, 4)
    XCTAssertNil(queue.pop(upTo: 0, into: ring))
  }

  func testOverflowKeepsTheOrder() {
    let queue = InjectQueue()
    let ring = RunQueue.Owner(capacity: 4)
    for i: UInt in 1...9 { ring.push(i, overflow: queue) }
    var seen: [UInt] = []
    while let element = queue.pop() { seen.append(element) }
    while let element = ring.pop() { seen.append(element) }
    XCTAssertEqual(seen, Array(1...9))
  }

  func testALockIsFourBytes() {
    XCTAssertEqual(MemoryLayout<RankedMutex>.size, 4)
    XCTAssertEqual(MemoryLayout<Parker>.size, 4)
  }

  func testLocksMayBeTakenInTheOrderOfTheirRanks() {
    let outer = RankedMutex(rank: .processTable)
    let inner = RankedMutex(rank: .output)
    for _ in 0..<2 {
      outer.lock()
      inner.lock()
      outer.unlock()
      inner.unlock()
    }
    XCTAssertEqual(outer.withLock { inner.withLock { 7 } }, 7)
  }

  func testWhoTriesGetsAFreeLockOnly() {
    let mutex = RankedMutex(rank: .timers)
    XCTAssertTrue(mutex.tryLock())
    XCTAssertFalse(mutex.tryLock())
    mutex.unlock()
    XCTAssertTrue(mutex.tryLock())
    mutex.unlock()
  }

  func testRanksFitTheirSet() {
    for rank in LockRank.allCases { XCTAssertLessThan(rank.rawValue, 64) }
  }
}

final class TimerHeapTests: XCTestCase {
  func testEarliestFirstAndEqualDeadlinesInOrder() {
    var heap = TimerHeap(capacity: 1)
    XCTAssertNil(heap.nextDeadline)
    for (i, deadline) in [30, 10, 20, 10, 30, 10].enumerated() {
      _ = heap.start(deadline: UInt64(deadline), first: UInt(i), second: 0)
    }
    XCTAssertEqual(heap.nextDeadline, 10)
    XCTAssertNil(heap.firstExpired(at: 9))
    XCTAssertEqual(heap.firstExpired(at: 10)?.first, 1)
    XCTAssertNil(heap.popExpired(at: 9))
    var order: [UInt] = []
    while let timer = heap.popExpired(at: 100) { order.append(timer.first) }
    XCTAssertEqual(order, [1, 3, 5, 2, 0, 4])
  }

  func testCancelIsForOneTimerOnce() {
    var heap = TimerHeap()
    let first = heap.start(deadline: 5, first: 1, second: 11)
    let second = heap.start(deadline: 5, first: 2, second: 22)
    XCTAssertTrue(heap.cancel(first))
    XCTAssertFalse(heap.cancel(first))
    let third = heap.start(deadline: 6, first: 3, second: 33)
    XCTAssertFalse(heap.cancel(first), "its slot has another tenant")
    XCTAssertEqual(heap.popExpired(at: 9), ExpiredTimer(deadline: 5, first: 2, second: 22))
    XCTAssertFalse(heap.cancel(second))
    XCTAssertFalse(heap.cancel(TimerHandle(bits: 0)), "no handle is 0")
    XCTAssertTrue(heap.cancel(third))
    XCTAssertEqual(heap.count, 0)
  }

  /// Every way to cancel one of up to 21 timers (three levels) leaves a heap.
  func testCancelAnywhere() {
    for size in 1...21 {
      for victim in 0..<size {
        for stride in [1, 5, 7, 13] {
          var heap = TimerHeap(capacity: 2)
          let handles = (0..<size).map {
            heap.start(deadline: UInt64($0 * stride % 23), first: UInt($0), second: 0)
          }
          XCTAssertTrue(heap.cancel(handles[victim]))
          heap.checkInvariants()
          var last: UInt64 = 0
          var count = 0
          while let timer = heap.popExpired(at: 23) {
            XCTAssertLessThanOrEqual(last, timer.deadline)
            XCTAssertNotEqual(timer.first, UInt(victim))
            last = timer.deadline
            count += 1
          }
          XCTAssertEqual(count, size - 1)
        }
      }
    }
  }
}
