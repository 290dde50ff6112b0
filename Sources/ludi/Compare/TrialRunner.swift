import Observation
import Platform
import Reports

/// A run that is to be made: what, under which design, and the arguments of `ludi` for it.
struct Trial<Setup: ComparedSetup> {
  let workload: Workload
  let setup: Setup
  /// The subcommand and its options.
  let command: [String]
  /// The program's own arguments: where they are the same, so must the answers be.
  let arguments: [String]

  var name: String { "\(workload.name), \(setup.shortName)" }

  /// All runs in their order. Repetitions outermost: what changes on the machine meanwhile meets all designs alike; and
  /// nobody is always the first.
  /// - Parameter make: nil: there is no such run
  static func interleaved(
    repetitions: Int, _ workloads: [Workload], _ setups: [Setup],
    _ make: (Workload, Setup, _ repetition: Int) -> Trial?
  ) -> [Trial] {
    (0..<repetitions).flatMap { repetition in
      workloads.flatMap { workload in
        setups.indices.compactMap { place in
          make(workload, setups[(place + repetition) % setups.count], repetition)
        }
      }
    }
  }
}

/// Makes runs one after the other, each in a process of its own, until all are made or the user interrupts.
struct TrialRunner {
  /// This command.
  let program: String
  let folder: ReportFolder
  /// Seconds that one run may take.
  private static let limit = 300.0

  /// What came of runs, in their order, and what went wrong.
  func run<Setup>(_ trials: [Trial<Setup>]) -> (
    runs: [(workload: String, setup: Setup, run: ProgramRun)], failures: [String]
  ) {
    var runs: [(workload: String, setup: Setup, run: ProgramRun)] = []
    var failures: [String] = []
    var answers: [[String]: String] = [:]
    let progress = Progress(total: trials.count)
    for (done, trial) in trials.enumerated() where !Interrupt.wasRequested {
      progress.show(done, trial.name)
      do throws(ProgramRun.Failure) {
        let run = try make(trial)
        let expected = answers[[trial.workload.name] + trial.arguments, default: run.answer]
        answers[[trial.workload.name] + trial.arguments] = expected
        guard run.answer == expected else {
          throw ProgramRun.Failure(message: "the answers differ: \(run.answer), and \(expected) before")
        }
        runs.append((trial.workload.name, trial.setup, run))
      } catch  where !Interrupt.wasRequested {
        failures.append("\(trial.name): \(error.message)")
      } catch {}
    }
    progress.end()
    Files.remove(statistics)
    return (runs, failures)
  }

  /// Where a run leaves its statistics; the next one overwrites them.
  private var statistics: String { folder.path + "/.statistics.json" }

  private func make<Setup>(_ trial: Trial<Setup>) throws(ProgramRun.Failure) -> ProgramRun {
    guard trial.workload.isProgram else {
      return try ProgramRun(simulated: try json(Array(try output(of: trial.command).utf8)))
    }
    let file = folder.program(trial.workload.name)
    let first = [trial.command[0], "--statistics", statistics]
    var run = try ProgramRun(
      output: try output(of: first + trial.command.dropFirst() + [file] + trial.arguments))
    do {
      let json = try json(try Files.read(statistics))
      guard let cost = RunStatistics(json) else {
        throw ProgramRun.Failure(message: "its statistics are incomplete")
      }
      run.statistics = cost
      run.simulation = SimulationFigures(json["simulation"])
      return run
    } catch let failure as ProgramRun.Failure {
      throw failure
    } catch {
      throw ProgramRun.Failure(message: "\(error)")
    }
  }

  private func json(_ text: [UInt8]) throws(ProgramRun.Failure) -> Json {
    do { return try JsonReader.read(text) } catch { throw ProgramRun.Failure(message: "\(error)") }
  }

  /// What a run of this command printed. It is gone if the user interrupts.
  func output(of arguments: [String]) throws(ProgramRun.Failure) -> String {
    var child = ChildProcess([program] + arguments, limit: Self.limit)
    child.capturesErrors = true
    child.isCancelled = { Interrupt.wasRequested }
    do {
      let result = try child.run()
      // A terminal interrupts the child as well, perhaps before us.
      if result.ending.isInterruption { Interrupt.awaitRequest(milliseconds: 1000) }
      guard result.ending == .exited(0) else {
        throw ProgramRun.Failure(message: "\(Self.words(for: result.ending)) \(result.errors.prefix(300))")
      }
      return result.output
    } catch let failure as ProgramRun.Failure {
      throw failure
    } catch {
      throw ProgramRun.Failure(message: "\(error)")
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
