import Foundation
import XCTest

@testable import Ludus

/// Runs the front end alone over the conformance programs, if `LUDI_CONFORMANCE` names their folder: what must
/// be refused is refused with the right text, and what must run passes without an error.
final class ConformanceFrontEndTests: XCTestCase {
  /// Areas whose programs with status 65 fail for the front end's reasons.
  private let refused = ["static_errors", "tests_form"]

  func testRefusedProgramsAreRefused() throws {
    for area in refused {
      for program in try programs(in: area) where statusOf(program) == 65 {
        let text = try renderedFile(program).text
        for pattern in try lines(program.deletingPathExtension().appendingPathExtension("err")) {
          XCTAssertNotNil(
            text.range(of: pattern, options: .regularExpression),
            "\(program.lastPathComponent): no \(pattern) in:\n\(text)")
        }
        XCTAssertTrue(text.contains("error:"), program.path)
      }
    }
  }

  func testGoodProgramsPass() throws {
    let root = try conformance()
    for area in try FileManager.default.contentsOfDirectory(atPath: root.path).sorted() {
      for program in try programs(in: area) where statusOf(program) != 65 {
        let (text, hasErrors) = try renderedFile(program)
        XCTAssertFalse(hasErrors, "\(program.path):\n\(text)")
      }
    }
  }

  private func conformance() throws -> URL {
    guard let path = ProcessInfo.processInfo.environment["LUDI_CONFORMANCE"] else {
      throw XCTSkip("LUDI_CONFORMANCE is not set")
    }
    return URL(fileURLWithPath: path)
  }

  private func programs(in area: String) throws -> [URL] {
    let folder = try conformance().appendingPathComponent(area)
    return try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
      .filter { $0.pathExtension == "ld" }.sorted { $0.path < $1.path }
  }

  private func statusOf(_ program: URL) -> Int {
    let code = program.deletingPathExtension().appendingPathExtension("code")
    return (try? lines(code).first).flatMap(Int.init) ?? 0
  }

  private func lines(_ file: URL) throws -> [String] {
    guard FileManager.default.fileExists(atPath: file.path) else { return [] }
    return try String(contentsOf: file, encoding: .utf8).split(separator: "\n").map(String.init)
  }

  /// Words that the file does not bind count as names of the Prelude, except in the area of static errors;
  /// what is only unsupported so far is left out.
  private func renderedFile(_ program: URL) throws -> (text: String, hasErrors: Bool) {
    let bytes = [UInt8](try Data(contentsOf: program))
    let strict = refused.contains { program.path.contains("/\($0)/") }
    let names = strict ? testPrelude : words(String(decoding: bytes, as: UTF8.self))
    let checked = FrontEnd.check(
      bytes: bytes, fileName: program.lastPathComponent, surroundings: .init(preludeNames: names))
    let errors = checked.diagnostics.filter {
      $0.severity == .error && !$0.message.contains("not supported yet")
    }
    return (DiagnosticRenderer(checked.script.file).render(checked), !errors.isEmpty)
  }

  private func words(_ text: String) -> Set<String> {
    Set(text.split { !($0.isASCII && ($0.isLetter || $0.isNumber || "_/?!*".contains($0))) }.map(String.init))
  }
}
