/// Our figures beside those of an earlier run. Slower is what is at least a twentieth more in the middle, and
/// in every round more than in any round before.
struct BenchComparison {
  /// The table, and at its end what got slower.
  private(set) var lines: [String]
  private var slower: [String] = []

  init(new: BenchRecord, old: BenchRecord) {
    lines = [
      "",
      "benchmark".padded(to: 34) + "now".leftPadded(to: 14) + "before".leftPadded(to: 14) + "  now / before",
    ]
    if new.schedulers != old.schedulers {
      lines.insert("the earlier run had \(old.schedulers) schedulers, this one \(new.schedulers)", at: 0)
    }
    if new.options != old.options {
      lines.insert("the earlier run was given '\(old.options)', this one '\(new.options)'", at: 0)
    }
    for result in new.results where result.contestant == BenchContestant.ludi.rawValue {
      guard let before = old.result(result.label, .ludi) else {
        lines.append(result.label.padded(to: 34) + "    not in the earlier run")
        continue
      }
      for figure in result.figures { compare(figure, of: result.label, with: before[figure.name] ?? []) }
    }
    lines.append(slower.isEmpty ? "nothing got slower" : "slower: " + slower.joined(separator: ", "))
  }

  private mutating func compare(_ figure: BenchRecord.Figure, of label: String, with before: [Double]) {
    guard !figure.moreIsNoLoss, let ratio = BenchRatio(apart: figure.values, before) else { return }
    var verdict = ""
    if ratio.middle >= 1.05 && ratio.lowest > 1 {
      verdict = "  SLOWER"
      slower.append(figure.isMain ? label : "\(label) \(figure.name)")
    } else if ratio.middle <= 0.95 && ratio.highest < 1 {
      verdict = "  faster"
    }
    let values = [figure.values, before].map { BenchRatio.median(of: $0).grouped.leftPadded(to: 14) }
    lines.append(figure.title(label).padded(to: 34) + values.joined() + "  " + ratio.text + verdict)
  }
}
