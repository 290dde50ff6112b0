import Foundation
import XCTest

/// Runs the built `ludi` on programs that a test writes: `$LUDI`, or the build that the tests bring with them.
struct Ludi {
  struct Ended {
    var status: Int32
    var crashed: Bool
    var output: String
    var errors: String
  }

  private let folder: URL

  init() throws {
    folder = FileManager.default.temporaryDirectory.appending(path: "ludi-edges-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  func remove() { try? FileManager.default.removeItem(at: folder) }

  private static let binary: URL = {
    if let given = ProcessInfo.processInfo.environment["LUDI"] { return URL(filePath: given) }
    return Bundle.main.bundleURL.appending(path: "ludi")
  }()

  /// Runs `ludi run` with these options on a program of this text; nil if it takes more than `limit` seconds.
  func run(_ program: String, _ options: [String] = [], limit: Double = 60) throws -> Ended? {
    let file = folder.appending(path: "program.ld")
    try Data(program.utf8).write(to: file)
    let output = try handle("output")
    let errors = try handle("errors")
    let process = Process()
    process.executableURL = Ludi.binary
    process.arguments = ["run"] + options + ["program.ld"]
    process.currentDirectoryURL = folder
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = output
    process.standardError = errors
    let ended = DispatchSemaphore(value: 0)
    process.terminationHandler = { _ in ended.signal() }
    try process.run()
    guard ended.wait(timeout: .now() + limit) == .success else {
      kill(process.processIdentifier, SIGKILL)
      return nil
    }
    return Ended(
      status: process.terminationStatus, crashed: process.terminationReason == .uncaughtSignal,
      output: try text("output"), errors: try text("errors"))
  }

  private func handle(_ name: String) throws -> FileHandle {
    let place = folder.appending(path: name)
    try Data().write(to: place)
    return try FileHandle(forWritingTo: place)
  }

  private func text(_ name: String) throws -> String {
    String(decoding: try Data(contentsOf: folder.appending(path: name)), as: UTF8.self)
  }
}

/// A test that runs programs.
class EdgeTestCase: XCTestCase {
  /// Checks what a program prints and how it ends.
  func check(
    _ program: String, _ options: [String] = [], prints output: String? = nil, says error: String? = nil,
    status: Int32 = 0, limit: Double = 60, line: UInt = #line
  ) throws {
    let ludi = try Ludi()
    defer { ludi.remove() }
    guard let ended = try ludi.run(program, options, limit: limit) else {
      return XCTFail("takes more than \(limit) s: \(program.prefix(200))", line: line)
    }
    let about = "\(program.prefix(200))\n\(ended.errors.prefix(500))"
    XCTAssertFalse(ended.crashed, about, line: line)
    XCTAssertEqual(ended.status, status, about, line: line)
    if let output { XCTAssertEqual(ended.output, output, about, line: line) }
    if let error { XCTAssertTrue(ended.errors.contains(error), about, line: line) }
  }
}
