import Foundation
import XCTest

/// `ludi bench`: every benchmark gives its check value, and what is saved can be compared with.
final class BenchTests: XCTestCase {
  private var scratch = Result { try Scratch() }

  override func tearDown() { try? scratch.get().remove() }

  private func bench(_ arguments: String..., status: Int32, limit: Double = 60) throws -> Command.Run {
    let run = try Command.run(["bench"] + arguments, in: Command.root, limit: limit)
    XCTAssertFalse(run.crashed || run.timedOut, "\(arguments) crashed: \(run.errorText)")
    XCTAssertEqual(run.status, status, "\(arguments): \(run.errorText)")
    return run
  }

  private func programs() throws -> [String] {
    let folder = Command.root.appending(path: "Stress/Bench/ludus")
    return try FileManager.default.contentsOfDirectory(atPath: folder.path)
      .filter { $0.hasSuffix(".ld") }.map { String($0.dropLast(3)) }.sorted()
  }

  /// Each benchmark compares what it computed with what it expects.
  func testAllBenchmarksAtSmallSizes() throws {
    let run = try bench("--quick", status: 0, limit: 300)
    let names = run.outputText.split(separator: "\n").map { String($0.prefix { $0 != " " }) }
    XCTAssertEqual(names, try programs())
  }

  /// The peers' folders hold the same benchmarks, so that none is measured alone.
  func testPeersHaveTheSameBenchmarks() throws {
    let peers = Command.root.appending(path: "Stress/Peers")
    for name in try programs() {
      for path in ["erlang/\(name).erl", "go/\(name)/main.go"] {
        XCTAssertTrue(FileManager.default.fileExists(atPath: peers.appending(path: path).path), path)
      }
    }
  }

  func testSavedRunsAreCompared() throws {
    let file = try scratch.get().folder.appending(path: "run.json").path
    _ = try bench("--quick", "--rounds", "2", "--save", file, "pingpong", status: 0)
    let same = try bench("--quick", "--against", file, "pingpong", "spawn", status: 0).outputText
    XCTAssertTrue(same.contains("now / before"), same)
    XCTAssertTrue(same.contains("not in the earlier run"), same)
    // A run that was ten thousand times as fast: what got slower is named.
    let saved =
      try JSONSerialization.jsonObject(with: try scratch.get().contents("run.json")) as? [String: Any]
    var fast = try XCTUnwrap(saved)
    var results = try XCTUnwrap(fast["results"] as? [[String: Any]])
    results[0]["figures"] = ["ns_per_op": [0.01, 0.02]]
    fast["results"] = results
    try scratch.get().write(try JSONSerialization.data(withJSONObject: fast), to: "run.json")
    let slower = try bench("--quick", "--against", file, "pingpong", status: 0).outputText
    XCTAssertTrue(slower.contains("\nslower: pingpong"), slower)
  }

  /// What was measured before is kept; where nothing was, no file is made, and an older one is left alone.
  func testAnInterruptedRunIsKept() throws {
    let files = try Scratch()
    defer { files.remove() }
    let save = files.folder.appending(path: "run.json").path
    let child = try Command.start(
      ["bench", "--quick", "--rounds", "50", "--save", save, "pingpong", "threadring:100,5000"],
      in: Command.root, files)
    let end = Date(timeIntervalSinceNow: 120)
    while !FileManager.default.fileExists(atPath: save), Date() < end { usleep(2000) }
    child.signal(SIGINT)
    // It may have come to its end before.
    let ending = child.wait(seconds: 60)
    XCTAssertTrue(ending == .exited(130) || ending == .exited(0), "\(String(describing: ending))")
    let record = try JSONSerialization.jsonObject(with: try files.contents("run.json")) as? [String: Any]
    let results = try XCTUnwrap(record?["results"] as? [[String: Any]])
    XCTAssertEqual(results.first?["benchmark"] as? String, "pingpong:500")

    let other = files.folder.appending(path: "other.json").path
    let early = try Command.start(
      ["bench", "--quick", "--rounds", "1000", "--save", other, "pingpong"], in: Command.root, files)
    early.signal(SIGINT)
    _ = early.wait(seconds: 60)
    if let data = try? files.contents("other.json") {
      XCTAssertNotNil(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    }
  }

  func testJSONIsJSON() throws {
    let output = try bench("--quick", "--json", "spawn", status: 0).output
    let record = try JSONSerialization.jsonObject(with: output) as? [String: Any]
    let results = record?["results"] as? [[String: Any]]
    XCTAssertEqual(results?.map { $0["check"] as? String }, ["125250"])
  }

  func testBadRequests() throws {
    XCTAssertTrue(try bench("fly", status: 64).errorText.contains("no benchmark fly; there are "))
    for sizes in ["1,2,3", "x", "0", "", "-1"] {
      let errors = try bench("threadring:" + sizes, status: 64).errorText
      XCTAssertTrue(errors.contains("processes=100,hops=1000000"), errors)
    }
    XCTAssertTrue(try bench("--against", "/nowhere", "spawn", status: 66).errorText.contains("/nowhere"))
    try scratch.get().write(Data("[1, {\"a\": ]".utf8), to: "bad.json")
    let bad = try scratch.get().folder.appending(path: "bad.json").path
    XCTAssertTrue(try bench("--against", bad, "spawn", status: 66).errorText.contains("is not what"))
    XCTAssertTrue(try bench("--save", "/nowhere/x", "spawn", status: 73).errorText.contains("cannot write"))
  }
}
