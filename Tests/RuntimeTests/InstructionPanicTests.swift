import XCTest

@testable import Runtime

/// Prelude functions that are instructions panic under the name and with the arguments that they were written with.
final class InstructionPanicTests: XCTestCase {
  private let ofTwo = [
    "add", "sub", "mult", "div", "mod", "quot", "lt?", "lte?", "gt?", "gte?", "at", "send",
  ]

  private func expectPanic(_ body: String, of call: String, line: UInt = #line) throws {
    let value = try Evaluation.value(of: "await! (spawn! (fn () -> \(body)))")
    let (name, arguments) = (call.prefix { $0 != " " }, call.drop { $0 != "(" })
    XCTAssertEqual(
      value, "(:err, (:panic, \"no match: \(name) was called with \(arguments)\"))", body, line: line)
  }

  func testValues() throws {
    for name in ofTwo {
      for arguments in ["(:no, 1)", "(1, :no)", "(nil, (1, 2, 3))"] {
        let call = "\(name) \(arguments)"
        try expectPanic(call, of: call)
        try expectPanic("[\(call)]", of: call)
      }
    }
    for name in ["inc", "dec", "count", "first", "rest"] {
      try expectPanic("[\(name) (:no)]", of: "\(name) (:no)")
    }
    for call in ["add (:no, 3)", "sub (:no, 3)", "add (:no, -3)", "sub (:no, -3)"] {
      try expectPanic("[\(call)]", of: call)
    }
  }

  func testConditions() throws {
    for name in ["lt?", "lte?", "gt?", "gte?"] {
      for arguments in ["(:no, 1)", "(1, :no)"] {
        let call = "\(name) \(arguments)"
        try expectPanic("if \(call) then 1 else 2", of: call)
        try expectPanic("if not (\(call)) then 1 else 2", of: call)
        try expectPanic("if and (true, \(call), true) then 1 else 2", of: call)
        try expectPanic("match 5 with { n if \(call) -> n; _ -> 0 }", of: call)
      }
    }
  }
}
