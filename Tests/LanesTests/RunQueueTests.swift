// The run queue against a model, at capacity 4 where every edge is a few steps away, and at 256.

import XCTest

@testable import Lanes
@testable import lanes_stress

final class RunQueueTests: XCTestCase {
  func testSmoke() {
    let queue = RunQueue.Owner(capacity: 4)
    XCTAssertNil(queue.pop())
    XCTAssertTrue(queue.tryPush(1))
    XCTAssertTrue(queue.tryPush(2))
    XCTAssertEqual(queue.count, 2)
    XCTAssertEqual(queue.pop(), 1)
    XCTAssertTrue(queue.tryPush(3))
    XCTAssertEqual(queue.pop(), 2)
    XCTAssertEqual(queue.pop(), 3)
    XCTAssertNil(queue.pop())
    XCTAssertTrue(queue.isEmpty)
  }

  func testAFullRingRefusesAndSpillsItsOlderHalf() {
    let queue = RunQueue.Owner(capacity: 4)
    for i: UInt in 1...4 { XCTAssertTrue(queue.tryPush(i)) }
    XCTAssertFalse(queue.tryPush(5))
    var spilled: [UInt] = []
    let did = unsafe queue.spillHalf { older, newer in
      spilled = unsafe Array(older) + Array(newer)
    }
    XCTAssertTrue(did)
    XCTAssertEqual(spilled, [1, 2])
    XCTAssertTrue(queue.tryPush(5))
    XCTAssertEqual([queue.pop(), queue.pop(), queue.pop(), queue.pop()], [3, 4, 5, nil])
  }

  /// A thief takes the older half, but no more than it wants, in their order.
  func testStealingAFew() {
    let cases: [(limit: UInt32, stolen: [UInt], left: [UInt])] = [
      (1, [1], [2, 3, 4, 5]), (2, [2, 1], [3, 4, 5]), (9, [3, 1, 2], [4, 5]),
    ]
    for (limit, stolen, left) in cases {
      let victim = RunQueue.Owner(capacity: 8)
      let mine = RunQueue.Owner(capacity: 8)
      for i: UInt in 1...5 { XCTAssertTrue(victim.tryPush(i)) }
      var found = [victim.thief.steal(into: mine, limit: limit)]
      while let next = mine.pop() { found.append(next) }
      XCTAssertEqual(found, stolen)
      var rest: [UInt] = []
      while let next = victim.pop() { rest.append(next) }
      XCTAssertEqual(rest, left)
    }
  }

  func testStealPush() {
    let victim = RunQueue.Owner(capacity: 8)
    let mine = RunQueue.Owner(capacity: 8)
    XCTAssertNil(victim.thief.steal(into: mine))
    for i: UInt in 1...5 { XCTAssertTrue(victim.tryPush(i)) }
    XCTAssertEqual(victim.thief.steal(into: mine), 3)
    XCTAssertEqual([mine.pop(), mine.pop(), mine.pop()], [1, 2, nil])
    XCTAssertEqual([victim.pop(), victim.pop(), victim.pop()], [4, 5, nil])
  }

  func testAThiefWithoutRoomTakesNothing() {
    let victim = RunQueue.Owner(capacity: 4)
    let mine = RunQueue.Owner(capacity: 4)
    XCTAssertTrue(victim.tryPush(9))
    for i: UInt in 1...3 { XCTAssertTrue(mine.tryPush(i)) }
    XCTAssertNil(victim.thief.steal(into: mine))
    XCTAssertEqual(victim.pop(), 9)
  }

  /// Random pushes, pops, spills and steals between two rings, beside two arrays.
  func testBehavesLikeAnArray() {
    for seed: UInt64 in 1...40 {
      var random = SplitMix(seed: seed)
      let capacity = [2, 4, 8, 256][Int(seed % 4)]
      let a = RunQueue.Owner(capacity: capacity)
      let b = RunQueue.Owner(capacity: capacity)
      var modelA: [UInt] = []
      var modelB: [UInt] = []
      for step: UInt in 1...3000 {
        switch random.next() % 8 {
        case 0...3:
          let fits = a.tryPush(step)
          XCTAssertEqual(fits, modelA.count < capacity, "seed \(seed) step \(step)")
          if fits { modelA.append(step) }
        case 4:
          XCTAssertEqual(a.pop(), modelA.isEmpty ? nil : modelA.removeFirst(), "seed \(seed)")
        case 5:
          XCTAssertEqual(b.pop(), modelB.isEmpty ? nil : modelB.removeFirst(), "seed \(seed)")
        case 6:
          let full = modelA.count == capacity
          var spilled: [UInt] = []
          let did = unsafe a.spillHalf {
            spilled = unsafe Array($0) + Array($1)
          }
          XCTAssertEqual(did, full, "seed \(seed)")
          XCTAssertEqual(spilled, full ? Array(modelA.prefix(capacity / 2)) : [], "seed \(seed)")
          modelA.removeFirst(spilled.count)
        default:
          let room = capacity - modelB.count >= capacity / 2
          let stolen = a.thief.steal(into: b)
          var expected = room ? Array(modelA.prefix((modelA.count + 1) / 2)) : []
          modelA.removeFirst(expected.count)
          XCTAssertEqual(stolen, expected.popLast(), "seed \(seed) step \(step)")
          modelB += expected
        }
        XCTAssertEqual(a.count, modelA.count, "seed \(seed) step \(step)")
        XCTAssertEqual(b.thief.count, modelB.count, "seed \(seed) step \(step)")
      }
    }
  }
}
