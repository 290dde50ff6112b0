import XCTest

@testable import Reports

final class SampleTests: XCTestCase {
  func testMedianAndSpread() {
    XCTAssertEqual(Sample([3, 1, 2]).median, 2)
    XCTAssertEqual(Sample([4, 1, 2, 3]).median, 2.5)
    XCTAssertEqual(Sample().median, 0)
    XCTAssertEqual(Sample([8, 10, 12]).spread, 0.2)
    var grown = Sample()
    for value in [5.0, 1, 3, 3, 9] { grown.add(value) }
    XCTAssertEqual(grown.values, [1, 3, 3, 5, 9])
  }

  func testClearDifferences() {
    XCTAssertTrue(Sample([3, 4]).isClearlyAbove(Sample([1, 2])))
    XCTAssertFalse(Sample([3, 4]).isClearlyAbove(Sample([1, 3])))
    XCTAssertFalse(Sample([3, 4]).isClearlyAbove(Sample()))
  }
}
