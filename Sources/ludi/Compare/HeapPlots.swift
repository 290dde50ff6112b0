import Reports

/// The report's plots, as gnuplot scripts: each has its data in it.
struct HeapPlots {
  let figures: HeapFigures

  var all: [Plot] {
    [throughput, pauses, memory, collections, sending].compactMap { $0 }
  }

  /// The programs that were measured under every design that a plot compares.
  private var workloads: [Workload] {
    figures.workloads.filter { figures.measurement($0, figures.setups[0]) != nil }
  }

  // MARK: Bars

  private var throughput: Plot? {
    guard let reference = figures.reference else { return nil }
    let script = bars(
      label: "times the throughput of private \(reference.threshold ?? 0)", isLogarithmic: false,
      extra:
        "set yrange [0:*]\nset arrow from graph 0, first 1 to graph 1, first 1 nohead lc '#555555' dt 3\n"
    ) { workload, measured in
      guard let base = figures.measurement(workload, reference)?.throughput.median, base > 0 else {
        return nil
      }
      return measured.throughput.map { $0 / base }
    }
    guard let script else { return nil }
    return Plot(
      name: "throughput", heading: "Throughput", script: script,
      caption:
        "Operations a second, beside those of private heaps with the usual threshold (the dotted line). "
        + "Higher is better. Bars are medians, whiskers reach from the lowest to the highest repetition.")
  }

  private var memory: Plot? {
    let script = bars(label: "MB resident at most", isLogarithmic: true) { _, measured in
      measured.peakBytes.map { $0 / 1e6 }
    }
    guard let script else { return nil }
    return Plot(
      name: "memory", heading: "Peak memory", script: script,
      caption:
        "The most memory that a program had resident, all of the VM included. Lower is better; the scale is "
        + "logarithmic.")
  }

  /// Grouped bars: a group for each program, a bar for each design. Nil: there is nothing to show.
  private func bars(
    label: String, isLogarithmic: Bool, extra: String = "", title: String? = nil,
    _ value: @escaping (Workload, HeapMeasurement) -> Sample?
  ) -> String? {
    let workloads = workloads
    return BarChart(
      groups: workloads.map(\.name),
      series: figures.setups.map { ($0.shortName, color($0)) },
      label: label, isLogarithmic: isLogarithmic, extra: extra, title: title
    ) { group, index in
      let workload = workloads[group]
      return figures.measurement(workload, figures.setups[index]).flatMap { value(workload, $0) }
    }.script
  }

  /// Each design keeps its colour in all plots: the single heap the second, private heaps all others.
  private func color(_ setup: HeapSetup) -> Int {
    if setup.design == .single { return 2 }
    if setup == figures.reference { return 1 }
    let others = figures.setups.filter { $0.design == .private && $0 != figures.reference }
    return [6, 3, 5, 4, 7, 8][(others.firstIndex(of: setup) ?? 0) % 6]
  }

  private var collections: Plot? {
    let reference = bars(
      label: "private collections", isLogarithmic: true, title: "Collections of private heaps"
    ) { _, measured in measured.collectionCount }
    let stops = bars(label: "stops", isLogarithmic: true, title: "Stops of the world for the region (Boehm)")
    {
      _, measured in measured.stopCount
    }
    return Plot.panels(
      [reference, stops].compactMap { $0 }, name: "collections", heading: "How often is collected",
      height: 320,
      caption:
        "Collections of single private heaps stop one process each; a stop of the world stops all. No bar: "
        + "there was none. The scale is logarithmic.")
  }

  // MARK: Pauses

  private var pauses: Plot? {
    guard let reference = figures.reference, let single = figures.single else { return nil }
    var blocks = ["", "", ""]
    var tics: [String] = []
    for (row, workload) in workloads.reversed().enumerated() {
      tics.append("\(Gnuplot.quoted(workload.title)) \(row)")
      let one = figures.measurement(workload, reference)
      let sets = [one?.collections, one?.stops, figures.measurement(workload, single)?.stops]
      for (index, pauses) in sets.enumerated() {
        guard let pauses, !pauses.isEmpty else { continue }
        let height = Double(row) + 0.24 - 0.24 * Double(index)
        blocks[index] +=
          "\(height) \(Double(pauses.quantile(0.5)) / 1e9) \(Double(pauses.quantile(0.99)) / 1e9) \(Double(pauses.max) / 1e9)\n"
      }
    }
    let names = ["collections of private heaps", "stops, private heaps", "stops, single heap"]
    var data = ""
    var series: [String] = []
    for (index, rows) in blocks.enumerated() where !rows.isEmpty {
      data += "$p\(index) << EOD\n\(rows)EOD\n"
      let color = [1, 3, 2][index]
      series.append(
        "$p\(index) using 2:1:($4-$2):(0) with vectors nohead linetype \(color) linewidth 2.2 title \(Gnuplot.quoted(names[index]))"
      )
      series.append("$p\(index) using 2:1 with points linetype \(color) pointtype 7 pointsize 0.6 notitle")
      series.append(
        "$p\(index) using 3:1 with points linetype \(color) pointtype 6 pointsize 0.8 linewidth 1.6 notitle")
      series.append(
        "$p\(index) using 4:1 with points linetype \(color) pointtype 2 pointsize 0.6 linewidth 1.6 notitle")
    }
    if series.isEmpty { return nil }
    let script = """
      \(data)set logscale x
      set micro
      set format x "%.0s %cs"
      set xtics in
      set ytics (\(tics.joined(separator: ", ")))
      set yrange [-0.6:\(Double(workloads.count) - 0.4)]
      set key at screen 0.5, screen 0.985 center top horizontal maxrows 1 width -1
      set tmargin 3
      set xlabel "time that a pause lasts"
      unset grid
      set grid xtics linecolor "#e4e4e4"
      plot \(series.joined(separator: ", \\\n"))

      """
    return Plot(
      name: "pauses", heading: "Pauses", height: 110 + 74 * workloads.count, script: script,
      caption:
        "From the median (dot) over the 99th percentile (ring) to the longest (cross). A collection of a private "
        + "heap holds up one process, a stop all of them. Collections of blocks below 512 words, which take less than a "
        + "microsecond or two, are not timed. Left is better; the scale is logarithmic.")
  }

  // MARK: Sending

  private var sending: Plot? {
    guard let workload = figures.workloads.first(where: { $0.name == "sending" }) else { return nil }
    var data = ""
    var series: [String] = []
    for setup in figures.setups {
      guard let measured = figures.measurement(workload, setup) else { continue }
      for (name, dash) in [("first", 1), ("again", 3)] {
        guard let times = measured.points[name] else { continue }
        let block = "$s\(series.count)"
        data += "\(block) << EOD\n"
        for (size, time) in times.sorted(by: { $0.key < $1.key }) {
          data += "\(size) \(time.median / 1e6) \(time.low / 1e6) \(time.high / 1e6)\n"
        }
        data += "EOD\n"
        let label = "\(setup.shortName), \(name == "first" ? "first time" : "again")"
        series.append(
          "\(block) using 1:2 with linespoints linetype \(color(setup)) dashtype \(dash) title \(Gnuplot.quoted(label))"
        )
      }
    }
    if series.isEmpty { return nil }
    let script = """
      \(data)set logscale xy
      set micro
      set format y "%.0s %cs"
      set format x "%.0s%c"
      set xlabel "numbers in the list"
      set ylabel "time of the send"
      plot \(series.joined(separator: ", \\\n"))

      """
    return Plot(
      name: "sending", heading: "Time to send, by size", height: 520, script: script,
      caption:
        "How long a send takes its sender: a list that is sent for the first time (solid), and the same list once "
        + "more (dotted). Both scales are logarithmic: a line that rises is a copy, a level one passes a reference."
    )
  }
}
