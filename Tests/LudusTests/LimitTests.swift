import XCTest

@testable import Ludus

/// Sources that are large or deep: a clear error or a fine tree, in little time.
final class LimitTests: XCTestCase {
  private func repeated(_ text: String, _ count: Int) -> String { String(repeating: text, count: count) }

  func testDeepNestingIsRefusedAtItsPlace() {
    let deep = 100_000
    let sources = [
      repeated("[", deep), repeated("(", deep), repeated("{", deep), repeated("#{:a ", deep),
      repeated("${", deep),
      repeated("@{:a ", deep), repeated("[", deep) + repeated("]", deep),
      repeated("inc (", deep) + "1" + repeated(")", deep),
      repeated("fn () -> ", deep) + "1", repeated("fn f () -> ", deep) + "1", repeated("if true then ", deep),
      repeated("if true then 1 else ", deep) + "1", repeated("do 1 > ", deep), repeated("do ", deep),
      repeated("let x = ", deep), "let " + repeated("[", deep), "fn (" + repeated("(", deep),
      repeated("match ", deep),
      repeated("match 1 with { x -> ", deep), repeated("when { true -> ", deep),
      repeated("loop (1) with (x) -> ", deep),
      repeated("receive { after 1 -> ", deep), repeated("repeat 3 {", deep), repeated("recur (", deep),
      repeated("test \"a\" ", deep), repeated("ref x = ", deep), repeated("ns n {:a ", deep),
      repeated("f (_, ", deep),
    ]
    for source in sources {
      let checked = check(source)
      let found = checked.diagnostics.contains { $0.message.contains("nested too deeply") }
      XCTAssertTrue(found || checked.hiddenErrors > 0, "\(source.prefix(30)): \(errors(source).prefix(3))")
      XCTAssertTrue(checked.hasErrors)
    }
  }

  func testFiftyMegabytesOfBrackets() {
    let bytes = [UInt8](repeating: Ascii.openBracket, count: 50 << 20)
    let start = ContinuousClock.now
    let checked = FrontEnd.check(bytes: bytes, fileName: "brackets.ld", surroundings: .init())
    XCTAssertEqual(checked.diagnostics.map(\.message), ["nested too deeply (more than 400 levels)"])
    XCTAssertEqual(checked.script.file.position(of: checked.diagnostics[0].range.start).column, 401)
    XCTAssertLessThan(DiagnosticRenderer(checked.script.file).render(checked).utf8.count, 1000)
    XCTAssertLessThan(ContinuousClock.now - start, .seconds(30))
  }

  func testMegabytesOfNonsense() {
    for byte: UInt8 in [0, 0xFF, 0x5C, 0x29, 0x2B, 0x41] {
      let start = ContinuousClock.now
      let bytes = [UInt8](repeating: byte, count: 4 << 20)
      let checked = FrontEnd.check(bytes: bytes, fileName: "nonsense.ld", surroundings: .init())
      XCTAssertTrue(checked.hasErrors)
      XCTAssertLessThan(DiagnosticRenderer(checked.script.file).render(checked).utf8.count, 100_000)
      XCTAssertLessThan(ContinuousClock.now - start, .seconds(20), "\(byte)")
    }
  }

  func testLongFlatProgramsAreFine() {
    let many = 20_000
    let sources = [
      "do 1" + repeated(" > inc", many), "print!" + repeated(" (1)", many), "print!" + repeated(" :a", many),
      "[" + repeated("1, ", many) + "]", repeated("let _a = 1\n", many), repeated("print! (1);", many),
      "match 1 with {" + repeated("1 -> 2\n", many) + "}", "\"" + repeated("{inc}", many) + "\"",
      "fn f {" + repeated("(1, 2) -> 3;", many) + "}", repeated(";", many) + "1",
      "[1" + repeated(",", many) + "]",
      "add (" + repeated("1,", many) + ")", repeated("& comment\n", many),
      "let x = \"" + repeated("a\n", many) + "\"",
      "{" + (0..<many).map { "let n\($0) = \($0);" }.joined() + "n1}",
      (0..<many).map { "fn f\($0) () -> f\(many - 1 - $0) ()\n" }.joined(),
      "fn big () -> {" + (0..<5000).map { "let n\($0) = \($0);" }.joined() + "fn () -> ["
        + (0..<5000).map { "n\($0), " }.joined() + "]}",
    ]
    for source in sources {
      let start = ContinuousClock.now
      XCTAssertEqual(errors(source), [], String(source.prefix(30)))
      XCTAssertLessThan(ContinuousClock.now - start, .seconds(10), String(source.prefix(30)))
    }
  }

  func testManyErrorsCostLittle() {
    let many = 20_000
    let sources = [
      repeated("1 ", many), repeated("zork ", many), repeated("zork\n", many), repeated("\\ ", many),
      repeated(")", many), repeated("[}", many), repeated("let\n", many), repeated("\"\\q\"\n", many),
      repeated("[(\n", many), repeated("let x = [\n", many), repeated("fn f (\n", many),
      repeated("= > -> ", many),
    ]
    for source in sources {
      let start = ContinuousClock.now
      let found = errors(source)
      XCTAssertFalse(found.isEmpty)
      XCTAssertLessThanOrEqual(found.count, FrontEnd.maximumErrors)
      XCTAssertLessThan(ContinuousClock.now - start, .seconds(10), String(source.prefix(30)))
    }
  }

  func testTwoHundredLevelsAreFine() {
    for (open, middle, close) in [
      ("[", "1", "]"), ("inc (", "1", ")"), ("{ ", "1", " }"), ("if true then ", "1", " else 2"),
      ("fn () -> ", "1", ""), ("#{:a ", "1", "}"),
    ] {
      XCTAssertEqual(errors(repeated(open, 200) + middle + repeated(close, 200)), [])
    }
  }
}
