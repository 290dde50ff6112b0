import Bytecode
import XCTest

/// The code of what programs do most, instruction by instruction: a change here changes how fast they run.
final class LoweringShapeTests: XCTestCase {
  func testFib() throws {
    let source = "fn fib { (0) -> 0; (1) -> 1; (n) -> add (fib (sub (n, 1)), fib (sub (n, 2))) }"
    XCTAssertEqual(
      try code(of: "fib/1", in: source),
      [
        "jumpUnlessZero r0, L1", "loadInteger r1, 0", "return r1", "L1:",
        "jumpUnlessSame r0, 1, L2", "loadInteger r1, 1", "return r1", "L2:",
        "addInteger r2, r0, -1, 1, r1", "callDirect r1, 1, fib/1",
        "addInteger r3, r0, -2, 1, r2", "callDirect r2, 1, fib/1",
        "add r1, r1, r2, r3", "return r1",
      ])
  }

  func testListWalk() throws {
    let source = "fn sum { ([], acc) -> acc; ([x, ...xs], acc) -> sum (xs, add (x, acc)) }"
    XCTAssertEqual(
      try opcodes(of: "sum/2", in: source),
      [
        "jumpUnlessList", "return", "jumpUnlessListFrom", "listRest", "listMember", "add", "move", "loop",
        "panicNoClause",
      ])
  }

  func testReceiveLoop() throws {
    let source = """
      fn server (n) -> receive {
        (:add, x) -> server (add (n, x))
        (:get, from) -> { send (from, n); server (n) }
        :stop -> n
      }
      """
    XCTAssertEqual(
      try opcodes(of: "server/1", in: source),
      [
        "receiveStart", "receiveNext", "openTuple",
        "jumpUnlessSame", "receiveTake", "add", "loop",
        "jumpUnlessSame", "receiveTake", "send", "loop",
        "jumpUnlessSame", "receiveTake", "return",
        "loop", "receiveWait", "panicNoWhen",
      ])
  }

  func testConditionsAreJumps() throws {
    let source = "fn f (a, b) -> if and (lt? (a, b), not (eq? (b, :k))) then a else b"
    XCTAssertEqual(
      try opcodes(of: "f/2", in: source),
      ["less", "jumpIfFalsy", "jumpUnlessSame", "return", "return", "return"])
    XCTAssertEqual(
      try code(of: "g/2", in: "fn g (a, b) -> if gt? (a, b) then a else b").first,
      "jumpUnlessLess r1, r0, 1, r2, L1")
  }

  func testMatchOfATupleBuildsNone() throws {
    let source = "fn f (a, b) -> match (a, b) with { (0, q) -> q; (p, 0) -> p; _ -> nil }"
    XCTAssertFalse(try opcodes(of: "f/2", in: source).contains("makeTuple"))
    let named = "fn f (a, b) -> match (a, b) with { (0, q) -> q; whole -> whole }"
    XCTAssertEqual(try opcodes(of: "f/2", in: named), ["jumpUnlessZero", "return", "makeTuple", "return"])
  }

  func testOneTestServesAllItsClauses() throws {
    let source = """
      fn f (m) -> match m with {
        (:call, from, (:put, k)) -> k
        (:call, from, (:get, k)) -> from
        (:call, _, :who) -> :me
        _ -> nil
      }
      """
    let found = try opcodes(of: "f/1", in: source)
    XCTAssertEqual(found.filter { $0 == "openTuple" }.count, 2)
    XCTAssertEqual(found.filter { $0 == "jumpUnlessTuple" || $0 == "tupleMember" }, [])
  }

  func testManyClausesMakeNoMoreCodeThanThereIsText() throws {
    let clauses = (0..<60).map { "(\($0), x, _) -> x; (_, \($0), x) -> x" }.joined(separator: "\n")
    XCTAssertLessThan(try opcodes(of: "f/3", in: "fn f { \(clauses) }").count, 120 * 4)
  }

  func testMutualRecursionOfInnerFunctionsIsDirect() throws {
    let source = """
      fn f (n) -> {
        fn ping (n) -> if eq? (n, 0) then :a else pong (dec (n))
        fn pong (n) -> if eq? (n, 0) then :b else ping (dec (n))
        ping (n)
      }
      """
    XCTAssertEqual(try code(of: "f/1", in: source), ["move r1, r0", "tailCallDirect r0, 1, ping/1"])
    XCTAssertEqual(try code(of: "ping/1", in: source).last, "tailCallDirect r0, 1, pong/1")
  }

  func testClosuresThatRecurPassThemselves() throws {
    let source = "fn f (k, n) -> { fn go (n) -> if eq? (n, k) then n else go (inc (n)); go (n) }"
    XCTAssertEqual(
      try opcodes(of: "go/1", in: source),
      ["loadCapture", "jumpUnlessEqualTo", "return", "addInteger", "loop"])
  }

  func testLateNamesLiveInARecord() throws {
    let source = "fn f (n) -> { let get = fn () -> later; let later = [n]; get () }"
    XCTAssertEqual(
      try opcodes(of: "f/1", in: source),
      ["makeEnvironment", "makeClosure", "makeList", "storeEnvironment", "move", "tailCall"])
    XCTAssertEqual(
      try opcodes(of: "anonymous/0", in: source), ["loadCapture", "loadEnvironment", "return"])
  }

  func testCallsOfToplevelFunctionsAreDirectWhenTheyMustBeBound() throws {
    let together = "fn f (n) -> g (n)\nlet c = 1\nfn g (n) -> n"
    XCTAssertEqual(try opcodes(of: "f/1", in: together), ["move", "tailCallDirect"])
    let apart = "fn f (n) -> g (n)\nprint! (1)\nfn g (n) -> n"
    XCTAssertEqual(try opcodes(of: "f/1", in: apart), ["loadGlobal", "move", "tailCall"])
  }

  func testLoopsUpdateTheirVariablesInPlace() throws {
    let source = "fn f (n) -> loop (n, []) with { (0, xs) -> xs; (k, xs) -> recur (dec (k), append (xs, k)) }"
    XCTAssertEqual(
      try opcodes(of: "f/1", in: source),
      ["move", "loadConstant", "jumpUnlessZero", "return", "addInteger", "append", "move", "loop"])
  }

  func testConstantsAreNotBuilt() throws {
    let source = "fn f () -> (1, [2, #{:a \"b\"}], ${:c}, @{:d nil})"
    XCTAssertEqual(try opcodes(of: "f/0", in: source), ["loadConstant", "return"])
  }

  func testPlacesAreThoseOfTheCalls() throws {
    let image = try lowered(
      "fn f (x) -> {\n  let [a, b] = x\n  show (\n    first (a)\n  )\n  add (a,\n b)\n}")
    let lines = image.procedures[1].positions.map(\.line)
    XCTAssertEqual(lines, [2, 4, 3, 2, 6, 2])
  }
}
