import Foundation
import XCTest

/// What holds for every file.
final class FileTests: XCTestCase {
  /// A file that is longer has more than one thing in it.
  func testFilesAreShort() throws {
    for folder in ["Sources", "Tests", "Stress", "Plugins"] {
      for file in House.files(below: folder, suffix: ".swift") {
        let count = try House.lines(of: file).count
        XCTAssertLessThanOrEqual(count, 601, "\(file) has \(count) lines")
      }
    }
  }

  /// Every example has its expected output beside it, and every expected output its example.
  func testExamplesHaveTheirOutput() {
    let programs = House.files(below: "Docs/examples", suffix: ".ld").map { $0.dropLast(3) }
    let outputs = House.files(below: "Docs/examples", suffix: ".out").map { $0.dropLast(4) }
    XCTAssertEqual(programs, outputs)
    XCTAssertGreaterThanOrEqual(programs.count, 12)
  }
}
