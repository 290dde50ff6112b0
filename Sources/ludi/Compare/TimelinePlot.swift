import Reports

extension SchedulerPlots {
  /// Which process ran where: a band for each policy, a row for each virtual scheduler.
  var timeline: Plot? {
    let timelines = report.timelines.filter { !$0.spans.isEmpty }
    let panels = timelines.map { panel($0, isLast: $0.policy == timelines.last?.policy) }
    return Plot.panels(
      panels, name: "timeline", heading: "Which process ran where", height: 138, legend: Self.kinds,
      caption:
        "Three milliseconds on \(Timeline.schedulers) virtual schedulers, under each policy. A colour for each of six "
        + "processes that compute; dark: four that wake all the time; grey: short jobs, six of which are made every "
        + "millisecond. White: the scheduler had nothing to do. Long stretches of a colour in one row are long slices or a "
        + "process that stays where its caches are; a colour in many rows is one that moves.")
  }

  /// Colours of the kinds of processes, besides those of the first ones, which have one each.
  private static let kinds: [(title: String, color: Int)] =
    (1...6).map { ("one that computes, each", $0) } + [
      ("those that wake all the time", 20), ("short jobs", 21),
    ]

  private static func color(_ process: Int) -> Int {
    let hogs = Timeline.kinds[0].count
    if process >= 1 && process <= hogs { return process }
    return process > hogs && process <= hogs + Timeline.kinds[1].count ? 20 : 21
  }

  private func panel(_ timeline: Timeline, isLast: Bool) -> String {
    let window = Timeline.window
    let rows = timeline.spans.compactMap { span -> String? in
      let (start, end) = (max(span.start, window.lowerBound), min(span.end, window.upperBound))
      guard start < end else { return nil }
      let y = Double(Timeline.schedulers - 1 - span.scheduler)
      let (from, to) = ((start - window.lowerBound) / 1e6, (end - window.lowerBound) / 1e6)
      return "\((from + to) / 2) \(y) \(from) \(to) \(y - 0.42) \(y + 0.42) \(Self.color(span.process))\n"
    }
    let names = (0..<Timeline.schedulers).map { "\"\(Timeline.schedulers - $0)\" \($0)" }
    return """
      $t << EOD
      \(rows.joined())EOD
      set title \(Gnuplot.quoted(timeline.policy.rawValue)) offset 0,-0.6
      unset key
      unset grid
      set border 1
      set style fill solid 1 noborder
      set yrange [-0.6:\(Double(Timeline.schedulers) - 0.4)]
      set xrange [0:\((window.upperBound - window.lowerBound) / 1e6)]
      set ytics scale 0 (\(names.joined(separator: ", ")))
      \(isLast ? "set format x \"%g ms\"" : "set format x \"\"")
      set lmargin 4
      set tmargin 1.4
      set bmargin 1.5
      plot $t using 1:2:3:4:5:6:7 with boxxyerror linecolor variable notitle

      """
  }
}
