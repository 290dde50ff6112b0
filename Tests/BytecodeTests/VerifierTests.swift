import Bytecode
import XCTest

final class VerifierTests: XCTestCase {
  /// Code of `f`, which takes no arguments; what the error says.
  private let wrong: [(frame: Int, code: String, says: String)] = [
    (2, "return r0", "register 0 may be read before it is set"),
    (2, "loadInteger r0, 1", "runs off its end"),
    (2, "loadInteger r0, 1\njumpIfFalsy r0, L\nloadInteger r1, 1\nL:\nreturn r1", "register 1 may be read"),
    // Calls forget what is above their window, and need what is below.
    (4, "callDirect r0, 2, two/2\nreturn r0", "register 1 may be read"),
    (
      5,
      "loadInteger r0, 1\nloadInteger r1, 1\nloadInteger r2, 1\nmove r3, r0\nmove r4, r0\ncallDirect r2, 2, two/2\n"
        + "return r3", "register 3 may be read"
    ),
    (
      6, "loadInteger r0, 1\nmove r3, r0\nmove r4, r0\ncallDirect r2, 2, two/2\nreturn r2",
      "register 1 may be not set, and its window is 2"
    ),
    (4, "loadInteger r0, 1\nmove r1, r0\ncallDirect r0, 1, two/2\nreturn r0", "takes 2 arguments"),
    (1, "loadConstant r0, function f\ncall r0, 1\nreturn r0", "outside their frame"),
    (1, "loadConstant r0, function f\ncall r0, 0\nreturn r0", "for the closure, is outside"),
    (3, "callNative r0, 2, typeOf\nreturn r0", "holds"),
    (4, "loadInteger r1, 1\nmove r2, r1\ncallDirect r0, 2, closure/1\nreturn r0", "needs its closure"),
    (4, "loadInteger r1, 1\ntailCallDirect r0, 1, closure/1", "needs its closure"),
    (4, "loadInteger r0, 1\nmove r1, r0\ncallNative r0, 2, typeOf\nreturn r0", "typeOf takes 1 arguments"),
    (
      4, "loadInteger r1, 1\nmove r2, r1\ncomputeOrCall r0, 0, 2, two/2\nreturn r0",
      "does not take 2 arguments"
    ),
    // Pairs.
    (5, "loadInteger r0, 1\nadd r0, r0, r0, r2\nreturn r0", "register 1 may be not set, and its window is 2"),
    (3, "loadInteger r0, 1\nadd r0, r0, r0, r1\nreturn r0", "slow path needs registers 1 to 3"),
    (4, "loadInteger r0, 1\naddInteger r0, r0, 0, 0, r1\nreturn r0", "does not go with flag 0"),
    (4, "loadInteger r0, 1\naddInteger r0, r0, 2, 2, r1\nreturn r0", "does not go with flag 2"),
    // Jumps.
    (2, "L:\nloadInteger r0, 1\njump L", "only loop and receiveWait may"),
    (2, "loadInteger r0, 1\nloop r0, L\nL:\nreturn r0", "loop jumps forward"),
    (2, "L:\nloadInteger r0, 1\nloop r2, L", "register 1 may be not set"),
    (2, "loadInteger r0, 1\nL:\nmove r1, r0\nloop r0, L", "register 0 may be read"),
    (3, "loadInteger r0, 1\nopenTuple r0, 2, r2, L\nL:\nreturn r0", "register 3 is outside its frame"),
    (3, "loadInteger r0, 1\nopenTuple r0, 2, r1, L\nreturn r1\nL:\nreturn r1", "register 1 may be read"),
    // Operands.
    (2, "loadConstant r0, 1\njumpUnlessSame r0, \"text\", L\nL:\nreturn r0", "has no bits of its own"),
    (2, "loadConstant r0, 1\njumpUnlessSame r0, -0, L\nL:\nreturn r0", "has no bits of its own"),
    (2, "loadConstant r0, 1\nloadKey r0, r0, 5\nreturn r0", "is no keyword"),
    (3, "loadConstant r0, 1\nmakeClosure r0, r0, 1, closure\nreturn r0", "captures 2 values, here 1"),
    (3, "loadConstant r0, 1\nmakeClosure r0, r0, 0, f\nreturn r0", "load it as a constant"),
    (3, "loadConstant r0, 1\nloadCapture r0, r0, 0\nreturn r0", "is not the procedure's closure"),
    (3, "loadConstant r0, 1\nmakePartial r0, r0, 0, 1\nreturn r0", "behind the last argument"),
    (3, "panicNoClause 0, r0, 1", "may be read"),
    (3, "loadConstant r0, 1\npanicNoClause 0, r0, 1", "must show the 0 arguments"),
    (3, "loadConstant r0, function closure\nreturn r0", "captures values"),
    // Receive.
    (3, "receiveNext r0, L\nL:\npanicNoWhen", "no receiveStart comes before"),
    (3, "receiveStart 0\nreceiveTake\npanicNoWhen", "no receiveNext comes before"),
    (
      3, "receiveStart 0\nL:\nreceiveNext r0, M\nreceiveTake\nreceiveTake\nM:\npanicNoWhen",
      "no receiveNext comes before"
    ),
    (3, "receiveStart 1, r0\npanicNoWhen", "register 0 may be read"),
    (3, "L:\nreceiveWait r0, L\npanicNoWhen", "no receiveStart"),
    // Words.
    (3, ".word 0xee\npanicNoWhen", "opcode 238 is not known"),
    (3, ".word 0x5000000010000\nreturn r0", "a field that it does not use"),
    (3, ".word 0x1", "lacks its second word"),
    (3, ".word 0x1\npanicNoWhen", "must be extend"),
  ]

  func testWrongCodeIsRefused() throws {
    for (frame, code, says) in wrong {
      let error = bytecodeError { try Verifier.verify(try self.image(frame: frame, code)) }
      let isRight = error?.description.contains(says) == true || (says == "holds" && error != nil)
      XCTAssertTrue(isRight, "\(code)\n-> \(error as Any), not \(says)")
      XCTAssertFalse(error?.advice.isEmpty ?? true, code)
    }
  }

  func testRightCodePasses() throws {
    let right: [(frame: Int, code: String)] = [
      (2, "loadInteger r0, 1\nreturn r0"),
      // Arguments beyond a hole survive a join.
      (
        6,
        "loadInteger r0, 1\nmove r2, r0\njumpIfFalsy r0, L\nmove r3, r0\njump M\nL:\nloadInteger r3, 2\nM:\n"
          + "callDirect r1, 2, two/2\nreturn r1"
      ),
      // A loop whose body makes more registers than it keeps.
      (
        5, "loadInteger r0, 1\nL:\nmove r1, r0\nmove r2, r1\njumpIfTruthy r2, M\nloop r1, L\nM:\nreturn r2"
      ),
      // Dead code need not make sense to the registers.
      (2, "panicNoWhen\nreturn r1"),
      // The pair's slow path and fast path agree.
      (4, "loadInteger r0, 1\njumpUnlessLess r0, r0, 0, r1, L\nreturn r0\nL:\nadd r0, r0, r0, r1\nreturn r0"),
    ]
    for (frame, code) in right {
      XCTAssertNoThrow(try Verifier.verify(try image(frame: frame, code)), code)
    }
  }

  /// The second word of a pair is no place to jump to, though it is an instruction.
  func testJumpIntoPairIsRefused() throws {
    var image = try image(frame: 4, "loadInteger r0, 1\njump L\nadd r0, r0, r0, r1\nL:\nreturn r0")
    XCTAssertNoThrow(try Verifier.verify(image))
    image.procedures[2].code[1] = Instruction(.jump, wide: 2)
    let error = bytecodeError { try Verifier.verify(image) }
    XCTAssertTrue(error?.message.contains("lands inside an instruction") == true, "\(error as Any)")
    for wide in [4, 1000, -2, Int(Int32.max), Int(Int32.min)] {
      image.procedures[2].code[1] = Instruction(.jump, wide: wide)
      XCTAssertThrowsError(try Verifier.verify(image), "\(wide)")
    }
  }

  func testPairMustFit() throws {
    var image = try image(frame: 4, "loadInteger r0, 1\nadd r0, r0, r0, r1\nreturn r0")
    image.procedures[2].code[2] = Instruction(.move, a: 1, b: 1)
    XCTAssertThrowsError(try Verifier.verify(image))
    image.procedures[2].code[2] = Instruction(.move, x: 1, a: 0, b: 1)
    XCTAssertThrowsError(try Verifier.verify(image))
  }

  // MARK: Other parts

  private func refuses(_ says: String, _ change: (inout CodeImage) -> Void) throws {
    var image = try image(frame: 2, "loadInteger r0, 1\nreturn r0")
    XCTAssertNoThrow(try Verifier.verify(image))
    change(&image)
    let error = bytecodeError { try Verifier.verify(image) }
    XCTAssertTrue(error?.description.contains(says) == true, "\(error as Any), not \(says)")
  }

  func testWrongPartsAreRefused() throws {
    try refuses("there is no procedure 7") { $0.entry = 7 }
    try refuses("there is no procedure -1") { $0.entry = -1 }
    try refuses("takes arguments or a closure") { $0.entry = 0 }
    try refuses("there is no file 3") { $0.functions[0].file = 3 }
    try refuses("names procedure 9") { $0.functions[0].entries[0].procedure = 9 }
    try refuses("names procedure 0") { $0.functions[0].entries[0].procedure = 0 }
    try refuses("names procedure 2") { $0.functions[0].entries[0].arity = 1 }
    try refuses("two entries") { $0.functions[0].entries.append($0.functions[0].entries[0]) }
    try refuses("variadic entry names procedure 2") { $0.functions[0].variadic = 2 }
    try refuses("minimum") { $0.functions[0].variadicMinimum = 1 }
    try refuses("captures -1") { $0.functions[0].captures = -1 }
    try refuses("there is no function 12") { $0.globals[0].function = 12 }
    try refuses("captures values") { $0.globals[0].function = 2 }
    try refuses("there is no function 9") {
      $0.constants.append(.tuple([.dict([ConstantPair(.nil, .function(9))])]))
    }
    try refuses("import map") { $0.imports.append(ImportedProcedure(name: "map", arity: -3)) }
    try refuses("there is no function 9") {
      $0.procedures[0].function = 9
      $0.functions[1].entries = []
    }
    try refuses("arity 2") {
      $0.procedures[0].isVariadic = true; $0.functions[1].entries = []
    }
    try refuses("cannot hold") { $0.procedures[0].frameSize = 1 }
    try refuses("60001 registers") { $0.procedures[2].frameSize = 60_001 }
    try refuses("no code") { $0.procedures[0].code = [] }
    try refuses("holds the procedure's closure") {
      $0.procedures[1].code[0] = Instruction(.loadCapture, a: 1, b: 1)
    }
    try refuses("there is no capture 2") {
      $0.procedures[1].code[0] = Instruction(.loadCapture, a: 2, b: 1, c: 2)
    }
  }

  func testWrongPositionsAreRefused() throws {
    let place = CodePosition(start: 0, file: 0, line: 1, column: 1)
    try refuses("do not ascend") { $0.procedures[2].positions = [place, place] }
    try refuses("leave its code") {
      $0.procedures[2].positions = [CodePosition(start: 2, file: 0, line: 1, column: 1)]
    }
    try refuses("no file 1") {
      $0.procedures[2].positions = [CodePosition(start: 0, file: 1, line: 1, column: 1)]
    }
    try refuses("line 0") {
      $0.procedures[2].positions = [CodePosition(start: 0, file: 0, line: 0, column: 1)]
    }
  }

  /// The largest frame, many labels, many backward jumps: time must stay in proportion to the code.
  func testLargeProcedureIsVerifiedQuickly() throws {
    var code: [Instruction] = [Instruction(.loadInteger, a: 0, wide: 1)]
    for index in 0..<30_000 {
      code.append(Instruction(.jumpIfFalsy, a: 0, wide: 2))
      code.append(Instruction(.loadInteger, a: index * 7919 % 60_000, wide: 1))
      code.append(Instruction(.jumpIfTruthy, a: 0, wide: 2))
      code.append(Instruction(.loop, a: 1, wide: -3))
    }
    code.append(Instruction(.return, a: 0))
    var image = try image(frame: 60_000, "return r0")
    image.procedures[2].code = code
    let clock = ContinuousClock()
    let time = try clock.measure { try Verifier.verify(image) }
    XCTAssertLessThan(time, .seconds(5))
  }
}
