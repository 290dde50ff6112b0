import Platform
import Reports

/// What was measured, as a table, as JSON and as a page.
struct HeapReport {
  let settings: HeapSettings
  let figures: HeapFigures
  let wasInterrupted: Bool

  /// Writes all of it; tells on the terminal what there is.
  func write(to folder: ReportFolder) -> ExitStatus {
    let hasFigures = figures.measurements.contains { $0.trials > 0 }
    Terminal.print(settings.printsJson ? json.text() + "\n" : table)
    for failure in figures.failures { Terminal.complain("ludi: \(failure)") }
    do {
      try Files.write(Array((json.text() + "\n").utf8), to: folder.path + "/report.json")
      try Files.write(Array(markdown.utf8), to: folder.path + "/report.md")
      if hasFigures {
        let page = try HeapPage(report: self).html(folder)
        try Files.write(Array(page.utf8), to: folder.path + "/report.html")
        Terminal.complain("report: \(folder.path)/report.html")
      }
    } catch let failure as FileError {
      Terminal.complain("ludi: cannot write \(failure.path): \(failure.reason)")
      return .noOutput
    } catch {
      Terminal.complain("ludi: \((error as? Gnuplot.Failure)?.message ?? "\(error)")")
      return .failure
    }
    if wasInterrupted { return .interrupted }
    return figures.failures.isEmpty && hasFigures ? .success : .failure
  }

  // MARK: Table

  static let heads = [
    "program", "design", "a second", "±", "processor", "memory", "collections", "p99", "longest", "stops",
    "p99", "longest",
  ]

  /// A row for each program and design.
  var rows: [[String]] {
    figures.measurements.filter { $0.trials > 0 }.map { measured in
      let collected = !measured.collections.isEmpty
      let stopped = !measured.stops.isEmpty
      return [
        measured.workload.name, measured.setup.shortName,
        Figures.count(measured.throughput.median), Figures.share(measured.throughput.spread),
        Figures.time(measured.processorTime.median * 1e9), Figures.bytes(measured.peakBytes.median),
        Figures.count(measured.collectionCount.median),
        collected ? Figures.time(Double(measured.collections.quantile(0.99))) : "–",
        collected ? Figures.time(Double(measured.collections.max)) : "–",
        Figures.count(measured.stopCount.median),
        stopped ? Figures.time(Double(measured.stops.quantile(0.99))) : "–",
        stopped ? Figures.time(Double(measured.stops.max)) : "–",
      ]
    }
  }

  private var table: String { textTable.text + "\n" + notes }

  private var textTable: TextTable {
    var table = TextTable(Self.heads)
    for row in rows { table.add(row) }
    return table
  }

  private var notes: String {
    HeapFindings(figures: figures).sentences.map { "- " + $0 + "\n" }.joined()
  }

  /// For documents.
  private var markdown: String {
    let how = "\(settings.repetitions) repetitions\(settings.isQuick ? " of small sizes" : "")"
    return
      "\(Machine.description), \(Machine.date), ludi \(Ludi.version), \(how), medians. \(HeapFindings.rule)\n\n"
      + notes + "\n" + textTable.markdown
  }

  // MARK: JSON

  private var json: Json {
    .object([
      "kind": .string("heaps"),
      "version": .string(Ludi.version),
      "machine": .string(Machine.description),
      "date": .string(Machine.date),
      "quick": .bool(settings.isQuick),
      "interrupted": .bool(wasInterrupted),
      "repetitions": .number(Double(settings.repetitions)),
      "failures": .array(figures.failures.map { .string($0) }),
      "findings": .array(HeapFindings(figures: figures).sentences.map { .string($0) }),
      "measurements": .array(figures.measurements.filter { $0.trials > 0 }.map { json(of: $0) }),
    ])
  }

  private func json(of measured: HeapMeasurement) -> Json {
    .object([
      "program": .string(measured.workload.name),
      "arguments": .array(arguments(of: measured.workload).map { .string($0) }),
      "heap": .string(measured.setup.design.rawValue),
      "share_above": measured.setup.threshold.map { .number(Double($0)) } ?? .null,
      "answer": .string(measured.answers.sorted().joined(separator: ", ")),
      "throughput": json(of: measured.throughput),
      "processor_seconds": json(of: measured.processorTime),
      "peak_bytes": json(of: measured.peakBytes),
      "collections": json(of: measured.collectionCount),
      "collection_pauses": measured.collections.json,
      "stops": json(of: measured.stopCount),
      "stop_pauses": measured.stops.json,
      "microseconds_by_size": .object(
        measured.points.sorted { $0.key < $1.key }.map { series in
          Json.Member(
            key: series.key,
            value: .object(
              series.value.sorted { $0.key < $1.key }.map {
                Json.Member(key: "\($0.key)", value: json(of: $0.value))
              }))
        }),
    ])
  }

  private func json(of sample: Sample) -> Json {
    .object([
      "median": .number(sample.median), "values": .array(sample.values.map { .number($0) }),
    ])
  }

  func arguments(of workload: HeapWorkload) -> [String] {
    settings.isQuick ? workload.quickArguments : workload.arguments
  }
}
