import Bytecode
import XCTest

@testable import Runtime

/// The machine's own codes beside the bytecode's.
final class MachineCodeTests: XCTestCase {
  func testInstructionsKeepTheirNumbers() {
    for opcode in Opcode.allCases {
      XCTAssertEqual(MachineCode(rawValue: opcode.rawValue).map { "\($0)" }, opcode.name)
    }
    XCTAssertGreaterThan(MachineCode.allCases.count, Opcode.allCases.count)
  }

  func testFieldsAreThoseOfTheInstruction() {
    var random = SystemRandomNumberGenerator()
    for _ in 0..<1000 {
      let word = random.next()
      let instruction = Instruction(bits: word)
      unsafe withUnsafePointer(to: word) { pointer in
        let operands = unsafe Operands(unsafe: pointer)
        XCTAssertEqual(operands.code, instruction.code, "\(word)")
        XCTAssertEqual(operands.x, instruction.x, "\(word)")
        XCTAssertEqual(operands.a, instruction.a, "\(word)")
        XCTAssertEqual(operands.b, instruction.b, "\(word)")
        XCTAssertEqual(operands.c, instruction.c, "\(word)")
        XCTAssertEqual(operands.signedC, instruction.signedC, "\(word)")
        XCTAssertEqual(operands.wide, instruction.wide, "\(word)")
      }
    }
  }

  /// Every code of the machine's own is reached by some code that it is meant for, and by nothing that returns another
  /// register.
  func testFusion() {
    let call = [Instruction(.callDirect, a: 1, b: 1), Instruction(.extend)]
    let pair: (Opcode) -> [Instruction] = {
      [Instruction($0, a: 2, b: 0, c: 1), Instruction(.move, a: 2, b: 3)]
    }
    let back = Instruction(.loop, a: 2, wide: -1)
    let cases: [(MachineCode?, [Instruction])] = [
      (.moveAndMove, [Instruction(.move, a: 1), Instruction(.move, a: 2)]),
      (.moveAndCall, [Instruction(.move, a: 2)] + call),
      (.moveAndLoop, [Instruction(.move, a: 1), back]),
      (.loadIntegerAndReturn, [Instruction(.loadInteger, a: 1), Instruction(.return, a: 1)]),
      (nil, [Instruction(.loadInteger, a: 1), Instruction(.return, a: 2)]),
      (
        .loadConstantAndReturn,
        [Instruction(.loadConstant, a: 1), Instruction(.extend), Instruction(.return, a: 1)]
      ),
      (.addIntegerAndCall, pair(.addInteger) + call),
      (.addIntegerAndLoop, pair(.addInteger) + [back]),
      (.addAndReturn, pair(.add) + [Instruction(.return, a: 2)]),
      (nil, pair(.add) + [Instruction(.return, a: 1)]),
      (.addAndLoop, pair(.add) + [back]),
      (
        .sumAndReturn,
        [Instruction(.computeOrCall, a: 1, b: 3), Instruction(.extend), Instruction(.return, a: 1)]
      ),
      (
        nil,
        [Instruction(.computeOrCall, x: 1, a: 1, b: 3), Instruction(.extend), Instruction(.return, a: 1)]
      ),
      (nil, [Instruction(.computeOrCall, a: 1, b: 3), Instruction(.extend), Instruction(.return, a: 2)]),
      (.makePairAndReturn, [Instruction(.makeTuple, a: 1, c: 2), Instruction(.return, a: 1)]),
      (.makePair, [Instruction(.makeTuple, a: 1, c: 2), Instruction(.return, a: 0)]),
      (.makeTriple, [Instruction(.makeTuple, a: 1, c: 3), Instruction(.return, a: 1)]),
      (nil, [Instruction(.makeTuple, a: 1, c: 4), Instruction(.return, a: 1)]),
      (
        .openPairAndJump,
        [Instruction(.openTuple, x: 2, b: 1, c: 1), Instruction(.jumpUnlessSame, a: 1, wide: 3)]
      ),
      (
        .openTripleAndJump,
        [Instruction(.openTuple, x: 3, b: 1, c: 1), Instruction(.jumpUnlessSame, a: 1, wide: 3)]
      ),
      (.openPair, [Instruction(.openTuple, x: 2, a: 0, b: 1, c: 1)]),
      (.openTriple, [Instruction(.openTuple, x: 3, a: 0, b: 1, c: 1)]),
      (.jumpUnlessEmptyList, [Instruction(.jumpUnlessList, x: 0, a: 0, wide: 1)]),
      (nil, [Instruction(.jumpUnlessList, x: 1, a: 0, wide: 1)]),
      (.jumpUnlessFullList, [Instruction(.jumpUnlessListFrom, x: 1, a: 0, wide: 1)]),
      (nil, [Instruction(.jumpUnlessListFrom, x: 2, a: 0, wide: 1)]),
      (nil, [Instruction(.openTuple, x: 4, a: 0, b: 1, c: 1)]),
    ]
    for (code, instructions) in cases {
      XCTAssertEqual(Fusion.code(instructions, at: 0), code, "\(instructions)")
    }
    let meant = Set(cases.compactMap(\.0))
    for code in MachineCode.allCases.dropFirst(Opcode.allCases.count) {
      XCTAssertTrue(meant.contains(code), "\(code)")
    }
  }
}
