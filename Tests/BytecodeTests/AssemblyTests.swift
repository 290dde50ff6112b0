import Bytecode
import Foundation
import XCTest

final class AssemblyTests: XCTestCase {
  func testSampleAssemblesAndRoundTrips() throws {
    let image = try Assembler.assemble(sampleText)
    XCTAssertEqual(image.procedures.count, 4)
    XCTAssertEqual(image.functions.map(\.name), ["script", "fib", "anonymous", "anonymous"])
    let text = try Disassembler.text(of: image)
    XCTAssertEqual(try Assembler.assemble(text), image)
    XCTAssertEqual(try Disassembler.text(of: try Assembler.assemble(text)), text)
    XCTAssertFalse(text.contains(".word"), text)
    XCTAssertFalse(text.contains(".constant"), "constants are inline when nothing else is needed\n" + text)
  }

  func testEveryOpcodeHasText() throws {
    for opcode in Opcode.allCases where opcode != .extend {
      let operands = opcode.shape.operands.map { operand in
        switch operand.kind {
        case .destination, .destinations, .source, .sourceIfFlag, .base, .window: "r1"
        case .count, .number, .flag, .integer: "1"
        case .jump: "L"
        case .type: "struct"
        case .native: "show"
        case .constant, .sameConstant, .keyword: ":key"
        case .procedure: "two/2"
        case .function: "closure"
        case .global: "g"
        }
      }
      let line = "\(opcode.name) \(operands.joined(separator: ", "))"
      let image = try image(frame: 9, "\(line)\nL:\nreturn r0")
      XCTAssertEqual(image.procedures[2].code[0].opcode, opcode)
      XCTAssertEqual(image.procedures[2].code.count, opcode.width + 1, opcode.name)
      let text = try Disassembler.text(of: image)
      let printed = line.trimmingCharacters(in: .whitespaces) + (line.hasSuffix(" L") ? "1\n" : "\n")
      XCTAssertTrue(text.contains(printed), "\(printed) is not in\n\(text)")
      XCTAssertEqual(try Assembler.assemble(text, verifies: false), image)
    }
  }

  func testTheReferencesExampleAssembles() throws {
    let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appending(path: "../../Docs/Bytecode.md").standardized
    let lines = try String(contentsOf: path, encoding: .utf8).components(separatedBy: "\n")
    let example = lines.drop { !$0.hasPrefix("    .module") }.prefix { $0.isEmpty || $0.hasPrefix("    ") }
    XCTAssertEqual(try Assembler.assemble(example.joined(separator: "\n")).procedures.count, 1)
  }

  func testConstantsKeepTheirBits() throws {
    let constants: [Constant] = [
      .number(0), .number(-0.0), .number(.infinity), .number(-.infinity), .number(.nan),
      .number(Double(bitPattern: 0x7FF8_0000_0000_1234)), .number(.leastNonzeroMagnitude), .number(1e100),
      .number(9_007_199_254_740_992), .number(0.1), .string("é"), .string("e\u{301}"), .string("\u{301}"),
      .string("a\0\"\\\n\r\t\u{7F}"), .keyword(""), .keyword("nil"), .keyword("1"), .keyword("e\u{301}"),
      .prelude("function"), .tuple([]), .list([.list([])]), .set([]), .dict([]), .struct([]),
      .dict([ConstantPair(.nil, .boolean(false)), ConstantPair(.nil, .boolean(true))]), .nil, .nil,
    ]
    var image = try image(frame: 1, "return r0")
    image.constants = constants
    let text = try Disassembler.text(of: image)
    XCTAssertEqual(try Assembler.assemble(text, verifies: false).constants, constants, text)
    XCTAssertEqual(try ModuleFile.image(from: ModuleFile.bytes(of: image)).constants, constants)
  }

  func testWhatIsNoInstructionIsWrittenAsWords() throws {
    var image = try image(frame: 2, "move r0, r1\nadd r0, r0, r0, r1\nreturn r0")
    var code = image.procedures[2].code
    code[0] = Instruction(bits: code[0].bits | 0xFF00)
    code[2] = Instruction(.move, a: 1, b: 1)
    code.append(Instruction(bits: 0xFF))
    code.append(Instruction(.jump, wide: -5))
    code.append(Instruction(.jump, wide: 100))
    code.append(Instruction(.loadConstant, a: 0))
    image.procedures[2].code = code
    let text = try Disassembler.text(of: image)
    XCTAssertEqual(try Assembler.assemble(text, verifies: false), image, text)
  }

  func testErrorsHavePlaceAndAdvice() throws {
    let cases: [(text: String, line: Int, column: Int, says: String)] = [
      ("", 1, 1, "no .module"),
      (".module \"m\"", 1, 12, "no .start"),
      (".modul \"m\"", 1, 1, "did you mean .module?"),
      (".module 5", 1, 9, "a string is missing"),
      (".module \"m", 1, 9, "no end"),
      (".module \"\\x\"", 1, 10, "no such escape"),
      (".module \"\\u{D800}\"", 1, 10, "no character"),
      ("%", 1, 1, "means nothing"),
      ("move r0, r1", 1, 1, "below .procedure"),
      (".start f/0", 1, 8, ".procedure f/arity"),
      (".function f \"x\":1:1", 1, 13, "no file x"),
      (".file \"a\"\n.file \"a\"", 2, 1, "defined twice"),
    ]
    for (text, line, column, says) in cases {
      let error = bytecodeError { _ = try Assembler.assemble(text) }
      XCTAssertEqual(error?.place, .text(line: line, column: column), text)
      XCTAssertTrue(error?.description.contains(says) == true, "\(text): \(error as Any)")
    }
  }

  func testErrorsInCodeHavePlaceAndAdvice() throws {
    let cases: [(code: String, column: Int, says: String)] = [
      ("mov r0, r1", 1, "did you mean move?"),
      ("move r0 r1", 9, ", is missing"),
      ("move r0, r4", 10, "outside the frame"),
      ("move r0, r99999999999999999999", 10, "a register should be here"),
      ("move r0, 1", 10, "a register should be here"),
      ("move r0, r1, r2", 12, "left on the line"),
      ("jump L9", 6, "no label L9"),
      ("A:\nA:", 1, "defined twice"),
      ("loadConstant r0, oops", 18, "write :oops"),
      ("loadConstant r0, (1, 2", 23, ") is missing"),
      ("loadConstant r0, #7", 18, "no constant 7"),
      ("loadConstant r0, nan(0x1)", 22, "bits of a NaN"),
      ("loadInteger r0, 3000000000", 17, "too large"),
      ("callNative r0, 0, shov", 19, "did you mean show?"),
      ("jumpUnlessType r0, strin, L", 20, "a type should be here"),
      ("callDirect r0, 0, nope/1", 19, ".procedure nope/arity"),
      ("callDirect r0, 0, prelude nope/1", 27, ".import nope/arity"),
      ("loadGlobal r0, h", 16, "no global h"),
      ("receiveStart 2", 14, "at most 1"),
      (".line 1:1", 1, "no instruction"),
      (".word 12", 7, "16 hex digits"),
      ("extend 1", 1, "no instruction extend"),
    ]
    for (code, column, says) in cases {
      let error = bytecodeError { _ = try self.image(frame: 4, code) }
      guard case .text(let line, let found) = error?.place else { return XCTFail("\(code): \(error as Any)") }
      XCTAssertEqual(found, column, "\(code): \(error as Any)")
      XCTAssertEqual(line, code.hasPrefix("A:") ? 18 : 17, code)
      XCTAssertTrue(error?.description.contains(says) == true, "\(code): \(error as Any)")
    }
  }

  func testVerifiersErrorsHaveTheLine() throws {
    let text = sampleText.replacing("loadInteger r1, -7", with: "move r1, r5")
    let error = bytecodeError { _ = try Assembler.assemble(text) }
    XCTAssertEqual(error?.place, .text(line: 24, column: 3))
    XCTAssertTrue(error?.message.contains("register 5") == true, "\(error as Any)")
  }

  func testDeepConstantsAreRefused() throws {
    let fine = String(repeating: "[", count: 500) + String(repeating: "]", count: 500)
    XCTAssertNoThrow(try image(frame: 1, "loadConstant r0, \(fine)"))
    let deep = String(repeating: "[", count: 100_000)
    let error = bytecodeError { _ = try self.image(frame: 1, "loadConstant r0, \(deep)") }
    XCTAssertTrue(error?.message.contains("deeper than 500") == true, "\(error as Any)")
  }

  func testLongShortJumpIsRefused() throws {
    let many = String(repeating: "move r0, r0\n", count: 40_000)
    let error = bytecodeError {
      _ = try self.image(frame: 4, "jumpUnlessEqualTo r0, r0, L\n\(many)\nL:\nreturn r0")
    }
    XCTAssertTrue(error?.message.contains("too long") == true, "\(error as Any)")
  }
}
