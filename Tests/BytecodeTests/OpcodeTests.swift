import Bytecode
import Foundation
import XCTest

final class OpcodeTests: XCTestCase {
  func testWidthAgreesWithTheTable() {
    for opcode in Opcode.allCases { XCTAssertEqual(opcode.width, opcode.shape.width, opcode.name) }
  }

  func testTheTableIsIndexedByRawValue() {
    for (index, opcode) in Opcode.allCases.enumerated() { XCTAssertEqual(Int(opcode.rawValue), index) }
  }

  /// Fields must not overlap, an index needs an operand, and a pair a window.
  func testShapesAreConsistent() {
    for opcode in Opcode.allCases {
      let shape = opcode.shape
      let fields = shape.operands.map(\.field)
      XCTAssertEqual(Set(fields).count, fields.count, opcode.name)
      if fields.contains(.wide) { XCTAssertFalse(fields.contains(.b) || fields.contains(.c), opcode.name) }
      XCTAssertEqual(fields.contains(.second), shape.width == 2, opcode.name)
      XCTAssertFalse(shape.summary.isEmpty)
      XCTAssertEqual(shape.flags > 0, shape.operands.contains { $0.kind == .flag }, opcode.name)
      if case .second = shape.window {
        XCTAssertTrue(shape.operands.contains { $0.kind == .window && $0.field == .second }, opcode.name)
      }
    }
  }

  func testInstructionFields() {
    let one = Instruction(.add, x: 0xFE, a: 0x1234, b: 0x5678, c: 0xFFFF)
    XCTAssertEqual([one.x, one.a, one.b, one.c, one.signedC], [0xFE, 0x1234, 0x5678, 0xFFFF, -1])
    XCTAssertEqual(one.opcode, .add)
    let wide = Instruction(.jump, wide: -3)
    XCTAssertEqual(wide.wide, -3)
    XCTAssertEqual(Instruction(.extend, wide: 0xFFFF_FFFF).index, 0xFFFF_FFFF)
  }

  // MARK: The reference

  /// Docs/Bytecode.md has the table between two marks. `LUDI_REWRITE_DOCS=1 swift test --filter OpcodeTests` writes it anew.
  func testTheReferenceHasTheTable() throws {
    let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appending(path: "../../Docs/Bytecode.md").standardized
    let text = try String(contentsOf: path, encoding: .utf8)
    let begin = "<!-- instructions: made by OpcodeTests -->\n"
    let end = "<!-- end of instructions -->"
    let parts = text.components(separatedBy: begin)
    let rest = parts.last?.components(separatedBy: end) ?? []
    guard parts.count == 2, rest.count == 2 else { return XCTFail("the marks are gone from \(path.path)") }
    if ProcessInfo.processInfo.environment["LUDI_REWRITE_DOCS"] != nil {
      try (parts[0] + begin + reference + end + rest[1]).write(to: path, atomically: true, encoding: .utf8)
    } else {
      XCTAssertEqual(
        rest[0], reference,
        "run LUDI_REWRITE_DOCS=1 swift test --filter OpcodeTests, and look at the difference")
    }
  }

  private var reference: String {
    var lines = ["| instruction | operands | words | safepoint | meaning |", "|---|---|---|---|---|"]
    for opcode in Opcode.allCases {
      let shape = opcode.shape
      let words =
        switch shape.second {
        case .none: "1"
        case .extend: "1 + `extend`"
        case .move: "1 + `move a, w`"
        case .jumpIfFalsy: "1 + `jumpIfFalsy w`"
        }
      let window =
        switch shape.window {
        case .none: ""
        case .result, .register: "`a`"
        case .behindArguments: "`a+b`"
        case .second: "`w`"
        }
      let last = shape.fallsThrough ? "" : " Ends its path."
      lines.append(
        "| `\(opcode.name)` | \(shape.operands.map(name).joined(separator: ", ")) | \(words) | \(window) "
          + "| \(shape.summary.replacing("|", with: "\\|")).\(last) |")
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private func name(_ operand: Operand) -> String {
    let field =
      switch operand.field {
      case .x: "x"
      case .a: "a"
      case .b: "b"
      case .c: "c"
      case .wide: "bc"
      case .second: ""
      }
    switch operand.kind {
    case .destination, .destinations, .source, .sourceIfFlag, .base: return "R[\(field)]"
    case .window: return operand.field == .second ? "window w" : "R[\(field)]"
    case .count, .number, .integer, .flag: return field
    case .jump: return "label (\(field))"
    case .type, .native: return "\(operand.kind) (\(field))"
    case .constant, .sameConstant, .keyword, .procedure, .function, .global: return "\(operand.kind)"
    }
  }
}
