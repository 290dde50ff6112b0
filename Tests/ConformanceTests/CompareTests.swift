import Foundation
import XCTest

/// `ludi compare`: bad input, and the reports.
final class CompareTests: CommandCase {
  private func needsGnuplot() throws {
    guard FileManager.default.isExecutableFile(atPath: "/usr/bin/gnuplot") else {
      throw XCTSkip("gnuplot is not installed: apt-get install gnuplot-nox")
    }
  }

  private func json(_ name: String) throws -> [String: Any] {
    let data = try Data(contentsOf: try folder.appending(path: name))
    return try XCTUnwrap(JSONSerialization.jsonObject(with: data) as? [String: Any])
  }

  private func page(_ name: String) throws -> String {
    let page = try String(contentsOf: try folder.appending(path: name), encoding: .utf8)
    XCTAssertFalse(page.contains("<script src") || page.contains("<link"), "the page needs something else")
    return page
  }

  // MARK: Bad input

  func testWhatToCompare() throws {
    try ludi("compare", status: 64, errors: "compare what? There is: heaps, schedulers")
    try ludi("compare", "cats", status: 64, errors: "cannot compare cats; there is: heaps, schedulers")
    try ludi("compare", "heaps", "more", status: 64, errors: "what is more for?")
    try ludi(
      "compare", "heaps", "--policies", "affinity", status: 64, errors: "--policies is for compare schedulers"
    )
    try ludi(
      "compare", "schedulers", "--thresholds", "1", status: 64, errors: "--thresholds is for compare heaps")
    XCTAssertTrue(try ludi("compare", "heaps", "--help", status: 0).outputText.contains("--thresholds"))
  }

  func testHeapsThatDoNotExist() throws {
    try ludi(
      "compare", "heaps", "--workloads", "x", status: 64,
      errors: "no workload x to compare heaps with; there are")
    try ludi("compare", "heaps", "--thresholds", "1,0", status: 64, errors: "from 1 to 1073741824, not 0")
    try ludi("compare", "heaps", "--thresholds", "", status: 64, errors: "--thresholds takes whole numbers")
    try ludi("compare", "heaps", "--repetitions", "0", status: 64, errors: "from 1 to 100, not 0")
    try ludi("compare", "heaps", "--schedulers", "two", status: 64, errors: "from 1 to 256, not two")
  }

  func testSchedulersThatDoNotExist() throws {
    try ludi(
      "compare", "schedulers", "--policies", "affinity,x", status: 64,
      errors: "no policy x; the policies are round_robin, ")
    try ludi(
      "compare", "schedulers", "--workloads", "x", status: 64,
      errors: "no workload x to compare schedulers with; there are: rings")
    try ludi(
      "compare", "schedulers", "--seed", "x", status: 64, errors: "--seed takes a whole number from 0 to")
    try ludi("compare", "schedulers", "--schedulers", "2,0", status: 64, errors: "from 1 to 256, not 0")
    try ludi("compare", "schedulers", "--simulated", "4,many", status: 64, errors: "from 1 to 1024, not many")
    try ludi("compare", "schedulers", "--repetitions", "-1", status: 64, errors: "from 1 to 100, not -1")
    try ludi(
      "compare", "schedulers", "--schedulers", "none", "--simulated", "none", status: 64,
      errors: "nothing is left")
    try ludi(
      "compare", "schedulers", "--workloads", "tokens", "--simulated", "none", status: 64,
      errors: "made up by the simulator")
    try ludi("compare", "schedulers", "--output", "", status: 64, errors: "--output takes a folder")
  }

  /// Before anything is measured, not after.
  func testAReportFolderThatCannotBeWritten() throws {
    try scratch.write(Data(), to: "file")
    for what in ["heaps", "schedulers"] {
      try ludi("compare", what, "-o", "file/report", status: 73, errors: "cannot write file/report")
      try ludi("compare", what, "-o", "/proc/report", status: 73, errors: "cannot write /proc/report")
      try ludi("compare", what, "-o", "/proc/self", status: 73, errors: "cannot write /proc/self/programs")
    }
  }

  // MARK: Reports

  func testAReportAboutHeaps() throws {
    try needsGnuplot()
    let run = try ludi(
      "compare", "heaps", "--quick", "--workloads", "messages,sending", "--repetitions", "1", "-o", "report",
      status: 0, limit: 300)
    XCTAssertTrue(run.outputText.contains("private 4096"))
    XCTAssertGreaterThanOrEqual(try page("report/report.html").components(separatedBy: "<svg").count, 5)
    let measurements = try XCTUnwrap(try json("report/report.json")["measurements"] as? [[String: Any]])
    XCTAssertEqual(measurements.map { $0["heap"] as? String }, ["private", "single", "private", "single"])
    XCTAssertEqual(Set(measurements.map { $0["answer"] as? String }), ["64016000", "348"])
  }

  func testAReportAboutSchedulers() throws {
    try needsGnuplot()
    let run = try ludi(
      "compare", "schedulers", "--quick", "--policies", "work-stealing,round_robin", "--workloads",
      "rings,hogs,tokens,crowd",
      "--schedulers", "2", "--simulated", "4", "-o", "report", status: 0, limit: 300)
    XCTAssertTrue(run.outputText.contains("Jain's index"), run.outputText)
    let page = try page("report/report.html")
    XCTAssertGreaterThanOrEqual(page.components(separatedBy: "<svg").count, 7)
    for heading in [
      "Throughput", "Delays", "Fairness", "Up to a thousand schedulers", "Which process ran where",
    ] {
      XCTAssertTrue(page.contains("<h2>\(heading)</h2>"), heading)
    }
    let report = try json("report/report.json")
    XCTAssertEqual(report["kind"] as? String, "schedulers")
    XCTAssertEqual(report["interrupted"] as? Bool, false)
    XCTAssertEqual(report["failures"] as? [String], [])
    let measurements = try XCTUnwrap(report["measurements"] as? [[String: Any]])
    let names = measurements.map { row in
      "\(row["workload"] ?? "") \(row["policy"] ?? "") \(row["schedulers"] ?? "") \(row["simulated"] as? Bool == true)"
    }
    XCTAssertEqual(names.first, "rings work_stealing 2 false")
    XCTAssertTrue(names.contains("crowd round_robin 4 true"), "\(names)")
    // Of rings: 2 threads, and 1, 2 and 4 virtual schedulers; of hogs all but 1 and 4; of loads the virtual ones.
    XCTAssertEqual(names.count, 2 * (4 + 2 + 3 + 3))
    XCTAssertEqual(Set(measurements.compactMap { $0["answer"] as? String }), ["501000", "4"])
  }

  /// The same seed gives the same figures.
  func testSimulationsRepeatThemselves() throws {
    try needsGnuplot()
    let outputs = try (1...2).map { number in
      try ludi(
        "compare", "schedulers", "--quick", "--policies", "affinity", "--workloads", "producer,requests",
        "--schedulers",
        "none",
        "--simulated", "4", "--seed", "77", "-o", "report\(number)", status: 0, limit: 300
      ).outputText
    }
    XCTAssertEqual(outputs[0], outputs[1])
  }

  /// What there is by then is reported.
  func testAnInterruptedComparison() throws {
    try needsGnuplot()
    for what in ["heaps", "schedulers"] {
      let workload = what == "heaps" ? "messages" : "rings"
      let files = try Scratch()
      defer { files.remove() }
      let child = try Command.start(
        ["compare", what, "--quick", "--workloads", workload, "--repetitions", "100", "-o", "report"],
        in: files.folder, files)
      waitForRuns(in: files.folder.appending(path: "report/.statistics.json"))
      child.signal(SIGINT)
      XCTAssertEqual(child.wait(seconds: 120), .exited(130))
      let text = try files.contents("report/report.json")
      let report = try XCTUnwrap(JSONSerialization.jsonObject(with: text) as? [String: Any])
      XCTAssertEqual(report["interrupted"] as? Bool, true, what)
      XCTAssertEqual(report["failures"] as? [String], [], what)
      XCTAssertFalse(try XCTUnwrap(report["measurements"] as? [Any]).isEmpty, what)
      let page = String(decoding: try files.contents("report/report.html"), as: UTF8.self)
      XCTAssertTrue(page.contains("this report is partial"), what)
    }
  }

  /// Whenever interruptions come, and however many: a report's file is there with all that it should have, or it is not there,
  /// and an older one is left alone if there is nothing new.
  func testInterruptionsAtAnyMoment() throws {
    try needsGnuplot()
    for (milliseconds, count) in [(0, 1), (50, 1), (300, 2), (1000, 1), (1500, 2), (2500, 20)] {
      let files = try Scratch()
      defer { files.remove() }
      try FileManager.default.createDirectory(
        at: files.folder.appending(path: "report"), withIntermediateDirectories: true)
      try files.write(Data("{\"old\": 1}".utf8), to: "report/report.json")
      let child = try Command.start(
        ["compare", "schedulers", "--quick", "--repetitions", "100", "-o", "report"], in: files.folder, files)
      usleep(UInt32(milliseconds * 1000))
      for _ in 0..<count {
        child.signal(SIGINT)
        usleep(1000)
      }
      let ending = child.wait(seconds: 120)
      let moment = "\(count) after \(milliseconds) ms"
      XCTAssertTrue(
        ending == .exited(130) || ending == .killed(signal: SIGINT),
        "\(moment): \(String(describing: ending))")
      let text = try files.contents("report/report.json")
      let report = try XCTUnwrap(try JSONSerialization.jsonObject(with: text) as? [String: Any], moment)
      if report["old"] == nil {
        XCTAssertEqual(report["interrupted"] as? Bool, true, moment)
        XCTAssertFalse(try XCTUnwrap(report["measurements"] as? [Any]).isEmpty, moment)
      }
      let names = try FileManager.default.contentsOfDirectory(
        atPath: files.folder.appending(path: "report").path)
      for name in names where name.hasPrefix("report.") {
        XCTAssertGreaterThan(try files.contents("report/\(name)").count, 5, "\(name), \(moment)")
      }
      XCTAssertFalse(names.contains { $0.hasSuffix(".new") }, "\(moment): \(names)")
    }
  }

  /// Waits until a run has left its statistics, and the one after it has, too: then the first one is noted.
  private func waitForRuns(in file: URL) {
    func statistics() -> NSDictionary? {
      guard let data = try? Data(contentsOf: file) else { return nil }
      return try? JSONSerialization.jsonObject(with: data) as? NSDictionary
    }
    let end = Date(timeIntervalSinceNow: 120)
    var first: NSDictionary?
    while Date() < end {
      let now = statistics()
      if let first, let now, now != first { return }
      first = first ?? now
      usleep(2000)
    }
  }
}
