import Glibc
import Observation
import Reports
import Runtime

/// The report's plots, as gnuplot scripts: each has its data in it. Policies keep their colours; what they are stands in
/// the page, above each plot.
struct SchedulerPlots {
  let report: SchedulerReport
  var figures: SchedulerFigures { report.figures }
  var findings: SchedulerFindings { report.findings }

  var all: [Plot] {
    [throughput, delays, fairness, scaling, timeline, prediction].compactMap { $0 }
  }

  var legend: [(title: String, color: Int)] {
    figures.policies.map { ($0.rawValue, $0.color) }
  }

  // MARK: Throughput

  private var throughput: Plot? {
    let machines = figures.real.isEmpty ? [figures.main].compactMap { $0 } : figures.real
    let panels = machines.map { bars(on: $0) } + [speedups]
    return Plot.panels(
      panels.compactMap { $0 }, name: "throughput", heading: "Throughput", height: 330, legend: legend,
      caption:
        "Operations a second, beside those of \(findings.reference?.rawValue ?? "") on as many schedulers (the dotted line); "
        + "then beside those of the same policy on one. Higher is better. Bars are medians, whiskers reach from the lowest to the highest repetition."
    )
  }

  private func bars(on machine: SchedulerSetup.Machine) -> String? {
    let workloads = figures.workloads(showing: "throughput").filter(\.isProgram)
    guard let reference = findings.reference else { return nil }
    return BarChart(
      groups: workloads.map(\.title), series: legend, label: "times \(reference.rawValue)",
      extra: Self.level,
      title: machine.phrase.capitalizedFirst
    ) { group, series in
      guard let base = figures.measurement(workloads[group], reference, machine)?.throughput.median, base > 0
      else { return nil }
      return figures.measurement(workloads[group], figures.policies[series], machine)?.throughput.map {
        $0 / base
      }
    }.script
  }

  /// What several threads do of one.
  private var speedups: String? {
    guard let machine = figures.real.last, machine.schedulers > 1 else { return nil }
    let workloads = figures.workloads(showing: "throughput").filter(\.isProgram)
    return BarChart(
      groups: workloads.map(\.title), series: legend, label: "times one scheduler", extra: Self.level,
      title: "\(machine.phrase.capitalizedFirst), beside one"
    ) { group, series in
      findings.speedup(workloads[group], figures.policies[series], machine)
    }.script
  }

  /// No key, bars from 0 on, and a dotted line at 1.
  private static let level =
    "unset key\nset yrange [0:*]\nset arrow from graph 0, first 1 to graph 1, first 1 nohead lc '#555555' dt 3\n"

  // MARK: Delays

  private var delays: Plot? {
    let workloads = figures.workloads(showing: "delay")
    let panels = workloads.compactMap { workload -> String? in
      let machines = workload.isProgram ? [figures.main].compactMap { $0 } : figures.virtual
      // Neither one nor a thousand virtual schedulers: the one in the middle.
      guard !machines.isEmpty else { return nil }
      return percentiles(workload, machines[machines.count / 2])
    }
    return Plot.panels(
      panels, columns: 2, name: "delays", heading: "Delays", height: 360, legend: legend,
      caption:
        "How long what was waited for took: the share of all delays that was no longer. To the right the scale shows "
        + "more and more of the few long ones; the other scale is logarithmic, too. Lower is better.")
  }

  private static let shares = [
    0, 0.25, 0.5, 0.75, 0.9, 0.95, 0.98, 0.99, 0.995, 0.998, 0.999, 0.9995, 0.9999,
  ]

  private func percentiles(_ workload: Workload, _ machine: SchedulerSetup.Machine) -> String? {
    LineChart(
      title: "\(workload.title), \(machine.phrase)", x: "", y: "",
      settings: """
        unset key
        set logscale y
        set micro
        set format y "%.0s %cs"
        set xtics ("0" 0, "50 %%" 0.301, "90 %%" 1, "99 %%" 2, "99.9 %%" 3, "99.99 %%" 4)
        """, hasPoints: false,
      lines: figures.policies.map { policy in
        let delays = figures.measurement(workload, policy, machine)?.delays ?? Distribution()
        let shares = Self.shares.filter { (1 - $0) * Double(delays.count) >= 1 }
        return LineChart.Line(
          title: policy.rawValue, color: policy.color,
          points: delays.isEmpty
            ? []
            : shares.map { share in
              let delay = max(Double(delays.quantile(share)), 100) / 1e9
              return (-log10(1 - share), delay, delay, delay)
            })
      }
    ).script
  }

  // MARK: Fairness

  private var fairness: Plot? {
    var panels = figures.real.compactMap { shares(on: $0) }
    if let workload = figures.workload("crowd"), let jain = scale(workload, "Jain's index", { $0.jain }) {
      panels.append(jain)
    }
    return Plot.panels(
      panels, columns: panels.count, name: "fairness", heading: "Fairness", height: 360, legend: legend,
      caption:
        "What each of several processes got that only compute, in every repetition: all on the line is fair. With virtual "
        + "schedulers: Jain's index of such processes, which is 1 if all had the same.")
  }

  /// A dot for each process that computes, above its policy.
  private func shares(on machine: SchedulerSetup.Machine) -> String? {
    guard let workload = figures.workload("hogs") else { return nil }
    var data = ""
    var plots: [String] = []
    for (place, policy) in figures.policies.enumerated() {
      guard let shares = figures.measurement(workload, policy, machine)?.shares, !shares.isEmpty else {
        continue
      }
      // Beside each other as far as they are many, so that none hides another.
      let rows = shares.enumerated().map { index, share in
        "\(Double(place) + (Double(index) / Double(max(1, shares.count - 1)) - 0.5) * 0.6) \(share)\n"
      }
      data += "$s\(place) << EOD\n\(rows.joined())EOD\n"
      plots.append("$s\(place) using 1:2 with points linetype \(policy.color) notitle")
    }
    if plots.isEmpty { return nil }
    return """
      \(data)set title \(Gnuplot.quoted("Shares \(machine.phrase)"))
      set ylabel "times the mean"
      unset key
      unset xtics
      set xrange [-0.6:\(Double(figures.policies.count) - 0.4)]
      set yrange [0:*]
      plot 1 with lines linecolor "#555555" dashtype 3 notitle, \(plots.joined(separator: ", \\\n"))

      """
  }

  // MARK: Scaling

  private var scaling: Plot? {
    if figures.virtual.count < 2 { return nil }
    let speedups = ["tokens", "forkjoin", "producer", "rings"].compactMap { name -> String? in
      guard let workload = figures.workload(name) else { return nil }
      return scale(
        workload, "times one scheduler", isLogarithmic: true,
        extra: "x with lines linecolor \"#999999\" dashtype 3 notitle, "
      ) {
        measured in
        findings.speedup(workload, measured.setup.policy, measured.setup.machine) ?? Sample()
      }
    }
    let delays = ["requests", "crowd"].compactMap { name -> String? in
      guard let workload = figures.workload(name) else { return nil }
      return scale(workload, "delay, p99", isTime: true, isLogarithmic: true) {
        $0.latestDelays.map { $0 / 1e9 }
      }
    }
    return Plot.panels(
      speedups + delays, columns: 2, name: "scaling", heading: "Up to a thousand schedulers", height: 360,
      legend: legend,
      caption:
        "On virtual schedulers. Throughput beside that on one: on the dotted line each does as much as a single one. "
        + "Below: delays at p99 of loads that grow with the machine, so that a level line is perfect.")
  }

  /// A figure over the number of virtual schedulers.
  private func scale(
    _ workload: Workload, _ label: String, isTime: Bool = false, isLogarithmic: Bool = false,
    extra: String = "",
    _ value: @escaping (SchedulerMeasurement) -> Sample
  ) -> String? {
    let machines = figures.virtual
    return LineChart(
      title: workload.title, x: "virtual schedulers", y: label,
      settings: """
        unset key
        set logscale x 2
        set xtics (\(machines.map { "\($0.schedulers)" }.joined(separator: ", ")))
        \(isLogarithmic ? "set logscale y \(isTime ? 10 : 2)" : "set yrange [*<0.99:1]\nset format y \"%.3f\"")
        \(isTime ? "set micro\nset format y \"%.0s %cs\"" : "")
        """, extra: extra,
      lines: figures.policies.map { policy in
        LineChart.Line(
          title: policy.rawValue, color: policy.color,
          points: machines.compactMap { machine in
            guard let sample = figures.measurement(workload, policy, machine).map(value), sample.median > 0
            else { return nil }
            return (Double(machine.schedulers), sample.median, sample.low, sample.high)
          })
      }
    ).script
  }

  // MARK: Prediction

  private var prediction: Plot? {
    guard let reference = findings.reference, !figures.virtual.isEmpty else { return nil }
    let workloads = figures.workloads(showing: "throughput").filter(\.isProgram)
    let panels = figures.real.compactMap { machine in
      BarChart(
        groups: workloads.map(\.title), series: legend, label: "simulated / real",
        extra: Self.level,
        title: machine.phrase.capitalizedFirst
      ) { group, series in
        findings.prediction(workloads[group], figures.policies[series], machine)
      }.script
    }
    return Plot.panels(
      panels, name: "prediction", heading: "How well the simulation predicts", height: 300, legend: legend,
      caption:
        "Throughput in the simulator beside that on threads, on as many schedulers; \(reference.rawValue) is what its costs "
        + "were calibrated with. On the dotted line it is exact, above it the simulator is too fast.")
  }
}
