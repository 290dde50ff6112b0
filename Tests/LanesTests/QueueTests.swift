// The inject queue and the ranked lock, alone.

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
