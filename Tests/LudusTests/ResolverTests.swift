import XCTest

@testable import Ludus

final class ResolverTests: XCTestCase {
  /// Every use of `name` in the source, in the order of the text, as what it means:
  /// `line:column` of its binding, with `?` if it may be unbound, or `prelude`, `native`, `unresolved`.
  private func uses(of name: String, in source: String, natives: Bool = false) -> [String] {
    let checked = check(source, natives: natives)
    return UseCollector.uses(in: checked.script).filter { $0.name.text == name }.map { use in
      switch use.resolution {
      case .unresolved: return "unresolved"
      case .prelude: return "prelude"
      case .native(let native): return "native \(native)"
      case .local(let binding):
        let place = checked.script.file.position(of: binding.range.start)
        return "\(place.line):\(place.column)\(use.mayBeUnbound ? "?" : "")"
      }
    }
  }

  private func functions(_ source: String) -> [Function] {
    let checked = check(source)
    XCTAssertFalse(checked.hasErrors, source)
    kept.append(checked.script)
    return checked.script.functions
  }

  /// Scripts whose nodes a test still looks at.
  private var kept: [Script] = []

  private func captures(_ function: Function) -> [String] { function.captures.map(\.name.text) }

  func testShadowing() {
    XCTAssertEqual(uses(of: "x", in: "let x = 1\n{ let x = add (x, 1); x }\nx"), ["1:5", "2:7", "1:5"])
    XCTAssertEqual(uses(of: "x", in: "let x = 1\nlet y = { let y = x; let x = 2; (x, y) }"), ["1:5", "2:26"])
    XCTAssertEqual(uses(of: "add", in: "add (1, 2)\nfn f (add) -> add"), ["prelude", "2:7"])
    XCTAssertEqual(uses(of: "x", in: "fn f (x) -> { let r = { let x = 1; x }; (x, r) }"), ["1:29", "1:7"])
    XCTAssertEqual(
      uses(of: "x", in: "let x = 1\nif x then let x = 2 else x\n\"{x}\""), ["1:5", "1:5", "1:5"])
    XCTAssertEqual(uses(of: "x", in: "let x = 1\nif let (x) = (x) then x else x"), ["1:5", "2:9", "1:5"])
  }

  func testForwardReferences() {
    XCTAssertEqual(uses(of: "b", in: "fn a () -> b ()\nfn b () -> a ()\nb ()"), ["2:4?", "2:4"])
    XCTAssertEqual(uses(of: "a", in: "fn a () -> b ()\nfn b () -> a ()\nb ()"), ["1:4"])
    XCTAssertEqual(uses(of: "x", in: "let x = 1\n{ let f = fn () -> x; let x = 2; f () }"), ["2:27?"])
    XCTAssertEqual(uses(of: "f", in: "let f = fn (n) -> f (n)"), ["1:5"])
    XCTAssertEqual(uses(of: "f", in: "let f = list (fn (n) -> f (n))"), ["1:5?"])
    XCTAssertEqual(uses(of: "add", in: "fn f () -> add\nlet add = 1"), ["2:5?"])
    XCTAssertEqual(errors("let x = add (x, 1)"), ["1:14 name `x` is used before it is bound"])
    XCTAssertEqual(
      errors("fn f () -> { let a = b; let b = 1; a }"), ["1:22 name `b` is used before it is bound"])
    XCTAssertEqual(errors("{ let a = fn () -> b; a }; let c = 1"), ["1:20 unbound name `b`"])
  }

  func testClauseScopes() {
    XCTAssertEqual(errors("fn f { (a) -> 1; (_, _) -> a }"), ["1:28 unbound name `a`"])
    XCTAssertEqual(errors("match 1 with { (a) if a -> let b = a; c -> (b, a) }").count, 2)
    XCTAssertEqual(errors("fn f (x) -> let x = 1"), ["1:17 name `x` is bound twice in this scope"])
    XCTAssertEqual(errors("fn f (x) -> { let x = 1; x }"), [])
    XCTAssertEqual(errors("when { true -> let v = 1; true -> let v = 2 }"), [])
  }

  func testKindsOfBindings() {
    let script = check(
      "let a = 1; fn b (c) -> loop (1) with (d) -> match c with { e -> (a, c, d, e) }\nns g {:h 1}; use g"
    ).script
    XCTAssertEqual(script.scope?.bindings.map(\.kind), [.let, .function, .namespace, .used])
    XCTAssertEqual(script.scope?.bindings.map(\.name.text), ["a", "b", "g", "h"])
    XCTAssertEqual(script.globalNames, ["a", "b", "g", "h"])
    let kinds: [Binding.Kind] = UseCollector.uses(in: script).compactMap { use in
      if case .local(let binding) = use.resolution { binding.kind } else { nil }
    }
    XCTAssertEqual(kinds, [.parameter, .let, .parameter, .loop, .pattern, .namespace])
  }

  func testCaptures() {
    let found = functions("let g = 1\nfn outer (a, b) -> fn (c) -> fn (d) -> [a, c, d, g, a]")
    XCTAssertEqual(found.map(captures), [[], ["a"], ["a", "c"]])
    XCTAssertTrue(found[2].parent === found[1] && found[1].parent === found[0] && found[0].parent == nil)
    XCTAssertTrue(found[2].captures[0].isCaptured)
  }

  func testBlocksAtTheToplevelHoldLocals() {
    let found = functions("{ let a = 1; fn f () -> a; f () }")
    XCTAssertEqual(found.map(captures), [["a"]])
    XCTAssertFalse(found[0].captures[0].isGlobal)
    XCTAssertNil(found[0].captures[0].function)
  }

  func testSelfReference() {
    let local = functions("{ fn f (n) -> fn () -> f (n); f (1) }")
    XCTAssertTrue(local[0].refersToItself)
    XCTAssertEqual(local.map(captures), [[], ["f", "n"]])
    XCTAssertFalse(local[0].selfBinding?.isForwardReferenced ?? true)
    let lambda = functions("fn g () -> { let f = fn (n) -> f (n); f }")
    XCTAssertTrue(lambda[1].refersToItself)
    XCTAssertEqual(lambda.map(captures), [[], []])
    let global = functions("fn f (n) -> f (n)")
    XCTAssertFalse(global[0].refersToItself)
    XCTAssertEqual(global.map(captures), [[]])
  }

  func testForwardBindingsOfAScope() {
    let checked = check("fn f () -> { fn a () -> b (); fn b () -> a (); let c = 1; a (c) }")
    guard case .function(let function)? = checked.script.expressions.first,
      case .block(let block)? = function.clauses.first?.body
    else { return XCTFail("no block") }
    XCTAssertEqual(block.scope?.forwardBindings.map(\.name.text), ["b"])
    XCTAssertEqual(checked.script.scope?.forwardBindings.count, 0)
  }

  func testNativesAndThePreludesOwnNames() {
    XCTAssertEqual(uses(of: "native/addUp", in: "native/addUp (1)", natives: true), ["native addUp"])
    XCTAssertEqual(errors("native/add (1)"), ["1:1 unbound name `native/add`"])
    let own = FrontEnd.Surroundings(preludeNames: ["prelude/fill", "fill"])
    let checked = FrontEnd.check(
      bytes: Array("prelude/fill; prelude/fil; fill".utf8), fileName: "x", surroundings: own)
    XCTAssertEqual(
      checked.diagnostics.map(\.message), ["unbound name `prelude/fill`", "unbound name `prelude/fil`"])
    XCTAssertEqual(checked.diagnostics.map { $0.hint?.contains("prelude/") }, [false, false])
  }

  func testUseBindsTheWordsOfANamespace() {
    XCTAssertEqual(errors("ns n {:a 1, :B 2, :then 3}\nuse n\na"), [])
    XCTAssertEqual(uses(of: "a", in: "ns n {:a 1}\nfn f () -> a\nuse n"), ["3:5?"])
    XCTAssertEqual(errors("ns n {:a 1}\na\nuse n"), ["2:1 name `a` is used before it is bound"])
    XCTAssertEqual(errors("let a = 1\nns n {:a 1}\nuse n"), ["3:5 name `a` is bound twice in this scope"])
    for source in ["use n", "use n\nns n {:a 1}", "let n = 1\nuse n", "use add"] {
      XCTAssertEqual(errors(source).filter { $0.contains("is no namespace") }.count, 1, source)
    }
  }
}

/// Collects the words of a tree whose values are meant, in the order of the text.
private struct UseCollector {
  private var found: [NameUse] = []

  static func uses(in script: Script) -> [NameUse] {
    var collector = UseCollector()
    script.expressions.forEach { collector.visit($0) }
    return collector.found.sorted { $0.range.start < $1.range.start }
  }

  private mutating func visit(_ expression: Ludus.Expression) {
    switch expression {
    case .literal, .import, .invalid: break
    case .string(let node): for case .word(let word) in node.parts { found.append(word) }
    case .name(let use): found.append(use)
    case .chain(let chain):
      visit(chain.head)
      for case .call(let arguments) in chain.steps { visit(arguments.values) }
    case .collection(let node):
      for member in node.members {
        switch member {
        case .value(let value): visit(value)
        case .splat(let use): found.append(use)
        }
      }
    case .dictionary(let node): visit(node.entries)
    case .function(let function): visit(function.clauses)
    case .recur(let form): visit(form.arguments)
    case .if(let form):
      switch form.condition {
      case .value(let value): visit(value)
      case .binding(let binding): visit(binding.value)
      }
      visit([form.consequence, form.alternative])
    case .when(let form):
      for clause in form.clauses { visit([clause.condition, clause.body].compactMap { $0 }) }
    case .match(let form):
      visit(form.subject)
      visit(form.clauses)
    case .do(let form): visit([form.value] + form.steps)
    case .loop(let form):
      visit(form.arguments)
      visit(form.clauses)
    case .receive(let form):
      visit(form.clauses)
      if let timeout = form.timeout { visit([timeout.limit, timeout.body]) }
    case .repeat(let form): visit([form.count] + form.body.expressions)
    case .block(let form): visit(form.expressions)
    case .let(let form): visit(form.value)
    case .ref(let form): visit(form.value)
    case .use(let form): found.append(form.subject)
    case .namespace(let form): visit(form.entries)
    case .test(let form): visit(form.function.clauses)
    }
  }

  private mutating func visit(_ list: [Ludus.Expression]) { list.forEach { visit($0) } }

  private mutating func visit(_ clauses: [Clause]) {
    for clause in clauses { visit([clause.guardCondition, clause.body].compactMap { $0 }) }
  }

  private mutating func visit(_ entries: [Entry]) {
    for entry in entries {
      switch entry {
      case .pair(_, let value): visit(value)
      case .splat(let use): found.append(use)
      }
    }
  }
}
