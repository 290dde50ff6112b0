import XCTest

@testable import Reports

final class FigureTests: XCTestCase {
  func testFigures() {
    XCTAssertEqual(Figures.time(12_345), "12.3 µs")
    XCTAssertEqual(Figures.time(999), "999 ns")
    XCTAssertEqual(Figures.time(1_050_000_000), "1.05 s")
    XCTAssertEqual(Figures.bytes(0), "0 B")
    XCTAssertEqual(Figures.count(1_234_567), "1.23 M")
    XCTAssertEqual(Figures.digits(-1.006), "-1.01")
    XCTAssertEqual(Figures.share(0.031), "3.10 %")
  }

  func testATableLinesUp() {
    var table = TextTable(["what", "µs"])
    table.add(["a", "1"])
    table.add(["bcdef", "1000"])
    XCTAssertEqual(table.text, "what     µs\n─────  ────\na         1\nbcdef  1000\n")
    XCTAssertEqual(table.markdown, "| what | µs |\n| --- | --: |\n| a | 1 |\n| bcdef | 1000 |\n")
  }

  func testAPageEscapesWhatItShows() {
    var page = Page(title: "a < b", lead: "\"x\" & y")
    page.table(["<i>"], [["1 > 0"]])
    let html = page.html
    XCTAssertTrue(html.contains("<title>a &lt; b</title>"))
    XCTAssertTrue(html.contains("&quot;x&quot; &amp; y"))
    XCTAssertTrue(html.contains("<th>&lt;i&gt;</th>"))
    XCTAssertTrue(html.contains("<td>1 &gt; 0</td>"))
  }

  func testGnuplotTakesTextsLiterally() {
    XCTAssertEqual(Gnuplot.quoted("a_b \"c\" \\"), #""a\\_b \"c\" \\""#)
  }
}
