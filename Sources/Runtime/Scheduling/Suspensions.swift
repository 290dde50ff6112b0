import CLinux
import Synchronization

/// Processes that are held off the run queues for a while, in a VM whose harness wants to see that nothing depends on when
/// a process gets its turn (`VMOptions.suspends`).
///
/// U1  A process is held where its turn begins: it is in no queue, is not parked, and belongs to this list alone. What it
///     is sent meanwhile waits in its inbox.
/// U2  It is handed back as what has been made runnable from outside, and before it is no longer counted in
///     `CollectorThreads.pending`: so nobody takes the VM for deadlocked.
final class Suspensions: Sendable {
  private struct Held: Sendable {
    let task: PolicyTask
    /// Until when, in nanoseconds of the wall's clock.
    let until: UInt64
  }

  private struct State: Sendable {
    var held: [Held] = []
    /// Turns that could have been held back so far, and those that were.
    var turns: UInt64 = 0
    var count = 0
  }

  /// Every so many turns one is held back. A prime, so that it falls in step with nothing.
  private static let interval: UInt64 = 31
  /// For how long at most, in nanoseconds.
  private static let longest: UInt64 = 8_000_000

  private let seed: UInt64
  private let state = Mutex(State())

  init(seed: UInt64) { self.seed = seed }

  /// How many turns have been held back.
  var count: Int { state.withLock { $0.count } }

  /// A process is about to run. True: it is held, and no longer the caller's.
  func takes(_ process: Process, _ shared: UnsafeMutablePointer<SharedState>) -> Bool {
    let task = process.address
    return state.withLock { state in
      state.turns += 1
      if state.turns % Suspensions.interval != 0 { return false }
      // Before it is in the list (U2). Sequentially consistent: as whatever is pending.
      unsafe shared.pointee.collectors.pending.wrappingAdd(1, ordering: .sequentiallyConsistent)
      let length = SimulationRandom.mixed(seed &+ state.turns) % Suspensions.longest
      state.held.append(Held(task: task, until: ludi_monotonic_nanoseconds() + length))
      state.count += 1
      return true
    }
  }

  /// Hands back those whose time is over. The harness calls it every few milliseconds.
  func release(_ shared: UnsafeMutablePointer<SharedState>) {
    let now = ludi_monotonic_nanoseconds()
    let due = state.withLock { state in
      let due = state.held.filter { $0.until <= now }
      state.held.removeAll { $0.until <= now }
      return due
    }
    for held in due {
      let process = Process(queued: held.task)
      unsafe process.block.pointee.status.store(ProcessStatus.runnable.rawValue, ordering: .relaxed)
      unsafe Scheduler.enqueueFromOutside(process, shared)
      unsafe shared.pointee.collectors.pending.wrappingSubtract(1, ordering: .sequentiallyConsistent)
    }
    // Whoever went to sleep meanwhile and did not end the program because of them looks again.
    if !due.isEmpty { unsafe shared.pointee.idle.wakeOne() }
  }
}
