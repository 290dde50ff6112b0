import Platform
import Reports

/// The report as a page: what the figures say, the plots, then how it was measured.
struct HeapPage {
  let report: HeapReport

  func html(_ folder: ReportFolder) throws -> String {
    let findings = HeapFindings(figures: report.figures)
    var page = Page(
      title: "Private heaps or one heap",
      lead:
        "The same programs, bytecode and scheduler; only where objects live differs. With private heaps every "
        + "process has a heap of its own, messages are copied, and large values live once in a shared region. "
        + "With the single heap everything lives in that region, and messages pass by reference.")
    page.list(report.warnings, style: "notes")
    page.tiles(findings.tiles)
    page.heading("What the figures say")
    page.verdicts(["program"] + HeapFindings.aspects.map { $0.name }, verdicts(findings))
    page.paragraph("The rule: " + HeapFindings.rule)
    page.list(findings.sentences)
    try page.plots(HeapPlots(figures: report.figures).all, folder)
    page.heading("All figures")
    page.table(HeapReport.heads, report.rows)
    page.paragraph("± is half of what lies between the lowest and the highest repetition, beside the median.")
    method(&page)
    return page.html
  }

  /// A row for each program: who wins by each aspect.
  private func verdicts(_ findings: HeapFindings) -> [(title: String, cells: [(text: String, style: String)])]
  {
    report.figures.workloads.map { workload in
      let cells = HeapFindings.aspects.map { aspect -> (text: String, style: String) in
        let verdict = findings.verdict(workload, aspect)
        let text =
          switch verdict {
          case .one(let ratio): "private " + Standing.times(ratio)
          case .other(let ratio): "single " + Standing.times(ratio)
          case .even: "even"
          case nil: "–"
          }
        return (text, (verdict ?? .even).style)
      }
      return (workload.title, cells)
    }
  }

  private func method(_ page: inout Page) {
    let settings = report.settings
    page.heading("How it was measured")
    page.paragraph(
      "Each program ran \(settings.repetitions) times under each design, each time in a process of its own, in turn, so "
        + "that whatever else the machine did met all designs alike. Each checked its own answer, and all answers were "
        + "compared. Medians are shown. Throughput is what the program measured itself, without its start.")
    page.paragraph("\(Machine.description), \(Machine.date), ludi \(Ludi.version).")
    page.programs(settings.workloads, arguments: report.arguments)
  }
}
