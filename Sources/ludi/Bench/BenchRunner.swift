import Platform

/// Runs benchmarks, each in rounds in which all contestants have their turn, and tells of each as it ends.
struct BenchRunner {
  typealias Entry = (contestant: BenchContestant, folder: String)

  struct Settings {
    let schedulers: Int
    /// More options for our `ludi run`.
    let options: [String]
    let rounds: Int
    /// Timed runs within a process, after one to warm up.
    let iterations: Int
    /// Whether a table is printed, and not the benchmarks' own lines.
    let isTable: Bool
    /// Whether neither is.
    let isSilent: Bool
    /// Where what was measured is written after each benchmark, so that an interruption loses nothing.
    let file: String?
  }

  private let entries: [Entry]
  private let tasks: [BenchTask]
  private let settings: Settings
  private let report: BenchReport
  private(set) var record: BenchRecord
  private var failed: [String] = []

  init(contestants: [Entry], tasks: [BenchTask], settings: Settings) {
    entries = contestants
    self.tasks = tasks
    self.settings = settings
    report = BenchReport(contestants: contestants.map(\.contestant))
    record = BenchRecord(
      schedulers: settings.schedulers, options: settings.options.joined(separator: " "),
      rounds: settings.rounds)
  }

  /// Runs everything; a benchmark that fails is told, and the others go on.
  mutating func runAll() -> ExitStatus {
    if settings.isTable {
      show(
        "# schedulers \(settings.schedulers), rounds \(settings.rounds), iterations \(settings.iterations)")
      show(report.heading)
    }
    for task in tasks where !Interrupt.wasRequested {
      do {
        try run(task)
        if record.results.last?.label != task.label { break }
        if let file = settings.file { try BenchFile.write(record, to: file) }
        if settings.isTable { for row in report.rows(of: task.label, in: record) { show(row) } }
      } catch {
        Terminal.complain("ludi bench: \(task.label): \(error.message)")
        failed.append(task.label)
      }
    }
    if !failed.isEmpty { Terminal.complain("ludi bench: failed: \(failed.joined(separator: " "))") }
    if Interrupt.wasRequested {
      let what = record.results.isEmpty ? "nothing" : "this"
      Terminal.complain("ludi bench: interrupted; \(what) was measured")
      return .interrupted
    }
    return failed.isEmpty ? .success : .failure
  }

  private func show(_ line: String) {
    if !settings.isSilent { Terminal.print(line + "\n") }
  }

  /// An interruption ends it; rounds that are over count.
  private mutating func run(_ task: BenchTask) throws(BenchFailure) {
    var lines: [[BenchLine]] = entries.map { _ in [] }
    rounds: for _ in 0..<settings.rounds {
      var round: [BenchLine] = []
      for entry in entries {
        guard let line = try line(of: task, by: entry) else { break rounds }
        // Whoever comes first in the first round sets the answer for all.
        if let first = lines[0].first ?? round.first, line.check != first.check {
          throw BenchFailure(
            message: "the answers differ: \(first.check) of ludi, \(line.check) of \(entry.contestant)")
        }
        round.append(line)
      }
      for (index, line) in round.enumerated() { lines[index].append(line) }
    }
    if lines[0].isEmpty { return }
    for (entry, lines) in zip(entries, lines) {
      record.results.append(BenchRecord.Result(task, entry.contestant, lines))
    }
  }

  /// Runs a benchmark once, in a process of its own. Nil: the user has interrupted.
  private func line(of task: BenchTask, by entry: Entry) throws(BenchFailure) -> BenchLine? {
    if Interrupt.wasRequested { return nil }
    var child = entry.contestant.command(
      for: task, in: entry.folder, schedulers: settings.schedulers, options: settings.options)
    child.variables["PEER_ITERS"] = "\(settings.iterations)"
    child.isCancelled = { Interrupt.wasRequested }
    let result: ChildProcess.Result
    do {
      result = try child.run()
    } catch {
      throw BenchFailure(message: "cannot run \(error.path): \(error.reason)")
    }
    // A terminal interrupts the child as well, perhaps before us.
    if result.ending.isInterruption { Interrupt.awaitRequest(milliseconds: 1000) }
    if Interrupt.wasRequested { return nil }
    guard result.ending == .exited(0) else {
      throw BenchFailure(message: "\(entry.contestant) \(Self.words(for: result.ending, child.limit))")
    }
    let text = result.output.split(separator: "\n")
    guard let line = text.compactMap({ BenchLine($0) }).last, line.name == task.program.name else {
      throw BenchFailure(message: "\(entry.contestant) printed no result but \(result.output)")
    }
    if !settings.isTable { for row in text { show(String(row)) } }
    return line
  }

  private static func words(for ending: ChildProcess.Ending, _ limit: Double) -> String {
    switch ending {
    case .exited(let status): "ended with status \(status)"
    case .killed(let signal): "was ended by signal \(signal)"
    case .timedOut: "took more than \(Int(limit)) s"
    case .cancelled: "was interrupted"
    }
  }
}
