import Bytecode
import XCTest

@testable import Runtime

/// `computeOrCall` against the Prelude functions that it stands for, which a call of a value still runs.
final class ComputationTests: XCTestCase {
  private let numbers = """
    [0, -0, 1, -1, 2, 3, -3, 0.5, -0.5, 2.5, -2.5, pow (2, 53), pow (10, 300), neg (pow (10, 300)), pow (10, 400),
     sub (pow (10, 400), pow (10, 400))]
    """

  func testAllNumbersGiveWhatThePreludeGives() throws {
    for computation in Computation.allCases {
      let names = ["x", "y", "z"].prefix(computation.arity)
      let arguments = names.joined(separator: ", ")
      var calls =
        "if eq? (show (\(computation.name) (\(arguments))), show (apply (\(computation.name), [\(arguments)]))) "
        + "then [] else [(\(arguments))]"
      for name in names.reversed() { calls = "flat_map (fn (\(name)) -> \(calls), numbers)" }
      let value = try Evaluation.value(of: "let numbers = \(numbers)\n\(calls)")
      XCTAssertEqual(value, "[]", computation.name)
    }
  }

  func testOtherArgumentsPanicAsThePreludeDoes() throws {
    for computation in Computation.allCases {
      for place in 0..<computation.arity {
        let arguments = (0..<computation.arity).map { $0 == place ? ":no" : "\($0)" }.joined(separator: ", ")
        let value = try Evaluation.value(
          of: "await! (spawn! (fn () -> \(computation.name) (\(arguments))))")
        XCTAssertEqual(
          value,
          "(:err, (:panic, \"no match: \(computation.name) was called with (\(arguments))\"))")
      }
    }
  }

  func testVectorsAreAddedByThePrelude() throws {
    XCTAssertEqual(try Evaluation.value(of: "add ((1, 2), (3, 4), (5, 6))"), "(9, 12)")
    XCTAssertEqual(try Evaluation.value(of: "fn f (v) -> mult (2, v, 3)\nf ((1, 2))"), "(6, 12)")
  }
}
