import Bytecode
import XCTest

@testable import Ludus

/// Which procedures a function gets, and which of them a call takes.
final class LoweringArityTests: XCTestCase {
  func testClausesAreGroupedByTheirNumberOfArguments() throws {
    let image = try lowered("fn f { () -> 0; (a) -> 1; (a, b) -> 2; (a, :k) -> 3 }")
    let function = try XCTUnwrap(image.functions.first { $0.name == "f" })
    XCTAssertEqual(function.entries.map(\.arity), [0, 1, 2])
    XCTAssertNil(function.variadic)
    XCTAssertEqual(function.clauses, ["()", "(a)", "(a, b)", "(a, :k)"])
  }

  func testSplatClausesTakeWhatIsLeft() throws {
    let source = "fn f { (a, b) -> 2; (a, ...more) -> more }\nprint! (f (1), f (1, 2), f (1, 2, 3), f ())"
    let image = try lowered(source)
    let function = try XCTUnwrap(image.functions.first { $0.name == "f" })
    XCTAssertEqual(function.entries.map(\.arity), [2])
    XCTAssertEqual(function.variadicMinimum, 1)
    let script = try code(of: "script/0", in: source)
    XCTAssertEqual(script.filter { $0.contains("f/*") }.count, 2)
    XCTAssertEqual(script.filter { $0.contains("f/2") }.count, 1)
    XCTAssertEqual(script.filter { $0.hasPrefix("call ") }.count, 1)
  }

  func testFixedProceduresTrySplatClausesToo() throws {
    let source = "fn f { (0, ...more) -> more; (a, b) -> a }"
    XCTAssertEqual(try opcodes(of: "f/2", in: source), ["jumpUnlessZero", "makeList", "return", "return"])
  }

  func testVariadicPreludeFunctionsGetAList() throws {
    XCTAssertEqual(
      try code(of: "script/0", in: "print! (:a)"),
      ["loadConstant r1, [:a]", "callDirect r0, 1, prelude print!/*", "return r0"])
  }

  func testWhatFitsNothingIsAnOrdinaryCall() throws {
    XCTAssertTrue(try opcodes(of: "script/0", in: "show (1, 2, 3)").contains("call"))
  }

  func testShadowedNamesAreNoInstructions() throws {
    let source = "fn f (add) -> add (1, 2)"
    XCTAssertTrue(try opcodes(of: "f/1", in: source).contains("tailCall"))
  }

  func testThePreludeMayCallNativesAndItself() throws {
    let source = """
      fn add { () -> 0; (x, y) -> native/add (x, y) }
      fn twice (x) -> add (x, x)
      fn thrice (x) -> add (twice (x), x)
      """
    let files = [("one.ld", Array("fn first_of (x) -> x\n".utf8)), ("two.ld", Array(source.utf8))]
    let image = try Compiler.compilePrelude(
      Compiler.PreludeSource(files: files.map { (name: $0.0, bytes: $0.1) }))
    try Verifier.verify(image)
    XCTAssertEqual(image.files, ["one.ld", "two.ld"])
    let twice = try XCTUnwrap(image.functions.first { $0.name == "twice" })
    XCTAssertEqual(twice.line, 2)
    XCTAssertEqual(image.procedures[twice.entries[0].procedure].code[0].opcode, .add)
    XCTAssertEqual(image.globals.map(\.name), ["first_of", "add", "twice", "thrice"])
    XCTAssertTrue(image.globals.allSatisfy { $0.function != nil })
  }
}
