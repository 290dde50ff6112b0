import Memory
import Words
import XCTest

@testable import Runtime

final class DataNumberTests: XCTestCase {
  private func text(_ number: Double) -> String { shown(Word(number)) }

  private func parse(_ text: String) -> Double? {
    let heap = Heap.standalone()
    defer { heap.discard() }
    var parser = NumberParser()
    for byte in text.utf8 where !parser.take(byte) { return nil }
    return parser.finish()
  }

  /// What JavaScript's `String (x)` gives.
  func testPrinting() {
    let cases: [(Double, String)] = [
      (0, "0"), (-0.0, "0"), (1, "1"), (-12, "-12"), (1e20, "100000000000000000000"),
      (1.2345678901234568e20, "123456789012345680000"), (1e21, "1e+21"), (-1e21, "-1e+21"),
      (1.23e25, "1.23e+25"), (1.5e300, "1.5e+300"), (0.1 + 0.2, "0.30000000000000004"),
      (1.0 / 3, "0.3333333333333333"), (100.0 / 3, "33.333333333333336"), (1e-6, "0.000001"),
      (0.0000015, "0.0000015"), (1e-7, "1e-7"), (1.5e-7, "1.5e-7"), (-1e-10, "-1e-10"), (123e-9, "1.23e-7"),
      (.leastNonzeroMagnitude, "5e-324"), (1.7976931348623157e308, "1.7976931348623157e+308"),
      (2.2250738585072014e-308, "2.2250738585072014e-308"), (9007199254740991, "9007199254740991"),
      (9007199254740992, "9007199254740992"), (9007199254740994, "9007199254740994"),
      (18014398509481984, "18014398509481984"), (4.35, "4.35"), (1234.5678, "1234.5678"), (-0.5, "-0.5"),
      (.infinity, "inf"), (-.infinity, "-inf"), (.nan, "nan"), (123456.75, "123456.75"), (0.05, "0.05"),
      (4294967296.5, "4294967296.5"), (9.999999999999999e20, "999999999999999900000"),
    ]
    for (number, expected) in cases { XCTAssertEqual(text(number), expected) }
  }

  func testEveryPrintedNumberReadsBack() {
    var random = Seeded(1)
    for _ in 0..<20_000 {
      let number = Double(bitPattern: random.next())
      guard number.isFinite else { continue }
      XCTAssertEqual(Double(text(number)), number)
      let small = (Double(random.below(2_000_000)) - 1_000_000) / [1, 2, 3, 7, 10, 1000][random.below(6)]
      XCTAssertEqual(Double(text(small)), small)
      // The literals of the language have no plus sign before a number but allow one in the exponent.
      XCTAssertEqual(parse(text(small)), small == 0 ? 0 : small)
      XCTAssertEqual(parse(text(number)), number)
    }
  }

  func testReading() {
    let good: [(String, Double)] = [
      ("0", 0), ("007", 7), ("-3.5", -3.5), ("1_000", 1000), ("1_0_0.25", 100.25), ("2e-3", 0.002),
      ("2e+3", 2000), ("1e999", .infinity), ("-1e999", -.infinity), ("1e-999", 0),
      ("9007199254740993", 9007199254740992), ("123456789012345678901234567890", 1.2345678901234568e29),
      ("0.1", 0.1), ("1.0e0", 1),
    ]
    for (text, number) in good { XCTAssertEqual(parse(text), number, text) }
    let bad = [
      "", "-", ".", "1.", ".5", "1_", "1__0", "_1", "1e", "1e+", "1.5.2", "1_.5", "1._5", "1e1_0", " 1", "1 ",
      "+1",
      "1E5", "0x10", "inf", "nan", "--1", "1a", "1.2e3.4", "é", "1.e3", "1e1.5",
    ]
    for text in bad { XCTAssertNil(parse(text), text) }
  }
  /// However many digits there are, the number is the nearest.
  func testReadingManyDigits() {
    for count in [1, 17, 18, 19, 20, 21, 799, 800, 801, 2000] {
      for literal in [
        String(repeating: "9", count: count),
        "0." + String(repeating: "0", count: count) + "123456789012345678901",
        "1" + String(repeating: "0", count: count) + "1e-\(count)",
        "-12.5" + String(repeating: "7", count: count),
      ] {
        XCTAssertEqual(parse(literal), Double(literal), literal)
      }
      // Half way between two doubles, and a little above.
      let half = "9007199254740993" + "." + String(repeating: "0", count: count)
      XCTAssertEqual(parse(half), 9_007_199_254_740_992)
      XCTAssertEqual(parse(half + "1"), 9_007_199_254_740_994)
    }
    XCTAssertEqual(parse("0." + String(repeating: "0", count: 5000) + "25e5001"), 2.5)
  }
}
