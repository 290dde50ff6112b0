import Observation
import Platform
import Reports

/// The comparison as it goes on: runs every program under every design, several times in turn, then reports.
struct HeapComparisonRun {
  private let settings: HeapSettings
  private let setups: [HeapSetup]
  /// Seconds that one run may take.
  private static let limit = 300.0

  init(_ settings: HeapSettings) {
    self.settings = settings
    setups = HeapSetup.all(thresholds: settings.thresholds)
  }

  func run() -> ExitStatus {
    guard let program = Folders.program else {
      Terminal.complain("ludi: the system does not tell where this program is")
      return .failure
    }
    let folder: ReportFolder
    do {
      folder = try ReportFolder(settings.folder)
      for workload in settings.workloads {
        try Files.write(workload.source, to: folder.program(workload.name))
      }
    } catch {
      Terminal.complain("ludi: cannot write \(error.path): \(error.reason)")
      return .noOutput
    }
    if let missing = Gnuplot.complaint() {
      Terminal.complain("ludi: \(missing)")
      return .noInput
    }
    Interrupt.listen()
    let figures = measure(program, folder)
    return HeapReport(settings: settings, figures: figures, wasInterrupted: Interrupt.wasRequested)
      .write(to: folder)
  }

  /// Repetitions outermost: what changes on the machine meanwhile meets all designs alike.
  private func measure(_ program: String, _ folder: ReportFolder) -> HeapFigures {
    let total = settings.repetitions * settings.workloads.count * setups.count
    let progress = Progress(total: total)
    var trials: [HeapTrial] = []
    var failures: [String] = []
    var done = 0
    for repetition in 0..<settings.repetitions {
      for workload in settings.workloads {
        for place in setups.indices where !Interrupt.wasRequested {
          // Nobody is always the first.
          let setup = setups[(place + repetition) % setups.count]
          progress.show(done, "\(workload.name), \(setup.shortName)")
          do {
            trials.append(try trial(workload, setup, program, folder))
          } catch  where !Interrupt.wasRequested {
            failures.append("\(workload.name), \(setup.shortName): \(error.message)")
          } catch {}
          done += 1
        }
      }
    }
    progress.end()
    return HeapFigures(
      workloads: settings.workloads, setups: setups, trials: trials, failures: failures)
  }

  private func trial(
    _ workload: HeapWorkload, _ setup: HeapSetup, _ program: String, _ folder: ReportFolder
  ) throws(HeapTrial.Failure) -> HeapTrial {
    let place = folder.path + "/.statistics.json"
    defer { Files.remove(place) }
    var command = [program, "run", "--statistics", place] + setup.options
    if let schedulers = settings.schedulers { command += ["--schedulers", "\(schedulers)"] }
    command += [folder.program(workload.name)]
    var child = ChildProcess(
      command + (settings.isQuick ? workload.quickArguments : workload.arguments), limit: Self.limit)
    child.capturesErrors = true
    child.isCancelled = { Interrupt.wasRequested }
    do {
      let result = try child.run()
      guard result.ending == .exited(0) else {
        throw HeapTrial.Failure(message: "\(Self.words(for: result.ending)) \(result.errors.prefix(300))")
      }
      let json = try JsonReader.read(try Files.read(place))
      guard let statistics = RunStatistics(json) else {
        throw HeapTrial.Failure(message: "its statistics are incomplete")
      }
      return try HeapTrial(workload.name, setup, output: result.output, statistics: statistics)
    } catch let failure as HeapTrial.Failure {
      throw failure
    } catch {
      throw HeapTrial.Failure(message: "\(error)")
    }
  }

  private static func words(for ending: ChildProcess.Ending) -> String {
    switch ending {
    case .exited(let status): "ended with status \(status):"
    case .killed(let signal): "was ended by signal \(signal):"
    case .timedOut: "took more than \(Int(limit)) s"
    case .cancelled: "was interrupted"
    }
  }
}
