import Memory
import Synchronization

/// What a simulated run leaves: figures, and, if it was asked for, what happened when.
public struct SimulationReport: Sendable {
  public let statistics: SimulationStatistics
  /// Lines of text: nanoseconds, scheduler, event, the process's slot.
  public let trace: [UInt8]
}

extension VirtualMachine {
  /// Plays the program that was made ready, until it is over.
  func simulate(_ plan: SimulationPlan) -> RunOutcome {
    unsafe shared.state.pointee.isSimulated = true
    Output.waitForReader(true)
    defer { Output.waitForReader(false) }
    policies.start(with: options.policy)
    let program = unsafe SimulatedProgram(machine: self, unsafe: shared.state)
    let statistics = Region.withThread {
      program.play(plan, policy: policies.wanted, slice: options.slice ?? Scheduler.slice)
    }
    Clock.endVirtual()
    simulationReport.withLock { $0 = SimulationReport(statistics: statistics, trace: program.trace) }
    // Nothing is left that could ever happen: that is said when it comes about.
    return outcome ?? .failed
  }

  /// What the simulation has come to; nil unless there was one.
  public var simulation: SimulationReport? { simulationReport.withLock { $0 } }
}
