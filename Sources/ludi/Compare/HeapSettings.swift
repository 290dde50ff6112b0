import Platform

/// What `ludi compare heaps` was told.
struct HeapSettings {
  var folder = "ludi-heaps"
  var isQuick = false
  var printsJson = false
  var repetitions: Int
  var schedulers: Int?
  /// Ascending.
  var thresholds: [Int]
  var workloads: [HeapWorkload]

  init(_ arguments: ParsedArguments) throws(UsageError) {
    isQuick = arguments.has("quick")
    printsJson = arguments.has("json")
    folder = arguments["output"] ?? folder
    if folder.isEmpty { throw UsageError("--output takes a folder") }
    repetitions = try arguments.number("repetitions", in: 1...100) ?? (isQuick ? 2 : 5)
    schedulers = try arguments.number("schedulers", in: 1...256)
    thresholds = try Self.thresholds(arguments["thresholds"]) ?? (isQuick ? [4096] : [512, 4096, 32768])
    workloads = try Self.workloads(arguments["only"])
  }

  private static func thresholds(_ text: String?) throws(UsageError) -> [Int]? {
    guard let text else { return nil }
    var result: Set<Int> = []
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      guard let words = Int(part), HeapSetup.thresholdRange.contains(words) else {
        let range = HeapSetup.thresholdRange
        throw UsageError(
          "--thresholds takes whole numbers from \(range.lowerBound) to \(range.upperBound), not \(part)")
      }
      result.insert(words)
    }
    return result.sorted()
  }

  private static func workloads(_ text: String?) throws(UsageError) -> [HeapWorkload] {
    guard let text else { return HeapWorkload.all }
    let names = text.split(separator: ",", omittingEmptySubsequences: false)
    for name in names where !HeapWorkload.all.contains(where: { $0.name == name }) {
      let known = HeapWorkload.all.map { $0.name }.joined(separator: ", ")
      throw UsageError("no program \(name) to compare heaps with; there are: \(known)")
    }
    return HeapWorkload.all.filter { names.contains(Substring($0.name)) }
  }
}
