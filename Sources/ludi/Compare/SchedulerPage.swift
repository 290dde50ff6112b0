import Observation
import Reports
import Runtime

/// The report as a page: what the figures say, the plots, then how it was measured.
struct SchedulerPage {
  let report: SchedulerReport
  private var figures: SchedulerFigures { report.figures }
  private var findings: SchedulerFindings { report.findings }

  func html(_ folder: ReportFolder) throws -> String {
    var page = Page(
      title: "Which process runs next?",
      lead:
        "Scheduling policies beside each other: the same programs on the same VM, on threads and on virtual schedulers; "
        + "only who runs when, and where, differs.")
    page.list(report.warnings, style: "notes")
    page.tiles(findings.tiles)
    page.heading("What the figures say")
    verdicts(&page)
    page.paragraph("The rule: " + report.rule)
    page.list(report.sentences)
    try page.plots(SchedulerPlots(report: report).all, folder)
    page.heading("All figures")
    for (title, table) in report.tables {
      page.fold(title) { $0.table(table) }
    }
    method(&page)
    return page.html
  }

  /// A row for each workload, a column for each policy but the one that all are compared with.
  private func verdicts(_ page: inout Page) {
    guard let main = figures.main, let reference = findings.reference, figures.policies.count > 1 else {
      return
    }
    var rows: [(title: String, cells: [(text: String, style: String)])] = []
    for aspect in SchedulerFindings.aspects {
      for workload in figures.workloads(showing: aspect.name) {
        let cells = figures.policies.dropFirst().map { policy in
          cell(findings.verdict(workload, aspect, policy, main), aspect)
        }
        if cells.allSatisfy({ $0.text == "–" }) { continue }
        rows.append(("\(workload.title): \(aspect.name)", cells))
      }
    }
    page.verdicts(
      ["\(main.phrase), beside \(reference.rawValue)"] + figures.policies.dropFirst().map(\.rawValue), rows)
  }

  private func cell(
    _ verdict: Standing?, _ aspect: SchedulerFindings.Aspect
  ) -> (text: String, style: String) {
    let words = aspect.isBetterHigh ? (one: "faster", other: "slower") : (one: "earlier", other: "later")
    switch verdict {
    case .one(let ratio): return ("\(Standing.times(ratio)) \(words.one)", "one")
    case .other(let ratio): return ("\(Standing.times(ratio)) \(words.other)", "other")
    case .even: return ("even", "even")
    case nil: return ("–", "even")
    }
  }

  private func method(_ page: inout Page) {
    let settings = report.settings
    let simulated = min(settings.repetitions, SchedulerComparison.simulatedRepetitions)
    page.heading("How it was measured")
    page.paragraph(
      "On threads each program ran \(settings.repetitions) times under each policy, in the simulator \(simulated) times with "
        + "different seeds from \(settings.seed) on; always in a process of its own, and in turn, so that whatever else the "
        + "machine did met all policies alike. Each checked its own answer, and all answers were compared. Medians are "
        + "shown. Throughput and delays are what the program measured itself. The simulator plays the policies' own code "
        + "in virtual time; what things cost there is a table. Locks and memory bandwidth that schedulers fight for are "
        + "not in it, so a policy with one queue for all looks better with many schedulers than it would be.")
    page.fold("The simulator's costs, in nanoseconds") { page in
      page.table(["step", "ns"], CostModel().table.map { [$0.name, Figures.digits($0.nanoseconds)] })
    }
    page.paragraph("\(Machine.description), \(Machine.date), ludi \(Ludi.version).")
    page.programs(settings.workloads) { workload in
      workload.load?(settings.simulated.last ?? 1, settings.isQuick)
        ?? settings.arguments(of: workload, isSimulated: false)
    }
  }
}
