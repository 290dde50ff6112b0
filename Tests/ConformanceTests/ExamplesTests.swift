import Foundation
import XCTest

/// The programs of Docs/examples do what is written beside them.
final class ExamplesTests: XCTestCase {
  func testEveryExampleDoesWhatItSays() throws {
    let suite = try Suite(folders: [Command.root.appending(path: "Docs/examples")])
    for options in [["--schedulers", "1"], ["--schedulers", "4"]] {
      for (name, complaints) in try suite.failures(options: options) {
        XCTFail("\(name) with \(options): \(complaints.joined(separator: "; "))")
      }
    }
  }

  /// Examples are what people copy: they compile without a warning.
  func testNoExampleHasWarnings() throws {
    let folder = Command.root.appending(path: "Docs/examples")
    let files = try FileManager.default.contentsOfDirectory(atPath: folder.path).filter {
      $0.hasSuffix(".ld")
    }
    let run = try Command.run(["check"] + files, in: folder)
    XCTAssertEqual(run.status, 0)
    XCTAssertEqual(run.errorText, "")
  }
}
