// The inbox with one thread held at the place where a wake could get lost or be given twice.

#if DEBUG
  import XCTest

  @testable import Lanes
  @testable import lanes_stress

  final class InboxOrderTests: XCTestCase {
    /// The producer has seen "empty, running"; the consumer parks; the push must notice and wake.
    func testAPushThatWasOvertakenByParkWakes() {
      let inbox = Shared(InboxStack())
      Hold.at(.inboxPushing) {
        XCTAssertEqual(unsafe inbox.value.push(Node.make(sender: 0, number: 1)), .wake)
      } meanwhile: {
        XCTAssertTrue(inbox.value.tryPark())
      }
      XCTAssertEqual(unsafe Node.numbers(inbox.value.takeInOrder()), [1])
    }

    /// The producer has seen PARKED; a timer takes the mark first; the push must not wake a second time.
    func testAPushThatWasOvertakenByUnparkDoesNotWake() {
      let inbox = Shared(InboxStack())
      XCTAssertTrue(inbox.value.tryPark())
      Hold.at(.inboxPushing) {
        XCTAssertEqual(unsafe inbox.value.push(Node.make(sender: 0, number: 1)), .queued)
      } meanwhile: {
        XCTAssertTrue(inbox.value.unpark())
      }
      XCTAssertEqual(unsafe Node.numbers(inbox.value.takeInOrder()), [1])
    }

    /// The producer has seen an open inbox; the consumer ends; the node stays with the producer.
    func testAPushThatWasOvertakenByCloseKeepsItsNode() {
      let inbox = Shared(InboxStack())
      Hold.at(.inboxPushing) {
        let node = unsafe Node.make(sender: 0, number: 1)
        XCTAssertEqual(unsafe inbox.value.push(node), .closed)
        unsafe node.deallocate()
      } meanwhile: {
        XCTAssertEqual(unsafe inbox.value.closeInOrder().count, 0)
      }
    }

    /// The consumer has seen an empty inbox; a message comes; the park must fail.
    func testAParkThatWasOvertakenByAPushFails() {
      let inbox = Shared(InboxStack())
      Hold.at(.inboxParking) {
        XCTAssertFalse(inbox.value.tryPark())
      } meanwhile: {
        XCTAssertEqual(unsafe inbox.value.push(Node.make(sender: 0, number: 1)), .queued)
      }
      XCTAssertEqual(unsafe Node.numbers(inbox.value.takeInOrder()), [1])
    }

    /// A push that links to a head which was taken and pushed again meanwhile: no node is lost or seen twice.
    func testTheSameHeadComingBackIsHarmless() {
      let inbox = Shared(InboxStack())
      XCTAssertEqual(unsafe inbox.value.push(Node.make(sender: 0, number: 1)), .queued)
      Hold.at(.inboxPushing) {
        XCTAssertEqual(unsafe inbox.value.push(Node.make(sender: 0, number: 3)), .queued)
      } meanwhile: {
        let same = unsafe inbox.value.takeInOrder().first!
        unsafe same.storeBytes(of: 2, toByteOffset: 16, as: Int.self)
        XCTAssertEqual(unsafe inbox.value.push(same), .queued)
      }
      XCTAssertEqual(unsafe Node.numbers(inbox.value.takeInOrder()), [2, 3])
    }
  }
#endif
