/// What a person reads: tables of figures and ratios.
struct BenchReport {
  let contestants: [BenchContestant]

  /// The peers, who stand beside us.
  private var peers: [BenchContestant] { contestants.filter { $0 != .ludi } }

  var heading: String {
    var row = "benchmark".padded(to: 34) + "ludi".leftPadded(to: 14)
    for peer in peers { row += peer.rawValue.leftPadded(to: 14) + "  " + "ludi / \(peer)".padded(to: 20) }
    return row
  }

  /// A row for the time of an operation, and one for each other figure.
  func rows(of label: String, in record: BenchRecord) -> [String] {
    guard let ours = record.result(label, .ludi) else { return [] }
    return ours.figures.map { figure in
      var row =
        figure.title(label).padded(to: 34) + BenchRatio.median(of: figure.values).grouped.leftPadded(to: 14)
      for peer in peers { row += column(figure, record.result(label, peer)?[figure.name]) }
      return row
    }
  }

  private func column(_ ours: BenchRecord.Figure, _ theirs: [Double]?) -> String {
    guard let theirs, !theirs.isEmpty else { return "-".leftPadded(to: 14) + "  " + "".padded(to: 20) }
    let ratio = BenchRatio(interleaved: ours.values, theirs)?.text ?? ""
    return BenchRatio.median(of: theirs).grouped.leftPadded(to: 14) + "  " + ratio.padded(to: 20)
  }
}

extension BenchRecord.Figure {
  /// Whether it is the time of an operation, which every benchmark has.
  var isMain: Bool { name == "ns_per_op" }

  /// Whether a larger value is not a worse one.
  var moreIsNoLoss: Bool { ["ticks", "jain", "trees_replaced"].contains(name) }

  /// What stands before it in a table.
  func title(_ label: String) -> String { isMain ? "\(label) [ns]" : "  \(name)" }
}

extension String {
  /// With blanks before it.
  func leftPadded(to width: Int) -> String { String(repeating: " ", count: max(0, width - count)) + self }
}
