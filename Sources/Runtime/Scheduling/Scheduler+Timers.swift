import Lanes
import Memory
import Words

extension Scheduler {
  /// How many timers one look lets run out: some 50 µs. If more are due, others get a turn before the next look.
  private static var timersALook: Int { 100 }

  /// Wakes processes whose time has come, and sees whether memory is short.
  @inline(never) func lookAtTimers<Policy: SchedulingPolicy>(_ policy: Policy, _ lane: Policy.Lane) {
    unsafe block.pointee.sinceClock = 0
    unsafe block.pointee.watch(isTight: MemoryAccount.isTight)
    // relaxed: our own thread starts timers; others only cancel, which makes this look in vain.
    let deadline = unsafe block.pointee.nextDeadline.load(ordering: .relaxed)
    if deadline == UInt64.max { return }
    let now = Clock.now()
    if deadline > now { return }
    defer { unsafe block.pointee.steps.step(.timers, nil) }
    var left = Scheduler.timersALook
    while left > 0, let pid = popTimer(now) {
      left -= 1
      // A timer that nobody cancelled in time finds nobody parked, or somebody who looks at the clock and parks again.
      guard let process = unsafe shared.pointee.table.find(pid) else { continue }
      if unsafe process.block.pointee.inbox.unpark() {
        unsafe process.block.pointee.status.store(ProcessStatus.runnable.rawValue, ordering: .relaxed)
        if unsafe block.pointee.isAudited { unsafe shared.pointee.audit?.pointee.madeRunnable(process) }
        policy.expired(process.address, lane)
      }
    }
    if left == 0 { unsafe block.pointee.sinceClock = Scheduler.clockInterval }
  }

  private func popTimer(_ now: UInt64) -> Word? {
    unsafe block.pointee.timerLock.lock()
    defer { unsafe block.pointee.timerLock.unlock() }
    defer { unsafe Scheduler.noteDeadline(block) }
    let timers = unsafe block.pointee.timers
    guard let timer = unsafe timers.pointee.popExpired(at: now) else { return nil }
    unsafe shared.pointee.timers.wrappingSubtract(1, ordering: .sequentiallyConsistent)
    return Word(bits: UInt64(timer.first))
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
