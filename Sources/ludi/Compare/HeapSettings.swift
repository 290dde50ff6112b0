import Platform

/// What `ludi compare heaps` was told.
struct HeapSettings: ComparisonSettings {
  var folder: String
  var isQuick: Bool
  var printsJson: Bool
  var repetitions: Int
  var schedulers: Int?
  /// Ascending.
  var thresholds: [Int]
  var workloads: [Workload]

  init(_ arguments: ParsedArguments) throws(UsageError) {
    isQuick = arguments.has("quick")
    printsJson = arguments.has("json")
    folder = try arguments.reportFolder(else: "ludi-heaps")
    repetitions = try arguments.number("repetitions", in: 1...100) ?? (isQuick ? 2 : 5)
    schedulers = try arguments.number("schedulers", in: 1...256)
    thresholds =
      try arguments.numbers("thresholds", in: HeapSetup.thresholdRange)
      ?? (isQuick ? [HeapSetup.usualThreshold] : [512, HeapSetup.usualThreshold, 32768])
    workloads = try arguments.workloads(of: Workload.forHeaps, toCompare: "heaps")
  }
}
