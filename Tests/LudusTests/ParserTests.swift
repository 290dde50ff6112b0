import XCTest

@testable import Ludus

final class ParserTests: XCTestCase {
  private func parsed(
    _ source: String, _ expected: String, file: StaticString = #filePath, line: UInt = #line
  ) {
    let (script, diagnostics) = FrontEnd.parse(bytes: Array(source.utf8), fileName: "test.ld")
    XCTAssertEqual(diagnostics.map(\.message), [], source, file: file, line: line)
    XCTAssertEqual(TreeText.of(script), expected, file: file, line: line)
  }

  func testTerminators() {
    parsed("", "")
    parsed(";;\n;", "")
    parsed(";1;;\n;2\n3;", "1; 2; 3")
    parsed("{ 1\n2 ; }", "{1; 2}")
  }

  func testSeparators() {
    parsed("[1, 2,\n,3\n4,]", "[1, 2, 3, 4]")
    parsed("[]", "[]")
    parsed("[\n\n]", "[]")
    parsed("(1)", "(1)")
    parsed("()", "()")
    parsed("${1, ...x}", "${1, ...x}")
  }

  func testChains() {
    parsed("foo (1) :a (2) :b", "foo(1):a(2):b")
    parsed("foo(1)(2)", "foo(1)(2)")
    parsed(":a (d) :b", ":a(d):b")
    parsed("true :a :b", "true:a:b")
    parsed("\"s\" :a (1)", "\"s\":a(1)")
    parsed("d:a", "d:a")
    parsed("f (1, _, 2)", "f(1, _, 2)")
    parsed("f\n(1)", "f; (1)")
    parsed("f\n:a", "f; :a")
    parsed("[d :a\n:b\nd]", "[d:a, :b, d]")
    parsed("f (1)\n(2)", "f(1); (2)")
  }

  func testDicts() {
    parsed("#{a, :b 1, \"c\" 2, 3 4, ...d}", "#{:a a, :b 1, \"c\" 2, 3 4, ...d}")
    parsed("#{:k (1, 2)}", "#{:k (1, 2)}")
    parsed("#{:k :a (d)}", "#{:k :a(d)}")
    parsed("@{a\n:b d :c}", "@{:a a, :b d:c}")
    parsed("ns n { :a 1, b }", "ns n {:a 1, :b b}")
  }

  func testConditionals() {
    parsed("if a\nthen b\nelse c", "if a then b else c")
    parsed("if\na then\nb else\nc", "if a then b else c")
    parsed(
      "if let (x, _) = v then let y = x else fn g () -> 1",
      "if let (x, _) = v then let y = x else fn g {() -> 1}")
    parsed("when { a -> 1; _ -> 2\nelse -> 3 }", "when {a -> 1; else -> 2; else -> 3}")
    parsed("match x with { 1 -> :a; n if n -> :b\nelse -> :c }", "match x {1 -> :a; n if n -> :b; _ -> :c}")
    parsed("match x\nwith\n{ [a, ...] -> 1 }", "match x {[a, ..._] -> 1}")
  }

  func testFunctions() {
    parsed("fn (x) -> x", "fn {(x) -> x}")
    parsed("fn f (x, ...y) if x -> y", "fn f {(x, ...y) if x -> y}")
    parsed("fn f { \"doc\" (1) -> 2; (x) -> 3 }", "fn f doc {(1) -> 2; (x) -> 3}")
    parsed("fn f {\n\"doc\"\n(1) -> 2\n(x) -> 3 }", "fn f doc {(1) -> 2; (x) -> 3}")
    parsed("fn (x) ->\nx", "fn {(x) -> x}")
  }

  func testLoopsAndProcesses() {
    parsed("loop (1, 2) with (a, b) -> recur (a, b)", "loop (1, 2) {(a, b) -> recur (a, b)}")
    parsed("loop ()\nwith { () -> 1 }", "loop () {() -> 1}")
    parsed("repeat 3 { x }", "repeat 3 {x}")
    parsed("repeat n { x }", "repeat n {x}")
    parsed("receive { (a, :b) -> a; after 5 -> 1 }", "receive {(a, :b) -> a; after 5 -> 1}")
    parsed("receive { after :infinity -> 1 }", "receive {; after :infinity -> 1}")
    parsed("do v > f\n> g (1, _)\n> :key", "do v > f > g(1, _) > :key")
    parsed("do a > fn (x) -> f (x) > b", "do a > fn {(x) -> f(x)} > b")
    parsed("do a > do b > c", "do a > do b > c")
  }

  func testPatterns() {
    parsed(
      "let (1, nil, \"s\", :k, _, _x, w as :number, [a, ..._r], #{b, :c d, e as :fn, ...f}, @{:g _}) = v",
      "let (1, nil, \"s\", :k, _, _, w as :number, [a, ..._], #{:b b, :c d, :e e as :fn, ...f}, @{:g _}) = v")
  }

  func testToplevelForms() {
    parsed("import \"a/b\" as c", "import \"a/b\" as c")
    parsed("use foo\ntest \"t\" { 1 }\nref r = 1", "use foo; test \"t\" {1}; ref r = 1")
  }

  func testNewlinesThatEndExpressions() {
    for source in [
      "let x\n= 1", "let\nx = 1", "fn\n(x) -> x", "fn f\n(x) -> x", "(x)\n-> 1", "match\n1 with { _ -> 1 }",
      "when\n{ _ -> 1 }", "loop\n(1) with (x) -> x", "repeat\n3 { 1 }", "repeat 3\n{ 1 }",
      "receive\n{ _ -> 1 }",
      "#{:a\n1}", "import\n\"x\" as y", "ns\na {}", "recur\n(1)", "match 1 with { x\nif x -> 1 }",
      "match 1 with { x\n-> 1 }", "let x as\n:number = 1", "[...\nxs]",
    ] {
      XCTAssertFalse(
        FrontEnd.parse(bytes: Array(source.utf8), fileName: "t").diagnostics.isEmpty, source)
    }
  }

  func testRanges() throws {
    let source = "let größe_ = 1\nfoo (1,\n  2) :a"
    let (script, _) = FrontEnd.parse(bytes: Array("let x = f (1)\nfoo (1,\n  2) :a & c".utf8), fileName: "t")
    XCTAssertEqual(
      script.expressions.map { script.file.text(in: $0.range) }, ["let x = f (1)", "foo (1,\n  2) :a"])
    let file = SourceFile(name: "t", bytes: Array(source.utf8))
    XCTAssertEqual(file.position(of: 14), SourcePosition(line: 1, column: 13))
    XCTAssertEqual(file.position(of: 17), SourcePosition(line: 2, column: 1))
    XCTAssertEqual(file.position(of: 1000).line, 3)
  }

  func testFunctionsAreNumberedByTheirBeginnings() {
    let (script, _) = FrontEnd.parse(
      bytes: Array("fn a () -> fn (x) -> fn (y) -> y\ntest \"t\" fn b () -> 1".utf8), fileName: "t")
    XCTAssertEqual(script.functions.map(\.index), Array(0..<script.functions.count))
    XCTAssertEqual(script.functions.map(\.range.start), script.functions.map(\.range.start).sorted())
  }
}
