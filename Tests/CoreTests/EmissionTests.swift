import Bytecode
import Core
import XCTest

/// The shapes of code that matter, from Core written by hand.
final class EmissionTests: XCTestCase {
  private let place = Place()

  /// Emits one procedure as the entry of a module and gives its instructions as assembly writes them.
  private func code(_ parameters: Int, _ body: Block, variables: Int = 20, labels: Int = 5) throws -> [String]
  {
    let own = (0..<parameters).map { Variable($0) }
    let procedure = CoreProcedure(
      parameters: own, body: body, variableCount: variables, labelCount: labels)
    let start = CoreProcedure(
      parameters: [], body: Block([], .return(.constant(.nil))), variableCount: 0, labelCount: 0)
    let module = CoreModule(
      name: "m", files: ["m"],
      functions: [
        CoreFunction(name: "start", place: place, procedures: [start]),
        CoreFunction(name: "f", place: place, procedures: [procedure]),
      ])
    let image = try ModuleEmitter.emit(module)
    try Verifier.verify(image)
    let text = try Disassembler.text(of: image)
    let lines = text.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
    let first = try XCTUnwrap(lines.firstIndex { $0.hasPrefix(".procedure f/") })
    return lines[(first + 1)...].filter { !$0.hasPrefix(".line") && !$0.hasPrefix(".start") }
  }

  private func local(_ id: Int) -> Atom { .local(Variable(id)) }

  func testResultsLandWhereTheNextCallTakesThem() throws {
    let body = Block(
      [
        .bind(Variable(1), .primitive(.addInteger(-1, .dec), [local(0)]), place),
        .bind(Variable(2), .call(.function(1, arity: 1), [local(1)]), place),
      ], .tailCall(.function(1, arity: 1), [local(2)], place))
    XCTAssertEqual(
      try code(1, body),
      [
        "L1:", "addInteger r2, r0, -1, 3, r1", "callDirect r1, 1, f/1", "move r0, r1", "loop r1, L1",
      ])
  }

  func testTailCallsLendARegisterInUse() throws {
    let body = Block(
      [.bind(Variable(1), .call(.value(local(0)), [local(0)]), place)],
      .tailCall(.function(0, arity: 0), [], place))
    XCTAssertEqual(
      try code(1, body),
      ["move r1, r0", "move r2, r0", "call r1, 1", "tailCallDirect r0, 0, start/0"])
  }

  func testLoopsSwapThroughOneSpareRegister() throws {
    let body = Block(
      [],
      .loop(
        Label(0), [Variable(2), Variable(3)], [local(0), local(1)],
        Block([], .jump(Label(0), [local(3), local(2)], place)), place))
    XCTAssertEqual(
      try code(2, body),
      [
        "move r2, r0", "move r3, r1", "L1:", "move r4, r2", "move r2, r3", "move r3, r4", "loop r4, L1",
      ])
  }

  func testMembersAreFetchedWhereTheyAreUsed() throws {
    let body = Block(
      [
        .bind(Variable(1), .tupleMember(local(0), 0), place),
        .bind(Variable(2), .tupleMember(local(0), 1), place),
      ],
      .branch(
        .truthy(local(1)), place, then: Block([], .return(local(2))),
        else: Block([], .return(.constant(.nil)))))
    XCTAssertEqual(
      try code(1, body),
      [
        "tupleMember r1, r0, 0", "jumpIfFalsy r1, L1", "tupleMember r1, r0, 1", "return r1", "L1:",
        "loadConstant r1, nil", "return r1",
      ])
  }

  func testAsidesStandBehindTheCode() throws {
    let body = Block(
      [.check(.tuple(local(0), 2), place, else: Block([], .panic(.noMatch(local(0), isLet: true), place)))],
      .return(local(0)))
    XCTAssertEqual(
      try code(1, body),
      ["jumpUnlessTuple r0, 2, L1", "return r0", "L1:", "panicNoMatch 1, r0"])
  }

  func testLongProceduresJumpFar() throws {
    let steps = (0..<40_000).map { _ in Step.effect(.checkCount(local(0)), place) }
    let body = Block(
      [],
      .branch(
        .less(local(0), local(1)), place, then: Block(steps, .return(local(0))),
        else: Block([], .return(local(1)))))
    XCTAssertTrue(try code(2, body).contains("jump L2"))
  }

  func testTooManyRegistersAreRefused() throws {
    let body = Block(
      [.bind(Variable(1), .list(Array(repeating: local(0), count: 70_000)), place)], .return(local(1)))
    XCTAssertThrowsError(try code(1, body)) { error in
      XCTAssertEqual((error as? CoreError)?.message, "this function needs more than 65535 registers")
    }
  }

  func testConstantsAreShared() throws {
    let body = Block(
      [.bind(Variable(1), .list([.constant(.string("a")), .constant(.string("a")), local(0)]), place)],
      .return(local(1)))
    XCTAssertEqual(
      try code(1, body),
      [
        "loadConstant r1, \"a\"", "loadConstant r2, \"a\"", "move r3, r0", "makeList r1, r1, 3", "return r1",
      ])
  }
}
