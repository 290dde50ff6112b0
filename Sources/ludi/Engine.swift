import Bytecode
import Observation
import Platform
import Reports
import Runtime

/// What `ludi run` was told.
struct RunOptions {
  /// Nil: as many as processors.
  var schedulers: Int?
  /// Nil: run on threads.
  var simulation: SimulationOptions?
  /// Nil: the default.
  var policy: PolicyName?
  var slice: Int?
  var shows = false
  var waitsForAll = false
  var quietExits = false
  /// Where to write what the run has cost.
  var statistics: String?
  /// Where the shared region begins; nil: where it usually does.
  var shareAbove: Int?
  var shareStrings: Int?
  var heap = HeapMode.private
  var interprets = false
  /// Bytes; nil: three quarters of what the system allows.
  var maxMemory: Int?
  /// The program's own arguments.
  var arguments: [String] = []
}

/// Runs a module on the VM.
enum Engine {
  /// Returns when the program has ended and all its output is out. Panics have been reported by then.
  static func run(_ image: CodeImage, prelude: CodeImage, _ options: RunOptions) -> ExitStatus {
    Stream.survivesClosedPipes()
    Output.queue.onFailure { reason in
      Terminal.complain("ludi: cannot write standard output: \(reason)")
      finish(.noOutput)
    }
    Interrupt.ends(withStatus: ExitStatus.interrupted.code) { Output.flush() }
    defer { Output.flush() }
    do {
      let machine = try VirtualMachine(prelude: prelude, options: vmOptions(options))
      let outcome = try machine.run(image, showsValue: options.shows)
      if let place = options.statistics, let failure = write(machine, to: place) { return failure }
      if let report = machine.simulation, let failure = tell(report, options) { return failure }
      return status(of: outcome)
    } catch let error as TooFewThreads {
      Terminal.complain("ludi: \(error)")
      return .system
    } catch {
      Terminal.complain("ludi: \(image.name): \(error)")
      return .badProgram
    }
  }

  /// The figures of a simulation go to standard error, what happened to its file.
  private static func tell(_ report: SimulationReport, _ options: RunOptions) -> ExitStatus? {
    Output.flush()
    Terminal.complain(report.statistics.text)
    guard let place = options.simulation?.trace else { return nil }
    do {
      try Files.write(report.trace, to: place)
      return nil
    } catch {
      Terminal.complain("ludi: cannot write \(place): \(error.reason)")
      return .noOutput
    }
  }

  private static func write(_ machine: VirtualMachine, to place: String) -> ExitStatus? {
    var members = machine.statistics().members
    if let simulation = machine.simulation {
      members.append(.init(key: "simulation", value: SimulationFigures(simulation.statistics).json))
    }
    let text = Json.object(members).text() + "\n"
    do {
      try Files.write(Array(text.utf8), to: place)
      return nil
    } catch {
      Terminal.complain("ludi: cannot write \(place): \(error.reason)")
      return .noOutput
    }
  }

  private static func vmOptions(_ options: RunOptions) -> VMOptions {
    var result = VMOptions()
    result.schedulers = options.schedulers
    if let simulation = options.simulation {
      result.schedulers = simulation.schedulers
      var plan = SimulationPlan(seed: simulation.seed)
      plan.costs.reduction = simulation.reduction ?? plan.costs.reduction
      plan.traces = simulation.trace != nil
      result.simulation = plan
    }
    result.policy = options.policy
    result.slice = options.slice
    result.arguments = options.arguments
    result.shareAbove = options.shareAbove ?? result.shareAbove
    result.shareStrings = options.shareStrings ?? result.shareStrings
    result.heap = options.heap
    result.interprets = options.interprets
    result.maxMemory = options.maxMemory
    result.quietExits = options.quietExits
    result.waitsForAll = options.waitsForAll
    return result
  }

  private static func status(of outcome: RunOutcome) -> ExitStatus {
    switch outcome {
    case .finished(let shown):
      if let shown {
        Output.queue.append(line: shown)
      }
      return .success
    case .exited(let status): return ExitStatus(code: Int32(status))
    case .failed: return .panicked
    }
  }
}
