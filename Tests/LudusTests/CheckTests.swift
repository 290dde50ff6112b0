import XCTest

@testable import Ludus

/// The static checks of the language, one by one: each with what is refused and what is not.
final class CheckTests: XCTestCase {
  private func refused(_ source: String, _ expected: String..., line: UInt = #line) {
    XCTAssertEqual(errors(source), expected, source, line: line)
  }

  private func fine(_ source: String, line: UInt = #line) {
    XCTAssertEqual(errors(source), [], source, line: line)
  }

  func testBoundTwice() {
    refused("let a = 1\nlet a = 2", "2:5 name `a` is bound twice in this scope")
    refused("let a = 1\nfn a () -> 2", "2:4 name `a` is bound twice in this scope")
    refused("let (a, b) = 1\nlet [b] = 2", "2:6 name `b` is bound twice in this scope")
    refused("let (a, a) = 1", "1:9 name `a` stands twice in a pattern")
    refused("fn f (a, #{:b [a]}) -> 1", "1:16 name `a` stands twice in a pattern")
    refused("let [a, ...a] = 1", "1:12 name `a` stands twice in a pattern")
    fine("let _a = 1\nlet _a = 2\nlet (_, _) = (1, 2)")
  }

  func testNearestName() {
    XCTAssertTrue(rendered("let total = 1\nprint! (totl)").contains("did you mean `total`?"))
    XCTAssertTrue(rendered("prnt! (1)").contains("did you mean `print!`?"))
    XCTAssertTrue(rendered("cuont (1)").contains("did you mean `count`?"))
    XCTAssertTrue(rendered("if eq (1, 2) then 1 else 2").contains("did you mean `eq?`?"))
    XCTAssertTrue(rendered("let counts = 1\ncouns (counts)").contains("did you mean `counts`?"))
    XCTAssertTrue(rendered("let county = 1\nlet x = counnt (county)").contains("did you mean `count`?"))
    XCTAssertFalse(rendered("xyzzy_plugh").contains("did you mean"))
    XCTAssertFalse(rendered("let x = 1\nprint! (y, x)").contains("did you mean"))
    XCTAssertFalse(rendered("{ let inside = 1; inside }; insid").contains("did you mean"))
  }

  func testRecur() {
    let tail = "recur is not in tail position of its loop"
    refused("recur (1)", "1:1 recur outside of a loop")
    refused("fn f (n) -> recur (n)", "1:13 recur outside of a loop")
    refused("loop (1) with (n) -> fn () -> recur (n)", "1:31 recur outside of a loop")
    refused("loop (1) with (n) -> add (1, recur (n))", "1:30 \(tail)")
    refused("loop (1) with (n) -> { recur (n); 1 }", "1:24 \(tail)")
    refused("loop (1) with (n) -> if recur (n) then 1 else 2", "1:25 \(tail)")
    refused("loop (1) with (n) -> let x = recur (n)", "1:30 \(tail)")
    refused("loop (1) with (n) -> repeat 3 { recur (n) }", "1:33 \(tail)")
    refused("loop (1) with (n) -> do 1 > recur (n)", "1:29 \(tail)")
    refused("loop (1) with (n) -> loop (recur (2)) with (m) -> m", "1:28 \(tail)")
    refused("loop (1) with (n) if recur (n) -> 1", "1:22 \(tail)")
    refused("loop (1, 2) with (n, m) -> recur (n)", "1:28 recur with 1 argument, but its loop has 2")
    fine("loop (1) with (n) -> if n then recur (2) else { n; recur (3) }")
    fine("loop (1) with (n) -> when { n -> recur (1); else -> match n with { 1 -> recur (2) } }")
    fine("loop (1) with (n) -> receive { 1 -> recur (1); after 2 -> recur (2) }")
    fine("loop (1) with (n) -> loop (1, 2) with (a, b) -> recur (a, b)")
  }

  func testPlaceholders() {
    refused("add (_)", "1:6 a placeholder in a call of one argument")
    refused("add (1, _, _)", "1:12 a second placeholder in one call")
    refused("[1, _]", "1:5 a placeholder outside the arguments of a call")
    refused("let x = _", "1:9 a placeholder outside the arguments of a call")
    refused("add (1, [_])", "1:10 a placeholder outside the arguments of a call")
    refused("let _a = 1\nadd (_a, 1)", "2:6 `_a` is an ignored name, which binds nothing")
    fine("add (1, _)")
    fine(":a (_, 1)")
  }

  func testSplats() {
    refused("let [...a, b] = 1", "1:6 a splat that is not last")
    refused("fn f (a, ...b, ...c) -> 1", "1:16 a second splat in one pattern")
    refused("(1, ...x)", "1:5 a tuple takes no splat")
    refused("add (1, ...x)", "1:9 a call takes no splat")
    refused("@{...x}", "1:3 a struct takes no splat")
  }

  func testTypes() {
    refused("let x as :integer = 1", "1:10 unknown type :integer")
    XCTAssertTrue(rendered("let x as :numbr = 1").contains("did you mean :number?"))
    for type in [
      "nil", "boolean", "number", "keyword", "string", "tuple", "list", "set", "dict", "struct", "ns",
    ] {
      fine("fn f (x as :\(type)) -> x")
    }
    for type in ["fn", "ref", "pid", "token"] { fine("match 1 with { #{x as :\(type)} -> x; _ -> 1 }") }
  }

  func testKeys() {
    refused("#{:a 1, :a 2}", "1:9 duplicate key :a")
    refused("let a = 1\n@{a, :a 1}", "2:6 duplicate key :a")
    refused("#{1 1, 1.0 2}", "1:8 duplicate key 1.0")
    refused("#{0 1, -0 2}", "1:8 duplicate key -0")
    refused("#{\"x\" 1, \"\\u{78}\" 2}", "1:10 duplicate key \"\\u{78}\"")
    refused("ns n {:a 1, :a 2}", "1:13 duplicate key :a")
    fine("#{:a 1, \"a\" 2, 1 3}")
    refused("@{\"a\" 1}", "1:3 the keys of a struct are keywords")
    refused("#{:a}", "1:3 the key :a has no value")
    refused("ns n {:a 1}\nn :b", "2:3 the namespace `n` has no key :b")
    refused("ns n {:a 1}\n:b (n)", "2:1 the namespace `n` has no key :b")
    refused("ns n {:a 1}\ndo n > :b", "2:8 the namespace `n` has no key :b")
    fine("ns n {:a 1}\nn :a\nfn f (n) -> n :b\nn :a :b")
  }

  func testToplevelForms() {
    let only = "stands at the toplevel of a script only"
    refused("{ ns n {:a 1}; 1 }", "1:3 `ns` \(only)")
    refused("ns n {:a 1}\nfn f () -> use n", "2:12 `use` \(only)")
    refused("fn f () -> { test \"a\" 1; 2 }", "1:14 `test` \(only)")
    refused("if true then test \"a\" 1 else 2", "1:14 `test` \(only)")
    refused("[test \"a\" 1]", "1:2 `test` \(only)")
    fine("test \"a\" { test \"b\" { test \"c\" 1; 2 }; 3 }")
    refused("test \"a\" { { test \"b\" 1; 2 } }", "1:14 `test` \(only)")
    refused("test \"a\" [test \"b\" 1]", "1:11 `test` \(only)")
    XCTAssertTrue(errors("{ import \"a\" as b; b }").contains("1:3 `import` \(only)"))
  }

  func testUnsupportedForms() {
    fine("ref x = 1")
    refused("import \"a\" as b", "1:1 `import` is not supported yet")
  }

  func testUnusedNames() {
    XCTAssertEqual(warnings("{ let a = 1; let b = a; 2 }"), ["1:18 `b` is never used"])
    XCTAssertEqual(warnings("fn f () -> { let (a, b) = (1, 2); fn () -> a }"), ["1:22 `b` is never used"])
    XCTAssertEqual(warnings("let a = 1; fn f (x) -> 1; { let _b = 1; let c = 2 }; { fn g () -> 1; 2 }"), [])
  }

  func testUnreachableClauses() {
    let never = "this clause can never match"
    XCTAssertEqual(warnings("match 1 with { x -> 1; 2 -> 3; _ -> 4 }"), ["1:24 \(never)", "1:32 \(never)"])
    XCTAssertEqual(warnings("match 1 with { x if x -> 1; x as :number -> 2; (a) -> 3; _ -> 4 }"), [])
    XCTAssertEqual(
      warnings("fn f { (a) -> 1; (1, 2) -> 2; (1) -> 3; (_, ..._) -> 3; (1, 2, 3) -> 4 }"),
      ["1:31 \(never)", "1:57 \(never)"])
    XCTAssertEqual(warnings("fn f { (a) if a -> 1; (1) -> 3; (...a) -> 1; (1) -> 2 }"), ["1:46 \(never)"])
    XCTAssertEqual(warnings("when { else -> 1; false -> 2 }"), ["1:19 \(never)"])
    XCTAssertEqual(warnings("receive { _ -> 1; :a -> 2; after 3 -> 4 }"), ["1:19 \(never)"])
    XCTAssertEqual(warnings("loop (1) with { (n) -> 1; (2) -> 2 }"), ["1:27 \(never)"])
  }

  func testShadowedPrelude() {
    XCTAssertEqual(
      warnings("let add = 1\nfn inc () -> 1\nfn f (sub) -> { let dec = 1; (sub, dec) }"),
      ["1:5 `add` shadows a name of the Prelude", "2:4 `inc` shadows a name of the Prelude"])
  }
}
