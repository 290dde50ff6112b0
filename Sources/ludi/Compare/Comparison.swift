import Platform
import Reports

/// A comparison of designs: it measures, and has a report then.
protocol Comparison {
  /// Where the report goes.
  var folder: String { get }
  var workloads: [Workload] { get }
  func measure(_ runner: TrialRunner) -> any ComparisonReport
}

extension Comparison {
  /// Finds out first what could stand in the way of the report in the end.
  func run() -> ExitStatus {
    Interrupt.listen()
    Stream.survivesClosedPipes()
    guard let program = Folders.program else {
      Terminal.complain("ludi: the system does not tell where this program is")
      return .failure
    }
    let place: ReportFolder
    do {
      place = try ReportFolder(folder)
      for workload in workloads where workload.isProgram {
        try Files.write(workload.source, to: place.program(workload.name))
      }
    } catch {
      Terminal.complain("ludi: cannot write \(error.path): \(error.reason)")
      return .noOutput
    }
    if let missing = Gnuplot.complaint() {
      Terminal.complain("ludi: \(missing)")
      return .noInput
    }
    return measure(TrialRunner(program: program, folder: place)).write(to: place)
  }
}

/// What all comparisons are told on the command line.
protocol ComparisonSettings {
  /// Where the report goes.
  var folder: String { get }
  var isQuick: Bool { get }
  var printsJson: Bool { get }
  var repetitions: Int { get }
}

/// What was measured, in the forms in which it is told.
protocol ComparisonReport {
  associatedtype Settings: ComparisonSettings
  associatedtype Setup: ComparedSetup
  var settings: Settings { get }
  var figures: ComparisonFigures<Setup> { get }
  var wasInterrupted: Bool { get }
  /// The rule by which it is told who wins, and what that says of the figures.
  var rule: String { get }
  var sentences: [String] { get }
  /// All figures, each table with its title.
  var tables: [(title: String, table: TextTable)] { get }
  /// What is compared.
  var kind: String { get }
  /// Members of the JSON beside those that all comparisons have.
  var members: [Json.Member] { get }
  func html(_ folder: ReportFolder) throws -> String
}

extension ComparisonReport {
  /// Writes all of it; tells on the terminal what there is. The figures come first: drawing takes seconds, in which the
  /// user may interrupt (again).
  func write(to folder: ReportFolder) -> ExitStatus {
    if wasInterrupted && figures.measurements.isEmpty {
      Terminal.complain("ludi: interrupted before anything was measured; nothing is written")
      return .interrupted
    }
    do {
      try writeFigures(to: folder)
      // Whoever reads it may have been interrupted, too, and be gone: that must not cost the page.
      Terminal.tryPrint(settings.printsJson ? json.text() + "\n" : text)
      for failure in figures.failures { Terminal.complain("ludi: \(failure)") }
      if !figures.measurements.isEmpty {
        try Files.replace(folder.html, with: Array(try html(folder).utf8))
        Terminal.complain("report: \(folder.html)")
      }
    } catch let failure as FileError {
      Terminal.complain("ludi: cannot write \(failure.path): \(failure.reason)")
      return .noOutput
    } catch {
      Terminal.complain("ludi: \((error as? Gnuplot.Failure)?.message ?? "\(error)")")
      return .failure
    }
    if wasInterrupted { return .interrupted }
    return figures.failures.isEmpty && !figures.measurements.isEmpty ? .success : .failure
  }

  private func writeFigures(to folder: ReportFolder) throws {
    // A page of an earlier comparison must not lie beside the figures of this one.
    Files.remove(folder.html)
    try Files.replace(folder.json, with: Array((json.text() + "\n").utf8))
    try Files.replace(folder.markdown, with: Array(markdown.utf8))
    let places = "\(folder.json) and \(folder.markdown)"
    Interrupt.letEnd(saying: "ludi: interrupted; no page is drawn, but the figures are in \(places)")
  }

  /// What must be said before any figure.
  var warnings: [String] {
    var notes: [String] = []
    if settings.isQuick {
      notes.append(
        "This is a quick run with small sizes: it shows that the report works, not how fast anything is.")
    }
    if wasInterrupted {
      notes.append("The measuring was interrupted: this report is partial, it has what there was by then.")
    }
    return notes + figures.failures.map { "Failed: " + $0 }
  }

  private var notes: String { sentences.map { "- " + $0 + "\n" }.joined() }

  private var text: String {
    let warned = wasInterrupted ? "The measuring was interrupted: this is partial.\n\n" : ""
    return warned + tables.map { ($0.title.isEmpty ? "" : $0.title + "\n") + $0.table.text + "\n" }.joined()
      + notes
  }

  /// For documents.
  private var markdown: String {
    let how = "\(settings.repetitions) repetitions\(settings.isQuick ? " of small sizes" : "")"
    let partial = wasInterrupted ? " Interrupted: partial." : ""
    let shown = tables.map { ($0.title.isEmpty ? "" : "**\($0.title)**\n\n") + $0.table.markdown }
    return
      "\(Machine.description), \(Machine.date), ludi \(Ludi.version), \(how), medians.\(partial) \(rule)\n\n"
      + notes + "\n" + shown.joined(separator: "\n")
  }

  private var json: Json {
    let common: [Json.Member] = [
      .init(key: "kind", value: .string(kind)),
      .init(key: "version", value: .string(Ludi.version)),
      .init(key: "machine", value: .string(Machine.description)),
      .init(key: "date", value: .string(Machine.date)),
      .init(key: "quick", value: .bool(settings.isQuick)),
      .init(key: "interrupted", value: .bool(wasInterrupted)),
      .init(key: "repetitions", value: .number(Double(settings.repetitions))),
      .init(key: "failures", value: .array(figures.failures.map { .string($0) })),
      .init(key: "findings", value: .array(sentences.map { .string($0) })),
    ]
    return .object(common + members)
  }
}

extension Sample {
  var json: Json {
    .object(["median": .number(median), "values": .array(values.map { .number($0) })])
  }
}
