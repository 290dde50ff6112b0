import CLinux
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
    unsafe block.pointee.clockSeen = now
    if deadline > now { return }
    defer { unsafe block.pointee.steps.step(.timers, nil) }
    if unsafe !expire(of: block, dueAt: now, policy, lane) {
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
    lookForStall(policy, lane)
    let other = unsafe shared.pointee.blocks[neighbour]
    // relaxed: whoever sees it late looks again.
    let deadline = unsafe other.pointee.nextDeadline.load(ordering: .relaxed)
    if deadline == UInt64.max { return }
    let now = Clock.now()
    if deadline > now || now - deadline < Scheduler.lateFrom { return }
    _ = unsafe expire(of: other, dueAt: now, policy, lane)
    unsafe block.pointee.steps.step(.timers, nil)
  }

  /// Wakes, on this scheduler, those whose timers of `owner` are due. False: there may be more.
  private func expire<Policy: SchedulingPolicy>(
    of owner: UnsafeMutablePointer<SchedulerBlock>, dueAt now: UInt64, _ policy: Policy, _ lane: Policy.Lane
  ) -> Bool {
    var ended = 0
    if unsafe !block.pointee.metersTimers {
      return unsafe expireTimers(of: owner, dueAt: now, &ended, policy, lane)
    }
    let start = ludi_thread_nanoseconds()
    defer { unsafe block.pointee.timerMeter.haveFired(ended, in: ludi_thread_nanoseconds() &- start) }
    return unsafe expireTimers(of: owner, dueAt: now, &ended, policy, lane)
  }

  /// The same, and adds to `ended` how many timers have run out.
  private func expireTimers<Policy: SchedulingPolicy>(
    of owner: UnsafeMutablePointer<SchedulerBlock>, dueAt now: UInt64, _ ended: inout Int, _ policy: Policy,
    _ lane: Policy.Lane
  ) -> Bool {
    var left = Scheduler.timersALook
    while left > 0 {
      let isDone = unsafe takeTimers(of: owner, dueAt: now, &left, &ended)
      // By itself, without an atomic step in between: then the processor looks for many of them at once.
      for place in 0..<(unsafe block.pointee.due.count) {
        unsafe Process(queued: block.pointee.due.tasks[place]).expectMemory()
      }
      for place in 0..<(unsafe block.pointee.due.count) {
        let process = unsafe Process(queued: block.pointee.due.tasks[place])
        unsafe process.block.pointee.status.store(ProcessStatus.runnable.rawValue, ordering: .relaxed)
        if unsafe block.pointee.isAudited { unsafe shared.pointee.audit?.pointee.madeRunnable(process) }
        policy.expired(process.address, lane)
      }
      if isDone { return true }
    }
    return false
  }

  /// Ends a batch of timers of `owner` that are due; whom they wake, which becomes the caller's to make runnable, is in
  /// `due`. True: no more are due, or their scheduler must see to them.
  private func takeTimers(
    of owner: UnsafeMutablePointer<SchedulerBlock>, dueAt now: UInt64, _ left: inout Int, _ ended: inout Int
  ) -> Bool {
    unsafe block.pointee.due.count = 0
    if unsafe owner == block {
      unsafe owner.pointee.timerLock.lock()
    } else if unsafe !owner.pointee.timerLock.tryLock() {
      return true
    }
    defer { unsafe owner.pointee.timerLock.unlock() }
    let timers = unsafe owner.pointee.timers
    let before = unsafe timers.pointee.count
    let isDone = unsafe takeDue(timers, isOwn: owner == block, now, &left)
    unsafe Scheduler.noteDeadline(owner)
    let gone = unsafe before - timers.pointee.count
    ended += gone
    if gone > 0 { unsafe shared.pointee.timers.wrappingSubtract(gone, ordering: .sequentiallyConsistent) }
    return isDone
  }

  /// As `takeTimers`, under the lock.
  private func takeDue(
    _ timers: UnsafeMutablePointer<TimerWheel>, isOwn: Bool, _ now: UInt64, _ left: inout Int
  ) -> Bool {
    while left > 0 && (unsafe block.pointee.due.count) < DueTasks.capacity {
      switch unsafe timers.pointee.advance(to: now) {
      case .behind:
        // What was moved counts as if it had been due: a look must not take long.
        left = 0
        return false
      case .arrived: unsafe expectNear(timers)
      case .ready: break
      }
      guard let timer = unsafe timers.pointee.firstExpired(at: now) else { return true }
      let process = unsafe shared.pointee.table.find(Word(bits: UInt64(timer.first)))
      let wakes = unsafe process?.block.pointee.inbox.unpark() ?? false
      // It may not have been waiting for this: then it looks at the clock and parks again.
      if !isOwn, !wakes, let process, isParking(process) { return true }
      unsafe timers.pointee.removeFirst()
      left -= 1
      guard wakes, let process else { continue }
      // It is ours, and this was its timer: there is nothing to cancel when it runs.
      unsafe process.block.pointee.timer = 0
      unsafe block.pointee.due.add(process.address)
    }
    return false
  }

  /// Who sleeps for long is in no cache any more: the blocks of those who are to wake soon are asked for.
  private func expectNear(_ timers: UnsafeMutablePointer<TimerWheel>) {
    for place in 0..<min(unsafe timers.pointee.nearCount, DueTasks.expected) {
      let word = unsafe Word(bits: UInt64(timers.pointee.nearWord(place)))
      unsafe shared.pointee.table.process(inSlot: Int(word.immediateValue & 0xFF_FFFF)).expect()
    }
  }

  /// Whether a process that has started a timer, whose lock the caller holds, may have to park yet on its scheduler: then
  /// it needs the timer, for it would wait for ever without.
  private func isParking(_ process: Process) -> Bool {
    // relaxed: what it stored before it started the timer is seen through the lock; `runnable` after that means that
    // somebody has woken it.
    unsafe ProcessStatus(of: process.block.pointee.status.load(ordering: .relaxed)) != .runnable
  }

  /// Starts the timer of a process that is about to sleep with a limit.
  func startTimer(_ process: Process) {
    let deadline = unsafe process.block.pointee.deadline
    guard deadline != 0 else { return }
    unsafe block.pointee.timerLock.lock()
    let timers = unsafe block.pointee.timers
    // The clock was looked at while timers ran; else there was no need to.
    if unsafe timers.pointee.count == 0 { unsafe block.pointee.clockSeen = Clock.now() }
    let handle = unsafe timers.pointee.start(
      deadline: deadline, first: UInt(process.pid.bits), now: block.pointee.clockSeen)
    unsafe Scheduler.noteDeadline(block)
    unsafe block.pointee.timerLock.unlock()
    unsafe shared.pointee.timers.wrappingAdd(1, ordering: .sequentiallyConsistent)
    unsafe process.block.pointee.timer = handle.bits
    unsafe process.block.pointee.timerScheduler = unsafe UInt16(block.pointee.index)
    if unsafe block.pointee.metersTimers {
      unsafe block.pointee.timerMeter.wasSet(since: block.pointee.limitBegan)
    }
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
