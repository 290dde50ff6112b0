import XCTest

@testable import Ludus

/// One mistake gives one error, several give several, and the names beside them are looked at too.
final class RecoveryTests: XCTestCase {
  func testOneMistakeOneError() {
    for source in [
      "let x = 1)", "let x = [1; 2]", "let x = [1 2]", "let x = 5 (1)", "let x = let y = 1",
      "let x = 1 let y = 2",
      "print! (add (let x = 1, 2))", "let x =", "let = 1", "let x 1", "fn f (x) x", "fn f x -> x",
      "fn (x -> x",
      "if true then 1", "if true else 1", "match 1 { _ -> 1 }", "match 1 with { 1 }", "match 1 with { }",
      "when { 1 }", "when { }", "{ }", "{;}", "[,]", "do 1", "do 1 >", "repeat { 1 }", "repeat 1",
      "loop 1 with (x) -> x",
      "loop (1) (x) -> x", "recur", "receive { }", "receive { after }", "import \"a\" b", "import a as b",
      "use 1",
      "ns {}", "ns n", "test 1", "test \"a\"", "let else_ = 1; let then = 2", "fn match (x) -> x",
      "fn f (if) -> 1",
      "let x as number = 1", "#{:a 1, inc 1}", "#{:a 1 :b 2}", "#{1}", "#{[1] 2}", "@{1 2}", "[...]",
      "[...1]",
      "inc (,)",
      "let ${a} = 1", "let \"{a}\" = 1", "fn f { \"doc {x}\" () -> 1 }", "fn f { }", "fn f { \"doc\" }",
      "1 > 2",
      "let x == 1", "when { 1 -> 2, 3 -> 4 }", "fn f { (1) -> 2, (3) -> 4 }", "(1", "[1", "{ 1", "#{:a 1",
      "((1)",
      "fn f () -> {\n1\n", "[1, 2)", "{ 1 ]\n}", "let x = [1,\n2\nlet y = 3\nprint! (y)",
      "print! (1\nfn f () -> 1\nf ()",
      "receive { after 1 -> 2; 3 -> 4 }", "let x = -", "nil = 1", "as", "then 1", "-> 1", "...x",
    ] {
      XCTAssertEqual(errors(source).count, 1, "\(source): \(errors(source))")
    }
  }

  func testSeveralMistakesAndTheNamesBesideThem() {
    let source = """
      let a = [1 2]
      print! (missing_one)
      let b = )
      fn f (x) -> missing_two (x, *)
      match a with {
        1 -> missing_three
        2 3 -> 4
        5 -> missing_four
      }
      print! ("{missing_five}", a, b)
      let a = 3
      """
    let found = errors(source)
    for line in [1, 2, 3, 4, 6, 7, 8, 10, 11] {
      XCTAssertEqual(
        found.filter { $0.hasPrefix("\(line):") }.count, line == 4 ? 2 : 1, "line \(line): \(found)")
    }
  }

  func testNamesOfWrongStatementsAreNotCalledUnbound() {
    XCTAssertEqual(errors("let abc = [1 2\nprint! (abc)").count, 2)
    XCTAssertEqual(errors("fn abc (x\nprint! (abc)").filter { $0.contains("unbound") }, [])
    XCTAssertEqual(errors("let abc + 1 = 2\nprint! (abc)").filter { $0.contains("unbound") }, [])
    XCTAssertEqual(errors("let (abc def) = 2\nprint! (abc, def)").count, 1)
    XCTAssertEqual(errors("let Total = 1\nprint! (Total)").filter { $0.contains("unbound") }, [])
    XCTAssertEqual(errors("fn abc = 1\nabc (1)").count, 1)
  }

  func testUnclosedBracketShowsWhereItOpened() {
    XCTAssertEqual(errors("let x = [1,\n  2\nprint! (x)\n"), ["1:9 unclosed `[`"])
    XCTAssertEqual(errors("fn f () -> {\n  let x = (1\n}\nf ()"), ["2:11 unclosed `(`"])
    XCTAssertTrue(rendered("\nlet x = (1, 2]").contains("`(` of 2:9"))
  }

  func testUnexpectedTokenSaysWhatWasExpected() {
    XCTAssertEqual(errors("let x 1"), ["1:7 unexpected `1`; expected `=`"])
    XCTAssertEqual(errors("match x\n{ }").first, "1:8 the line ends here, but `with` was expected")
    XCTAssertEqual(errors("let x\n= 1").first, "1:6 the line ends here, but `=` was expected")
    XCTAssertEqual(errors("let x ="), ["1:8 unexpected end of the file; expected an expression"])
  }
}
