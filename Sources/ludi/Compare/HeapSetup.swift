/// A design that is measured: what `ludi run` is told about heaps.
struct HeapSetup: ComparedSetup {
  enum Design: String, Sendable {
    case `private`, single
  }

  let design: Design
  /// Words from which a private heap's values are shared; nil where everything is.
  let threshold: Int?

  static let thresholdRange = 1...(1 << 30)
  /// What `ludi run` takes if nobody says otherwise.
  static let usualThreshold = 4096

  /// All that are measured: the private heaps, by threshold, and the single one last.
  static func all(thresholds: [Int]) -> [HeapSetup] {
    thresholds.map { HeapSetup(design: .private, threshold: $0) } + [
      HeapSetup(design: .single, threshold: nil)
    ]
  }

  /// The one of the private heaps that stands for them: with the usual threshold, or the one nearest to it.
  static func reference(among setups: [HeapSetup]) -> HeapSetup? {
    let privates = setups.filter { $0.design == .private }
    return privates.first { ($0.threshold ?? 0) >= usualThreshold } ?? privates.last
  }

  var name: String {
    threshold.map { "private, shared from \($0) words" } ?? "single"
  }

  /// For rows and keys.
  var shortName: String { threshold.map { "private \($0)" } ?? "single" }

  var options: [String] {
    ["--heap", design.rawValue] + (threshold.map { ["--share-above", "\($0)"] } ?? [])
  }
}
