import Words
import XCTest

/// Immediates of all kinds are told apart from each other, from numbers and from pointers.
final class ImmediateTests: XCTestCase {
  private static let values: [UInt64] = [0, 1, 2, 15, 16, 0xFFFF_FFFF, (1 << 44) - 2, (1 << 44) - 1]

  private static let constants: [Word] = [
    .nil, .false, .true, .emptyTuple, .emptyList, .emptySet, .emptyDict, .emptyStruct, .unbound, .absent,
    .request,
  ]

  func testTagAndValueComeBack() {
    for tag in ImmediateTag.allCases {
      for value in ImmediateTests.values {
        let word = Word(tag, value)
        XCTAssertTrue(word.isImmediate)
        XCTAssertFalse(word.isNumber || word.isPointer || word.isPrivatePointer || word.isSharedPointer)
        XCTAssertEqual(word.immediateTag, tag)
        XCTAssertEqual(word.immediateValue, value)
      }
    }
  }

  func testEveryPairOfKindsIsToldApart() {
    for tag in ImmediateTag.allCases {
      for other in ImmediateTag.allCases {
        for value in ImmediateTests.values {
          XCTAssertEqual(Word(tag, value).isImmediate(other), tag == other, "\(tag) as \(other)")
        }
      }
      XCTAssertFalse(Word(1.5).isImmediate(tag))
      XCTAssertFalse(Word(bits: 0x1000).isImmediate(tag))
      XCTAssertFalse(Word(bits: 0x1001).isImmediate(tag))
    }
  }

  func testConstantsAreDistinct() {
    XCTAssertEqual(Set(ImmediateTests.constants.map(\.bits)).count, ImmediateTests.constants.count)
    XCTAssertTrue(ImmediateTests.constants.allSatisfy { $0.isImmediate(.constant) })
  }

  func testNilAndFalseAloneAreFalsy() {
    for word in ImmediateTests.constants {
      XCTAssertEqual(word.isFalsy, word == .nil || word == .false)
      XCTAssertEqual(word.isTruthy, !word.isFalsy)
      XCTAssertEqual(word.isBoolean, word == .true || word == .false)
    }
    for tag in ImmediateTag.allCases where tag != .constant {
      for value in ImmediateTests.values { XCTAssertTrue(Word(tag, value).isTruthy, "\(tag) \(value)") }
    }
    for word in [Word(0.0), Word(-0.0), Word(Double.nan), Word(bits: 8), Word(bits: 9)] {
      XCTAssertTrue(word.isTruthy)
    }
    XCTAssertEqual(Word(true), .true)
    XCTAssertEqual(Word(false), .false)
  }

  func testPointersAreToldApartByBitZero() {
    let highest: UInt64 = 0x0000_FFFF_FFFF_FFF8
    for address: UInt64 in [8, 0x1000, 0x7FFF_FFFF_FFF8, highest] {
      let own = Word(bits: address)
      let shared = Word(bits: address | 1)
      XCTAssertTrue(own.isPointer && own.isPrivatePointer && !own.isSharedPointer)
      XCTAssertTrue(shared.isPointer && shared.isSharedPointer && !shared.isPrivatePointer)
      XCTAssertFalse(own.isNumber || own.isImmediate || shared.isNumber || shared.isImmediate)
    }
  }
}
