import Foundation
import XCTest

/// A test that runs the command in a folder of its own.
class CommandCase: XCTestCase {
  private var made = Result { try Scratch() }
  var scratch: Scratch { get throws { try made.get() } }
  var folder: URL { get throws { try scratch.folder } }

  override func tearDown() { try? scratch.remove() }

  /// Runs `ludi`, which must end by itself with this status.
  /// - Parameter errors: a part of what it must write to standard error
  @discardableResult
  func ludi(
    _ arguments: String..., status: Int32, errors: String? = nil, limit: Double = 20,
    file: StaticString = #filePath, line: UInt = #line
  ) throws -> Command.Run {
    let run = try Command.run(arguments, in: try folder, limit: limit)
    XCTAssertFalse(
      run.crashed || run.timedOut, "\(arguments) crashed: \(run.errorText)", file: file, line: line)
    XCTAssertEqual(run.status, status, "\(arguments): \(run.errorText)", file: file, line: line)
    if let errors {
      XCTAssertTrue(run.errorText.contains(errors), "\(arguments): \(run.errorText)", file: file, line: line)
    }
    return run
  }
}
