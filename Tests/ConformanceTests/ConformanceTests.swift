import Foundation
import XCTest

/// Runs the conformance programs (a folder beside the repository, or `$LUDI_CONFORMANCE`) with the built `ludi`.
/// `areas.txt` says which areas must pass, `pending.txt` which of their programs cannot yet.
/// For work on a failure, `Stress/conformance` is handier.
final class ConformanceTests: XCTestCase {
  func testWithOneScheduler() throws { try run(options: ["--schedulers", "1"]) }

  func testWithTwoSchedulers() throws { try run(options: ["--schedulers", "2"]) }

  func testWithEightSchedulers() throws { try run(options: ["--schedulers", "8"]) }

  func testWithCollectionAtEverySafepoint() throws {
    try run(options: ["--schedulers", "2"], environment: ["LUDI_COLLECT": "every"])
  }

  func testOnASingleHeap() throws { try run(options: ["--schedulers", "2", "--heap", "single"]) }

  /// A program that passes must leave the list of those that cannot.
  func testPendingProgramsStillFail() throws {
    let pending = try names(in: "pending.txt")
    let suite = try suite(without: [])
    let failing = try Suite(suite, only: pending).failures(options: [])
    for name in pending where failing[name] == nil { XCTFail("\(name) passes: take it out of pending.txt") }
  }

  private func run(options: [String], environment: [String: String] = [:]) throws {
    let suite = try suite(without: try names(in: "pending.txt"))
    let failures = try suite.failures(options: options, environment: environment)
    for (name, complaints) in failures.sorted(by: { $0.key < $1.key }) {
      XCTFail("\(name): \(complaints.joined(separator: "; "))")
    }
    print("\(suite.programs.count - failures.count) of \(suite.programs.count) conformance programs pass")
  }

  private func suite(without excluded: Set<String>) throws -> Suite {
    let given = ProcessInfo.processInfo.environment["LUDI_CONFORMANCE"].map { URL(filePath: $0) }
    let folder = given ?? Command.root.appending(path: "../shared/conformance").standardizedFileURL
    guard FileManager.default.fileExists(atPath: folder.path) else {
      throw XCTSkip("no conformance programs at \(folder.path): set LUDI_CONFORMANCE")
    }
    let folders = try names(in: "areas.txt").sorted().map { folder.appending(path: $0) }
    return try Suite(folders: folders, without: excluded)
  }

  /// The first words of a list's lines.
  private func names(in list: String) throws -> Set<String> {
    let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: list)
    let lines = try String(contentsOf: file, encoding: .utf8).split(separator: "\n")
    return Set(
      lines.filter { !$0.hasPrefix("#") }.compactMap { $0.split(separator: " ").first.map(String.init) })
  }
}
