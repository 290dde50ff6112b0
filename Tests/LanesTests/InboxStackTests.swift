// The inbox: order, park and wake, closing; alone first, then with many producers.

import Synchronization
import XCTest

@testable import Lanes
@testable import lanes_stress

final class InboxStackTests: XCTestCase {
  func testFitsAWord() {
    XCTAssertEqual(MemoryLayout<InboxStack>.size, 8)
    XCTAssertEqual(MemoryLayout<InboxStack>.alignment, 8)
  }

  func testTakesInTheOrderOfPushes() {
    let inbox = InboxStack()
    XCTAssertTrue(inbox.isEmpty)
    XCTAssertEqual(unsafe inbox.takeInOrder().count, 0)
    for i in 0..<5 { XCTAssertEqual(unsafe inbox.push(Node.make(sender: 0, number: i)), .queued) }
    XCTAssertFalse(inbox.isEmpty)
    let chain = unsafe inbox.takeInOrder()
    XCTAssertEqual(unsafe chain.count, 5)
    XCTAssertEqual(unsafe Node.numbers(chain), [0, 1, 2, 3, 4])
    XCTAssertTrue(inbox.isEmpty)
  }

  func testExactlyOnePushWakes() {
    let inbox = InboxStack()
    XCTAssertTrue(inbox.tryPark())
    XCTAssertTrue(inbox.isParked)
    XCTAssertEqual(unsafe inbox.push(Node.make(sender: 0, number: 0)), .wake)
    XCTAssertEqual(unsafe inbox.push(Node.make(sender: 0, number: 1)), .queued)
    XCTAssertFalse(inbox.tryPark())
    XCTAssertFalse(inbox.unpark())
    XCTAssertEqual(unsafe Node.numbers(inbox.takeInOrder()), [0, 1])
    XCTAssertTrue(inbox.tryPark())
    XCTAssertTrue(inbox.unpark())
    XCTAssertFalse(inbox.unpark())
    XCTAssertEqual(unsafe inbox.push(Node.make(sender: 0, number: 2)), .queued)
    XCTAssertEqual(unsafe Node.numbers(inbox.closeInOrder()), [2])
  }

  func testAClosedInboxTakesNothing() {
    let inbox = InboxStack()
    XCTAssertEqual(unsafe inbox.push(Node.make(sender: 0, number: 0)), .queued)
    XCTAssertEqual(unsafe Node.numbers(inbox.closeInOrder()), [0])
    let late = unsafe Node.make(sender: 0, number: 1)
    XCTAssertEqual(unsafe inbox.push(late), .closed)
    XCTAssertFalse(inbox.tryPark())
    inbox.reopen()
    XCTAssertEqual(unsafe inbox.push(late), .queued)
    XCTAssertEqual(unsafe Node.numbers(inbox.takeInOrder()), [1])
    XCTAssertTrue(inbox.tryPark())
    XCTAssertEqual(unsafe inbox.closeInOrder().count, 0)
  }
}
