import Lanes
import Memory
import Words

extension Scheduler {
  /// How many timers one look lets run out: some 50 µs. If more are due, others get a turn before the next look.
  private static var timersALook: Int { 100 }

  /// Looks at one's own timers between two looks at another scheduler's: some 150 µs.
  static var neighbourInterval: Int { 4 }
  /// How late a timer must be, in nanoseconds, for another scheduler to let it run out: longer than any slice.
  private static var lateFrom: UInt64 { 200_000 }

  /// Wakes processes whose time has come, and sees whether memory is short.
  @inline(never) func lookAtTimers<Policy: SchedulingPolicy>(_ policy: Policy, _ lane: Policy.Lane) {
    unsafe block.pointee.sinceClock = 0
    unsafe block.pointee.watch(isTight: MemoryAccount.isTight)
    unsafe block.pointee.looksToNeighbour -= 1
    if unsafe block.pointee.looksToNeighbour <= 0 { lookAtNeighbour(policy, lane) }
    // relaxed: our own thread starts timers; others only end them, which makes this look in vain.
    let deadline = unsafe block.pointee.nextDeadline.load(ordering: .relaxed)
    if deadline == UInt64.max { return }
    let now = Clock.now()
    if deadline > now { return }
    defer { unsafe block.pointee.steps.step(.timers, nil) }
    if unsafe !expireTimers(of: block, dueAt: now, policy, lane) {
      unsafe block.pointee.sinceClock = Scheduler.clockInterval
    }
  }

  /// Lets another scheduler's timers run out that are late: the system has taken its thread the processor, or it is in a
  /// long step. Each of us looks at one other at a time, so that it costs the same however many there are.
  private func lookAtNeighbour<Policy: SchedulingPolicy>(_ policy: Policy, _ lane: Policy.Lane) {
    unsafe block.pointee.looksToNeighbour = Scheduler.neighbourInterval
    let (me, count) = unsafe (block.pointee.index, shared.pointee.idle.count)
    var neighbour = unsafe (block.pointee.neighbour + 1) % count
    if neighbour == me { neighbour = (neighbour + 1) % count }
    // Once a round: it looks at all of them.
    if unsafe neighbour <= block.pointee.neighbour { unsafe Spawning.lookForCrowd(block) }
    unsafe block.pointee.neighbour = neighbour
    // Virtual schedulers are never late.
    if unsafe count == 1 || shared.pointee.isSimulated { return }
    lookForStall()
    let other = unsafe shared.pointee.blocks[neighbour]
    // relaxed: whoever sees it late looks again.
    let deadline = unsafe other.pointee.nextDeadline.load(ordering: .relaxed)
    if deadline == UInt64.max { return }
    let now = Clock.now()
    if deadline > now || now - deadline < Scheduler.lateFrom { return }
    _ = unsafe expireTimers(of: other, dueAt: now, policy, lane)
    unsafe block.pointee.steps.step(.timers, nil)
  }

  /// Wakes, on this scheduler, those whose timers of `owner` are due. False: there may be more.
  private func expireTimers<Policy: SchedulingPolicy>(
    of owner: UnsafeMutablePointer<SchedulerBlock>, dueAt now: UInt64, _ policy: Policy, _ lane: Policy.Lane
  ) -> Bool {
    for _ in 0..<Scheduler.timersALook {
      switch unsafe takeTimer(of: owner, dueAt: now) {
      case .nothing: return true
      case .forNobody: continue
      case .wakes(let process):
        unsafe process.block.pointee.status.store(ProcessStatus.runnable.rawValue, ordering: .relaxed)
        if unsafe block.pointee.isAudited { unsafe shared.pointee.audit?.pointee.madeRunnable(process) }
        policy.expired(process.address, lane)
      }
    }
    return false
  }

  private enum TakenTimer {
    /// None is due, or its scheduler must see to it.
    case nothing
    /// Whom it was for is awake.
    case forNobody
    /// It is the caller's to make it runnable. It may not have been waiting for this: then it looks at the clock and parks
    /// again.
    case wakes(Process)
  }

  private func takeTimer(of owner: UnsafeMutablePointer<SchedulerBlock>, dueAt now: UInt64) -> TakenTimer {
    let isOwn = unsafe owner == block
    if isOwn {
      unsafe owner.pointee.timerLock.lock()
    } else if unsafe !owner.pointee.timerLock.tryLock() {
      return .nothing
    }
    defer { unsafe owner.pointee.timerLock.unlock() }
    let timers = unsafe owner.pointee.timers
    guard let timer = unsafe timers.pointee.firstExpired(at: now) else { return .nothing }
    let process = unsafe shared.pointee.table.find(Word(bits: UInt64(timer.first)))
    let wakes = unsafe process?.block.pointee.inbox.unpark() ?? false
    if !isOwn, !wakes, let process, isParking(process) { return .nothing }
    _ = unsafe timers.pointee.popExpired(at: now)
    unsafe Scheduler.noteDeadline(owner)
    unsafe shared.pointee.timers.wrappingSubtract(1, ordering: .sequentiallyConsistent)
    unsafe expectNext(of: owner, dueAt: now)
    guard wakes, let process else { return .forNobody }
    // It is ours, and this was its timer: there is nothing to cancel when it runs.
    unsafe process.block.pointee.timer = 0
    return .wakes(process)
  }

  /// Who sleeps for long is in no cache any more: the next one's block is asked for while this one is put into its queue.
  private func expectNext(of owner: UnsafeMutablePointer<SchedulerBlock>, dueAt now: UInt64) {
    let timers = unsafe owner.pointee.timers
    guard let next = unsafe timers.pointee.firstExpired(at: now) else { return }
    let slot = Int(Word(bits: UInt64(next.first)).immediateValue & 0xFF_FFFF)
    unsafe shared.pointee.table.process(inSlot: slot).expect()
  }

  /// Whether a process that has started a timer, whose lock the caller holds, may have to park yet on its scheduler: then
  /// it needs the timer, for it would wait for ever without.
  private func isParking(_ process: Process) -> Bool {
    // relaxed: what it stored before it started the timer is seen through the lock; `runnable` after that means that
    // somebody has woken it.
    unsafe process.block.pointee.status.load(ordering: .relaxed) != ProcessStatus.runnable.rawValue
  }

  /// Starts the timer of a process that is about to sleep with a limit.
  func startTimer(_ process: Process) {
    let deadline = unsafe process.block.pointee.deadline
    guard deadline != 0 else { return }
    unsafe block.pointee.timerLock.lock()
    let timers = unsafe block.pointee.timers
    let handle = unsafe timers.pointee.start(
      deadline: deadline, first: UInt(process.pid.bits), second: 0)
    unsafe Scheduler.noteDeadline(block)
    unsafe block.pointee.timerLock.unlock()
    unsafe shared.pointee.timers.wrappingAdd(1, ordering: .sequentiallyConsistent)
    unsafe process.block.pointee.timer = handle.bits
    unsafe process.block.pointee.timerScheduler = unsafe UInt16(block.pointee.index)
  }

  /// Ends the timer of a process that was woken before its time, on whichever scheduler it runs.
  func cancelTimer(_ process: Process) {
    let timer = unsafe process.block.pointee.timer
    guard timer != 0 else { return }
    unsafe process.block.pointee.timer = 0
    let owner = unsafe shared.pointee.blocks[Int(process.block.pointee.timerScheduler)]
    unsafe owner.pointee.timerLock.lock()
    // In two steps: written as one, it counts as a write to the owner's block, which is the owner's alone.
    let timers = unsafe owner.pointee.timers
    let wasRunning = unsafe timers.pointee.cancel(TimerHandle(bits: timer))
    unsafe Scheduler.noteDeadline(owner)
    unsafe owner.pointee.timerLock.unlock()
    if wasRunning { unsafe shared.pointee.timers.wrappingSubtract(1, ordering: .sequentiallyConsistent) }
  }

  /// Keeps a copy of the next deadline that may be read without the lock, which the caller holds.
  private static func noteDeadline(_ block: UnsafeMutablePointer<SchedulerBlock>) {
    unsafe block.pointee.nextDeadline.store(
      block.pointee.timers.pointee.nextDeadline ?? UInt64.max, ordering: .relaxed)
  }
}
