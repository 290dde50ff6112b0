import Reports

/// Lines over a common axis: one for each design.
struct LineChart {
  struct Line {
    let title: String
    /// gnuplot's number of its colour.
    let color: Int
    /// Where, the median, the lowest and the highest.
    let points: [(x: Double, value: Double, low: Double, high: Double)]
  }

  var title = ""
  let x: String
  let y: String
  /// Of the script: scales, ticks, further marks.
  var settings = ""
  /// Whether points are marked.
  var hasPoints = true
  /// More that is drawn, as a part of `plot`.
  var extra = ""
  let lines: [Line]

  /// As far as there are points, so that panels are of one size.
  private var range: String {
    let places = lines.flatMap { $0.points.map(\.x) }
    let (low, high) = (places.min() ?? 0, places.max() ?? 1)
    // A little more, or the last tick would be left out; and gnuplot refuses an empty range.
    return "\(low):\(high > low ? high * 1.02 : low + 1)"
  }

  /// Nil: there is nothing to show.
  var script: String? {
    let lines = lines.filter { !$0.points.isEmpty }
    if lines.isEmpty { return nil }
    var data = ""
    var plots: [String] = []
    for (index, line) in lines.enumerated() {
      let rows = line.points.map { "\($0.x) \($0.value) \($0.low) \($0.high)\n" }
      data += "$l\(index) << EOD\n\(rows.joined())EOD\n"
      plots.append(
        "$l\(index) using 1:2 with \(hasPoints ? "linespoints" : "lines") linetype \(line.color) linewidth 1.5 "
          + "title \(Gnuplot.quoted(line.title))")
    }
    return """
      \(data)set title \(Gnuplot.quoted(title))
      set xlabel \(Gnuplot.quoted(x))
      set ylabel \(Gnuplot.quoted(y))
      set xrange [\(range)]
      set lmargin 11
      set rmargin 4
      \(settings)
      plot \(extra)\(plots.joined(separator: ", \\\n"))

      """
  }
}
