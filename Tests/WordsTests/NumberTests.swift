import Words
import XCTest

/// Numbers come back from words as they went in, and look like nothing else.
final class NumberTests: XCTestCase {
  /// The edges of doubles.
  private static let edges: [Double] = [
    0, 1, 0.5, .pi, .leastNonzeroMagnitude, .leastNormalMagnitude, .greatestFiniteMagnitude, .infinity,
    .ulpOfOne,
    9_007_199_254_740_991, 9_007_199_254_740_992, 9_007_199_254_740_994, 1e300, 4_294_967_296, 1e-300,
  ].flatMap { [$0, -$0] }

  func testEdgeNumbersComeBackBitForBit() {
    for number in NumberTests.edges {
      let word = Word(number)
      XCTAssertTrue(word.isNumber, "\(number)")
      XCTAssertFalse(word.isPointer || word.isImmediate, "\(number)")
      XCTAssertEqual(word.number.bitPattern, number.bitPattern, "\(number)")
    }
  }

  func testRandomBitPatternsComeBack() {
    var random = SystemRandomNumberGenerator()
    for _ in 0..<20_000 {
      let number = Double(bitPattern: random.next())
      let word = Word(number)
      XCTAssertTrue(word.isNumber, "bits \(number.bitPattern)")
      if number.isNaN {
        XCTAssertEqual(word, Word(Double.nan), "bits \(number.bitPattern)")
      } else {
        XCTAssertEqual(word.number.bitPattern, number.bitPattern)
      }
    }
  }

  func testEveryNaNIsTheCanonicalOne() {
    for bits: UInt64 in [
      0x7FF0_0000_0000_0001, 0x7FF8_0000_0000_0001, 0xFFF8_0000_0000_0000, 0xFFFF_FFFF_FFFF_FFFF,
      0x7FFF_FFFF_FFFF_FFFF,
      0xFFF0_0000_0000_0001,
    ] {
      let word = Word(Double(bitPattern: bits))
      XCTAssertTrue(word.isNumber)
      XCTAssertTrue(word.number.isNaN)
      XCTAssertEqual(word.number.bitPattern, 0x7FF8_0000_0000_0000)
    }
  }

  func testMinusZeroIsKept() {
    XCTAssertEqual(Word(-0.0).number.sign, .minus)
    XCTAssertNotEqual(Word(-0.0), Word(0.0))
    XCTAssertEqual(Word(-0.0).integer, 0)
  }

  func testWholeNumbersWithinTwoToThe53AreIntegers() {
    for integer in [0, 1, -1, 42, 1 << 31, -(1 << 31), (1 << 53) - 1, 1 << 53, -(1 << 53)] {
      XCTAssertEqual(Word(integer).integer, integer)
    }
    for number in [
      0.5, -0.5, 9_007_199_254_740_994, -9_007_199_254_740_994, .infinity, -.infinity, .nan, 1e18,
    ] {
      XCTAssertNil(Word(number).integer, "\(number)")
    }
    XCTAssertNil(Word.nil.integer)
  }
}
