import Reports

/// A plot of a report: its file's name, its size, the script with its data in it, and what stands below it.
struct Plot {
  let name: String
  let heading: String
  var width = 960
  var height = 460
  let script: String
  let caption: String
  /// What the colours mean, if the script has no key: titles, and gnuplot's numbers of the colours.
  var legend: [(title: String, color: Int)] = []

  /// Several plots as one, each with settings of its own. Nil: there are none.
  /// - Parameter height: of a row
  static func panels(
    _ panels: [String], columns: Int = 1, name: String, heading: String, height: Int,
    legend: [(title: String, color: Int)] = [], caption: String
  ) -> Plot? {
    if panels.isEmpty { return nil }
    let columns = min(columns, panels.count)
    let rows = (panels.count + columns - 1) / columns
    return Plot(
      name: name, heading: heading, height: height * rows,
      script: "set multiplot layout \(rows),\(columns)\n"
        + panels.joined(separator: "reset session\n" + Gnuplot.style) + "unset multiplot\n",
      caption: caption, legend: legend)
  }
}

/// Grouped bars with whiskers: a group for each workload, a bar for each design.
struct BarChart {
  let groups: [String]
  /// Titles, and gnuplot's numbers of their colours.
  let series: [(title: String, color: Int)]
  let label: String
  var isLogarithmic = false
  /// More of the script, before the plot.
  var extra = ""
  var title: String?
  /// What a bar shows; nil: there is none.
  let value: (_ group: Int, _ series: Int) -> Sample?

  /// Nil: there is nothing to show.
  var script: String? {
    guard let rows else { return nil }
    let plots = series.enumerated().map { index, series in
      let column = 2 + index * 3
      return "$bars using \(column):\(column + 1):\(column + 2)\(index == 0 ? ":xtic(1)" : "") "
        + "title \(Gnuplot.quoted(series.title)) linetype \(series.color)"
    }
    return """
      $bars << EOD
      \(rows)EOD
      set style data histograms
      set style histogram errorbars gap 1.2 linewidth 0.9
      set errorbars linecolor "#333333"
      set style fill solid 0.9 noborder
      set boxwidth 0.92
      set xrange [-0.6:\(Double(groups.count) - 0.4)]
      unset grid
      set grid ytics linecolor "#e4e4e4"
      set ylabel \(Gnuplot.quoted(label))
      \(title.map { "set title \(Gnuplot.quoted($0))" } ?? "")
      \(isLogarithmic ? "set logscale y" : "")
      \(extra)plot \(plots.joined(separator: ", \\\n"))

      """
  }

  private var rows: String? {
    var rows = ""
    var hasBars = false
    for group in groups.indices {
      rows += Gnuplot.quoted(groups[group])
      for index in series.indices {
        if let sample = value(group, index), !isLogarithmic || sample.low > 0 {
          rows += " \(sample.median) \(sample.low) \(sample.high)"
          hasBars = true
        } else {
          rows += " NaN NaN NaN"
        }
      }
      rows += "\n"
    }
    return hasBars ? rows : nil
  }
}

extension Page {
  /// Draws plots, each with its heading.
  mutating func plots(_ plots: [Plot], _ folder: ReportFolder) throws {
    for plot in plots {
      heading(plot.heading)
      let svg = try Gnuplot.svg(
        plot.script, width: plot.width, height: plot.height, file: folder.plot(plot.name))
      figure(
        svg, caption: plot.caption, legend: plot.legend.map { ($0.title, Gnuplot.color($0.color)) })
    }
  }

  /// What was run, to be looked at when asked for.
  mutating func programs(_ workloads: [Workload], arguments: (Workload) -> [String]) {
    for workload in workloads {
      let call = ["ludi", workload.isProgram ? "run \(workload.name).ld" : "simulate"] + arguments(workload)
      fold("\(workload.title): \(workload.explanation)") { page in
        page.code("\(call.joined(separator: " "))\n\n" + String(decoding: workload.source, as: UTF8.self))
      }
    }
  }
}
