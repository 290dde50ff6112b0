import XCTest

@testable import Ludus

final class DiagnosticTests: XCTestCase {
  func testRendering() {
    XCTAssertEqual(
      rendered("let total = 1\nprint! (totl)"),
      """
      test.ld:2:9: error: unbound name `totl`
        print! (totl)
                ^~~~
        hint: did you mean `total`?

      """)
  }

  func testWarningsAndPlacesBehindTabsAndWideText() {
    XCTAssertEqual(
      rendered("\t\"größe\"; let inc = 1"),
      """
      test.ld:1:15: warning: `inc` shadows a name of the Prelude
        \t"größe"; let inc = 1
        \t             ^~~
        hint: this script now means its own `inc`; choose another name if it needs the Prelude's

      """)
  }

  func testARangeOfSeveralLinesIsUnderlinedToTheEndOfTheFirst() {
    XCTAssertTrue(
      rendered("loop (1) with (x) -> recur (\n1,\n2)").contains(
        "recur (\n" + String(repeating: " ", count: 23) + "^~~~~~~\n"))
  }

  func testTheEndOfTheFile() {
    XCTAssertTrue(rendered("let x =").contains("  let x =\n         ^\n"))
    XCTAssertTrue(rendered("let x =\n").contains("2:1: error"))
  }

  func testLongLinesAreCut() {
    let source =
      String(repeating: "print! (1); ", count: 10_000) + "oops; "
      + String(repeating: "print! (1); ", count: 100)
    let lines = rendered(source).split(separator: "\n")
    XCTAssertTrue(lines[0].contains(":1:120001: error"))
    XCTAssertLessThan(lines[1].count, 200)
    let underline = lines[2]
    let column = underline.distance(
      from: underline.startIndex, to: underline.firstIndex(of: "^") ?? underline.startIndex)
    XCTAssertTrue(lines[1].dropFirst(column).hasPrefix("oops"))
  }

  func testAtMostTwentyErrorsFromTheFirstOn() {
    let source = (0..<30).map { "oops_\($0)\n" }.joined()
    XCTAssertEqual(errors(source).count, 20)
    XCTAssertTrue(errors(source)[19].hasPrefix("20:1 "))
    XCTAssertTrue(rendered(source).hasSuffix("test.ld: and 10 more errors\n"))
  }

  func testErrorsAreSortedByPlace() {
    let lines = errors("aa; 1 2\nbb; [3 4]\ncc").map { $0.split(separator: " ")[0] }
    XCTAssertEqual(lines, ["1:1", "1:7", "2:1", "2:8", "3:1"])
  }

  func testColour() {
    let checked = check("oops")
    let text = DiagnosticRenderer(checked.script.file, colored: true).render(checked)
    XCTAssertTrue(text.contains("\u{1B}[1;31merror:\u{1B}[0m"))
    XCTAssertFalse(rendered("oops").contains("\u{1B}"))
  }
}
