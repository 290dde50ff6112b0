import CLinux
import Lanes
import Observation
import Synchronization
import Words

/// The schedulers at a moment, for a harness that looks for lost wake-ups.
public struct SchedulersView: Sendable {
  public let count: Int
  public let sleeping: Int
  public let searching: Int
  /// Whether anything lies where an idle scheduler would look.
  public let isWorkQueued: Bool
  /// Turns and parks of all schedulers since the start.
  public let turns: UInt64
  public let parks: UInt64
  /// Processes that have not ended.
  public let alive: Int
}

/// A process that has been found where it should not stay for long.
public struct Suspect: Sendable, Hashable {
  public enum Reason: Sendable {
    /// It waits while its inbox holds something: nobody has woken it.
    case waitsBesideMessages
    /// It is runnable and has waited for its turn for some milliseconds.
    case waitsForTurn
  }
  public let pid: UInt64
  public let reason: Reason
  /// For `waitsForTurn`: since when by the wall's clock, and the busy time that has passed since (nanoseconds).
  public let since: UInt64
  public let busy: UInt64
}

/// What a process has used so far, in an audited VM.
public struct ProcessUse: Sendable {
  public let pid: UInt64
  public let reductions: UInt64
  /// Turns after which it waited.
  public let waits: UInt64
}

/// How long steps held their schedulers.
public struct StepReport: Sendable {
  /// By the wall's clock, in nanoseconds.
  public var gaps = Distribution()
  /// In processor time of the threads; empty unless the VM is audited.
  public var busyGaps = Distribution()
  /// How long the threads had no processor in the midst of a step, where that was 0.1 ms or more; empty unless the VM is
  /// audited.
  public var withheld = Distribution()
  /// When that was, to within a turn; of the first some thousand times.
  public var absences: [Range<UInt64>] = []
  /// Longest first: in processor time in an audited VM, else by the wall's clock.
  public var longest: [LongStep] = []

  public init() {}
}

extension VirtualMachine {
  /// How long steps have held the schedulers so far. Any thread may ask.
  public func stepReport() -> StepReport {
    var report = StepReport()
    for index in 0..<(unsafe shared.state.pointee.idle.count) {
      let block = unsafe shared.state.pointee.blocks[index]
      unsafe report.gaps.merge(block.pointee.steps.gaps.distribution())
      unsafe report.busyGaps.merge(block.pointee.steps.busyGaps.distribution())
      unsafe report.withheld.merge(block.pointee.steps.withheld.distribution())
      unsafe report.absences += block.pointee.steps.absences
      unsafe report.longest += block.pointee.steps.longest
    }
    report.longest.sort { $0.nanoseconds > $1.nanoseconds }
    return report
  }

  /// The schedulers at this moment.
  public func schedulersView() -> SchedulersView {
    let state = unsafe shared.state
    var turns: UInt64 = 0
    var parks: UInt64 = 0
    var isWorkQueued = unsafe !state.pointee.stealing.inject.isEmpty || policies.seesWork
    let count = unsafe state.pointee.idle.count
    for index in 0..<count {
      let block = unsafe state.pointee.blocks[index]
      unsafe turns += block.pointee.switches.load(ordering: .relaxed)
      unsafe parks += block.pointee.parks.load(ordering: .relaxed)
      if unsafe !state.pointee.stealing.thieves[index].isEmpty { isWorkQueued = true }
    }
    let load = unsafe state.pointee.idle.load
    return SchedulersView(
      count: count, sleeping: load.sleeping, searching: load.searching, isWorkQueued: isWorkQueued,
      turns: turns, parks: parks, alive: unsafe state.pointee.alive())
  }

  /// Who waits where.
  public func waitingReport() -> String { unsafe DeadlockReport.text(of: shared.state) }

  // MARK: Audited machines

  /// Lets busy time go on in an audited machine, and whoever has been held back for long enough. One thread calls it, every
  /// few milliseconds.
  public func tick() {
    unsafe shared.state.pointee.audit?.pointee.advance()
    unsafe shared.state.pointee.audit?.pointee.suspensions?.release(shared.state)
  }

  /// How many turns have been held back (`VMOptions.suspends`).
  public var suspensionCount: Int { unsafe shared.state.pointee.audit?.pointee.suspensions?.count ?? 0 }

  /// Processes from `slot` on that may have been forgotten, and where to go on; nil: all slots have been seen.
  public func suspects(from slot: Int, limit: Int) -> (found: [Suspect], next: Int?) {
    guard let audit = unsafe shared.state.pointee.audit else { return ([], nil) }
    var found: [Suspect] = []
    let next = unsafe shared.state.pointee.table.forEach(from: slot, limit: limit) { process in
      let status = unsafe process.block.pointee.status.load(ordering: .relaxed)
      let pid = process.pid
      if status == ProcessStatus.waiting.rawValue, unsafe !process.block.pointee.inbox.isEmpty {
        found.append(Suspect(pid: pid.immediateValue, reason: .waitsBesideMessages, since: 0, busy: 0))
      }
      guard ProcessStatus(of: status) == .runnable else { return }
      let record = unsafe audit.pointee.record(of: pid)
      let since = unsafe record.pointee.runnableSince.load(ordering: .relaxed)
      if since == 0 || ludi_monotonic_nanoseconds() &- since < 20_000_000 { return }
      let tick = unsafe record.pointee.runnableSinceTick.load(ordering: .relaxed)
      let busy = unsafe audit.pointee.busyTime(since: tick)
      found.append(Suspect(pid: pid.immediateValue, reason: .waitsForTurn, since: since, busy: busy))
    }
    return (found, next)
  }

  /// Processes in the table that have not ended, counted one by one: none after a run that waited for all.
  public func processesLeft() -> Int {
    var left = 0
    unsafe shared.state.pointee.table.forEach { process in
      let status = unsafe process.block.pointee.status.load(ordering: .relaxed)
      if status == ProcessStatus.free.rawValue || status == ProcessStatus.ended.rawValue { return }
      // A ref's process waits for updates as long as anybody knows the ref.
      if unsafe !process.block.pointee.isRef { left += 1 }
    }
    return left
  }

  /// What every process that is alive has used so far; at most `limit` of them.
  public func processUse(limit: Int) -> [ProcessUse] {
    guard let audit = unsafe shared.state.pointee.audit else { return [] }
    var found: [ProcessUse] = []
    _ = unsafe shared.state.pointee.table.forEach(from: 0, limit: ProcessTable.maxSlots) { process in
      let status = unsafe process.block.pointee.status.load(ordering: .relaxed)
      let isAlive = status != ProcessStatus.free.rawValue && status != ProcessStatus.ended.rawValue
      guard isAlive, found.count < limit else { return }
      let record = unsafe audit.pointee.record(of: process.pid)
      found.append(
        ProcessUse(
          pid: process.pid.immediateValue,
          reductions: unsafe record.pointee.reductions.load(ordering: .relaxed),
          waits: unsafe record.pointee.waits.load(ordering: .relaxed)))
    }
    return found
  }

  /// How long processes waited for their turns, in nanoseconds of the wall's clock.
  public func queueTimes() -> Distribution {
    var all = Distribution()
    guard let audit = unsafe shared.state.pointee.audit else { return all }
    for index in 0..<(unsafe audit.pointee.schedulers) {
      unsafe all.merge(audit.pointee.queueTimes[index].distribution())
    }
    return all
  }

  /// The longest wait of a runnable process for its turn so far.
  public var longestWait: LongWait? { unsafe shared.state.pointee.audit?.pointee.longestWait.withLock { $0 } }

  /// What no process may do, and one did.
  public var auditComplaint: String? {
    unsafe shared.state.pointee.audit?.pointee.complaint.withLock { $0 }
  }
}
