import Lanes
import Memory
import Words

/// One turn of a process on a scheduler.
enum Slice {
  /// What becomes of the process after the machine gave it back.
  private enum Verdict {
    case goOn
    /// It has used its slice.
    case requeue
    /// It waits, or has ended, after so many reductions: nobody may touch it any more.
    case gone(Int)
    /// It has ended, and more turns must give back what is left of it (`Remains`).
    case remains
  }

  /// Lets a process run; then it is the policy's again, or waits, or has ended.
  @inline(__always) static func run<Policy: SchedulingPolicy>(
    _ process: Process, _ scheduler: Scheduler, _ policy: Policy, _ lane: Policy.Lane
  ) {
    let block = unsafe process.block
    unsafe block.pointee.scheduler = unsafe scheduler.block
    unsafe block.pointee.reductions = policy.slice(process.address, lane)
    unsafe scheduler.block.pointee.switches.count()
    switch begin(process, scheduler, policy, lane) {
    case .runs: break
    case .gone: return policy.stopped(lane)
    case .takesIn: return requeue(takingIn: process, scheduler, policy, lane)
    case .remains: return requeue(ended: process, scheduler, policy, lane)
    }
    while true {
      let translation = unsafe scheduler.block.pointee.translation
      let pause = translation == 0 ? Machine.run(process) : Translation.run(process, translation)
      if pause == .waiting {
        let used = unsafe policy.slice(process.address, lane) &- block.pointee.reductions
        if used >= (unsafe scheduler.block.pointee.timedFrom) { turnEnds(process, used: used, waits: true) }
        policy.pausing(process.address, used: used, lane)
        if parkAtOnce(process) {
          count(used, scheduler)
          return policy.stopped(lane)
        }
      }
      let slice = policy.slice(process.address, lane)
      switch after(pause, process, scheduler, slice) {
      case .goOn: continue
      case .requeue:
        count(slice, scheduler)
        let used = unsafe slice &- block.pointee.reductions
        if used >= (unsafe scheduler.block.pointee.timedFrom) {
          turnEnds(process, used: used, waits: false)
          if keepsScheduler(process, scheduler, slice) { continue }
        }
        unsafe block.pointee.status.store(
          Pressure.status(.runnable, messages: block.pointee.messageCount), ordering: .relaxed)
        return policy.preempted(process.address, used: used, lane)
      case .gone(let used):
        count(used, scheduler)
        return policy.stopped(lane)
      case .remains: return requeue(ended: process, scheduler, policy, lane)
      }
    }
  }

  /// A turn is over that was long enough to be timed, or is audited; nobody else has the process yet.
  @inline(never) private static func turnEnds(_ process: Process, used: Int, waits: Bool) {
    let scheduler = unsafe process.scheduler
    // It ends at its next safepoint, which it may never come to if it waits: then it does not ask for more, either.
    if unsafe scheduler.pointee.pool.takeShortage() { process.heap.markExhausted() }
    unsafe scheduler.pointee.steps.step(.turn, process)
    unsafe scheduler.pointee.shared.pointee.audit?.pointee.turnEnds(process, used: used, waits: waits)
  }

  /// A VM that never preempts, which is broken on purpose, lets the process go on with a new slice.
  @inline(never) private static func keepsScheduler(
    _ process: Process, _ scheduler: Scheduler, _ slice: Int
  ) -> Bool {
    guard unsafe scheduler.shared.pointee.audit?.pointee.sabotage == .neverPreempts else { return false }
    unsafe process.block.pointee.reductions = slice
    return true
  }

  /// The rare beginnings: the VM is audited, or collects whenever it can. False: the process is held off the run queues,
  /// and no longer the caller's.
  @inline(never) private static func beginWatched<Policy: SchedulingPolicy>(
    _ process: Process, _ scheduler: Scheduler, _ policy: Policy, _ lane: Policy.Lane
  ) -> Bool {
    let block = unsafe process.block
    if Torture.isDue(process.heap) { process.heap.requestCollection() }
    guard let audit = unsafe scheduler.shared.pointee.audit else { return true }
    unsafe audit.pointee.turnBegins(
      process, isFirst: block.pointee.pc == Boot.code, on: scheduler.block.pointee.index)
    guard let suspensions = unsafe audit.pointee.suspensions else { return true }
    // As if it waited; before it is given away.
    policy.pausing(process.address, used: 0, lane)
    return unsafe !suspensions.takes(process, scheduler.shared)
  }

  private static func count(_ used: Int, _ scheduler: Scheduler) {
    unsafe scheduler.block.pointee.sinceClock &+= used &+ Scheduler.turnCharge
  }

  /// How a turn begins.
  private enum Beginning {
    case runs
    /// The process has ended, or is held back: nobody may touch it any more.
    case gone
    /// It has a long inbox to take in, which is all that it does in this turn.
    case takesIn
    /// It has ended, and there is more to give back.
    case remains
  }

  /// A turn in which a process has taken in part of a long inbox, which counts as a whole slice.
  @inline(never) private static func requeue<Policy: SchedulingPolicy>(
    takingIn process: Process, _ scheduler: Scheduler, _ policy: Policy, _ lane: Policy.Lane
  ) {
    let slice = policy.slice(process.address, lane)
    count(slice, scheduler)
    turnEnds(process, used: slice, waits: false)
    // At least so much lies there.
    let messages = unsafe max(process.block.pointee.messageCount, UInt32(LongInbox.cellsATurn))
    unsafe process.block.pointee.status.store(
      Pressure.status(.runnable, messages: messages), ordering: .relaxed)
    policy.preempted(process.address, used: slice, lane)
  }

  /// A step of the end of a process, which counts as a whole slice as well. It stays what it is for all others: ended.
  @inline(never) private static func requeue<Policy: SchedulingPolicy>(
    ended process: Process, _ scheduler: Scheduler, _ policy: Policy, _ lane: Policy.Lane
  ) {
    let slice = policy.slice(process.address, lane)
    count(slice, scheduler)
    unsafe scheduler.block.pointee.steps.step(.ending, nil)
    policy.preempted(process.address, used: slice, lane)
  }

  /// Signals first; a new process gets its block.
  @inline(__always) private static func begin<Policy: SchedulingPolicy>(
    _ process: Process, _ scheduler: Scheduler, _ policy: Policy, _ lane: Policy.Lane
  ) -> Beginning {
    let block = unsafe process.block
    if unsafe block.pointee.timer != 0 { scheduler.cancelTimer(process) }
    if unsafe block.pointee.heap.base == 0 {
      if unsafe block.pointee.status.load(ordering: .relaxed) == ProcessStatus.ended.rawValue {
        return unsafe Ending.goOn(process, on: scheduler.block) ? .gone : .remains
      }
      guard unsafe Spawning.begin(process, pool: scheduler.block.pointee.pool) else {
        fatalError("out of memory: the system refused the first block of a process")
      }
    }
    unsafe block.pointee.status.store(ProcessStatus.running.rawValue, ordering: .relaxed)
    if unsafe scheduler.block.pointee.isWatched, !beginWatched(process, scheduler, policy, lane) {
      return .gone
    }
    if unsafe block.pointee.isTakingIn {
      if process.takeInMore() { return .runs }
    } else if unsafe block.pointee.inbox.isEmpty || process.drainFilled() {
      return .runs
    }
    if unsafe block.pointee.isTakingIn { return .takesIn }
    return scheduler.machine.end(process, scheduler) ? .gone : .remains
  }

  private static func after(
    _ pause: Step, _ process: Process, _ scheduler: Scheduler, _ slice: Int
  ) -> Verdict {
    let block = unsafe process.block
    switch pause {
    case .next:
      fatalError("the machine stopped without a reason")
    case .entry:
      let entry = unsafe CodeEntry(unsafe: block.pointee.pc.unsafelyUnwrapped)
      unsafe block.pointee.liveRegisters = entry.liveRegisters
      return atSafepoint(process, scheduler, frameSize: entry.frameSize)
    case .loop:
      return atSafepoint(process, scheduler, frameSize: nil)
    case .waiting:
      return park(process, scheduler, slice)
    case .request:
      return fulfil(process, scheduler)
    }
  }

  /// Collects if that is due or the frame does not fit; then the process goes on, or waits for its next slice.
  private static func atSafepoint(_ process: Process, _ scheduler: Scheduler, frameSize: Int?) -> Verdict {
    let block = unsafe process.block
    let end = unsafe UInt(bitPattern: block.pointee.frame) + UInt((frameSize ?? 0) * 8)
    if unsafe block.pointee.heap.wantsCollection || end > block.pointee.heap.top {
      switch Collecting.collect(
        process, frameSize: frameSize, pool: unsafe scheduler.block.pointee.pool,
        mayDefer: unsafe scheduler.shared.pointee.collectors.isOpen)
      {
      case .done: unsafe scheduler.shared.pointee.collectors.tidyLargeBlocks(scheduler.shared)
      case .deferred:
        // It is the scheduler's last look at this turn: it may sleep now.
        unsafe scheduler.block.pointee.steps.step(.turn, process)
        let used = unsafe scheduler.shared.pointee.sliceLength - block.pointee.reductions
        unsafe scheduler.shared.pointee.collectors.submit(process, scheduler.shared)
        return .gone(used)
      case .outOfMemory:
        _ = process.panic("out of memory")
        return Slice.end(process, scheduler)
      }
    } else if unsafe frameSize != nil && end > block.pointee.heap.stackTop {
      unsafe block.pointee.heap.stackTop = end
    }
    return unsafe block.pointee.reductions > 0 ? .goOn : .requeue
  }

  /// The common way to wait: without a limit, and nothing has come meanwhile. False: it is not that.
  @inline(__always) private static func parkAtOnce(_ process: Process) -> Bool {
    let block = unsafe process.block
    guard unsafe block.pointee.deadline == 0 else { return false }
    unsafe block.pointee.status.store(ProcessStatus.waiting.rawValue, ordering: .relaxed)
    return unsafe block.pointee.inbox.tryPark()
  }

  private static func park(_ process: Process, _ scheduler: Scheduler, _ slice: Int) -> Verdict {
    let block = unsafe process.block
    if unsafe block.pointee.deadline != 0 { scheduler.startTimer(process) }
    let used = unsafe slice - block.pointee.reductions
    unsafe block.pointee.status.store(ProcessStatus.waiting.rawValue, ordering: .relaxed)
    // From the moment that this succeeds, another scheduler may run the process.
    if unsafe block.pointee.inbox.tryPark() { return .gone(used) }
    unsafe block.pointee.status.store(ProcessStatus.running.rawValue, ordering: .relaxed)
    scheduler.cancelTimer(process)
    return .goOn
  }

  private static func fulfil(_ process: Process, _ scheduler: Scheduler) -> Verdict {
    let block = unsafe process.block
    let request = unsafe block.pointee.request
    unsafe block.pointee.request = .none
    switch request {
    case .yield: return .requeue
    case .again:
      // Registers are as the instruction found them, and which of them are live, it may not have said.
      if unsafe block.pointee.isTakingIn { return .requeue }
      // A message that is half copied, or a native's half done work, points into the heap: nothing may move yet.
      if let extra = unsafe block.pointee.extra?.takeUnretainedValue(), extra.copy != nil || extra.work != nil
      {
        return .requeue
      }
      // Wanting room is no reason to lose the slice; a long copy has used it up.
      return atSafepoint(process, scheduler, frameSize: nil)
    case .panic, .exit, .finish:
      unsafe block.pointee.request = request
      return Slice.end(process, scheduler)
    case .none, .entered:
      fatalError("the machine stopped without a reason")
    }
  }

  /// Ends a process that has asked to. In an audited VM that is a step by itself.
  private static func end(_ process: Process, _ scheduler: Scheduler) -> Verdict {
    let isAudited = unsafe scheduler.block.pointee.isAudited
    if isAudited { unsafe scheduler.block.pointee.steps.step(.turn, process) }
    guard scheduler.machine.end(process, scheduler) else { return .remains }
    if isAudited { unsafe scheduler.block.pointee.steps.step(.ending, nil) }
    return .gone(0)
  }
}
