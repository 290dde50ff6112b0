import Platform
import Reports

/// What was measured, as a table, as JSON and as a page.
struct HeapReport: ComparisonReport {
  let settings: HeapSettings
  let figures: HeapFigures
  let wasInterrupted: Bool

  let kind = "heaps"
  var rule: String { HeapFindings.rule }
  var sentences: [String] { HeapFindings(figures: figures).sentences }

  func html(_ folder: ReportFolder) throws -> String { try HeapPage(report: self).html(folder) }

  // MARK: Table

  static let heads = [
    "program", "design", "a second", "±", "processor", "memory", "collections", "p99", "longest", "stops",
    "p99", "longest",
  ]

  /// A row for each program and design.
  var rows: [[String]] {
    figures.measurements.map { measured in
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

  var tables: [(title: String, table: TextTable)] {
    var table = TextTable(Self.heads)
    for row in rows { table.add(row) }
    return [("", table)]
  }

  // MARK: JSON

  var members: [Json.Member] {
    [.init(key: "measurements", value: .array(figures.measurements.map { json(of: $0) }))]
  }

  private func json(of measured: HeapMeasurement) -> Json {
    .object([
      "program": .string(measured.workload.name),
      "arguments": .array(arguments(of: measured.workload).map { .string($0) }),
      "heap": .string(measured.setup.design.rawValue),
      "share_above": measured.setup.threshold.map { .number(Double($0)) } ?? .null,
      "answer": .string(measured.answer),
      "throughput": measured.throughput.json,
      "processor_seconds": measured.processorTime.json,
      "peak_bytes": measured.peakBytes.json,
      "collections": measured.collectionCount.json,
      "collection_pauses": measured.collections.json,
      "stops": measured.stopCount.json,
      "stop_pauses": measured.stops.json,
      "microseconds_by_size": .object(
        measured.points.sorted { $0.key < $1.key }.map { series in
          Json.Member(
            key: series.key,
            value: .object(
              series.value.sorted { $0.key < $1.key }.map {
                Json.Member(key: "\($0.key)", value: $0.value.json)
              }))
        }),
    ])
  }

  func arguments(of workload: Workload) -> [String] {
    settings.isQuick ? workload.quickArguments : workload.arguments
  }
}
