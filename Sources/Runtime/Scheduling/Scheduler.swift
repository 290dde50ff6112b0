import CLinux
import Lanes
import Memory
import Words

/// One OS thread that runs processes: it takes the next one from its policy, lets it run for a slice, and gives it back.
///
/// Where the next one comes from is the policy's business (`SchedulingPolicy`); timers that are due come first. A scheduler
/// without work searches once, and then sleeps (`IdleSchedulers` keeps at most one searching). The loop is compiled for
/// each policy, so that none pays for the others; when the policy changes, schedulers leave one loop for another
/// (`PolicyControl`).
@safe struct Scheduler {
  let block: UnsafeMutablePointer<SchedulerBlock>
  let machine: VirtualMachine

  /// Reductions of a slice: about 40 µs of bytecode, so that a thousand busy processes still turn over in 40 ms.
  static let slice = 4000
  /// What `--slice` takes. Fewer are mostly changes of process; more would keep others waiting for milliseconds.
  static let sliceRange = 100...100_000
  /// Bytes of a scheduler's stack, whatever is usual here: machine code has a return place of 8 bytes there for each call
  /// of a slice (T5), so at most a tenth of this; the rest is for natives and the collector.
  static let stackSize = 10 * 8 * sliceRange.upperBound
  /// Reductions after which the clock is looked at for timers: about 20 µs. A turn counts for at least `turnCharge`.
  static let clockInterval = 2000
  static let turnCharge = 16

  var shared: UnsafeMutablePointer<SharedState> { unsafe block.pointee.shared }

  /// The default policy, which lives in the schedulers' own blocks.
  @inline(__always) static func stealing(
    _ shared: UnsafeMutablePointer<SharedState>
  ) -> WorkStealing<LiveWorld> {
    unsafe WorkStealing(world: LiveWorld(unsafe: shared))
  }

  @inline(__always) static func lane(
    of block: UnsafeMutablePointer<SchedulerBlock>
  ) -> LanePlace<StealingLane> {
    unsafe LanePlace(unsafe: unsafe withUnsafeMutablePointer(to: &block.pointee.lane) { unsafe $0 })
  }

  /// Turns until the program is over, under whatever policy rules.
  func run() {
    unsafe block.pointee.threadClock.store(ludi_thread_clock(), ordering: .relaxed)
    unsafe block.pointee.isAway.store(false, ordering: .relaxed)
    repeat {
      if let policy = machine.policies.other {
        policy.visit(LoopOfTurns(scheduler: self))
      } else {
        turnByDefault()
      }
    } while machine.policies.meet()
  }

  /// A function of its own, so that what it keeps in registers is all derived from the block.
  @inline(never) private func turnByDefault() {
    unsafe turn(Scheduler.stealing(shared), Scheduler.lane(of: block))
  }

  private struct LoopOfTurns: PolicyVisitor {
    typealias World = LiveWorld
    let scheduler: Scheduler
    @inline(__always) func visit<Policy: SchedulingPolicy>(_ policy: Policy)
    where Policy.World == LiveWorld {
      scheduler.turn(policy, policy.lane(of: unsafe scheduler.block.pointee.index))
    }
  }

  /// Turns until all schedulers are to leave their loops. `isSearching` is this scheduler's right to be the one that
  /// searches.
  @inline(__always) private func turn<Policy: SchedulingPolicy>(_ policy: Policy, _ lane: Policy.Lane)
  where Policy.World == LiveWorld {
    var isSearching = false
    unsafe block.pointee.steps.restart()
    // relaxed: a scheduler that sees it late leaves late.
    while !(unsafe shared.pointee.isLeaving.load(ordering: .relaxed)) {
      if unsafe block.pointee.sinceClock >= Scheduler.clockInterval { lookAtTimers(policy, lane) }
      if !Policy.takesInjected { admit(policy, lane) }
      if let task = policy.next(lane) ?? (isSearching ? policy.steal(lane) : nil) {
        if isSearching { unsafe shared.pointee.idle.endSearch() }
        isSearching = false
        Slice.run(Process(queued: task), self, policy, lane)
      } else if unsafe !isSearching && shared.pointee.idle.tryBeginSearch() {
        isSearching = true
      } else {
        isSearching = sleep(isSearching, policy)
      }
    }
    if isSearching { unsafe shared.pointee.idle.endSearch() }
  }

  /// Hands over what came from outside the schedulers.
  @inline(__always) private func admit<Policy: SchedulingPolicy>(_ policy: Policy, _ lane: Policy.Lane) {
    if let task = unsafe shared.pointee.stealing.inject.pop() { policy.expired(task, lane) }
  }

  // MARK: Sleeping

  /// Sleeps until there is work or a timer is due; tells whether it has been woken to search.
  @inline(never) private func sleep<Policy: SchedulingPolicy>(_ isSearching: Bool, _ policy: Policy) -> Bool {
    let index = unsafe block.pointee.index
    Output.queue.settle()
    unsafe shared.pointee.idle.prepareSleep(index, searching: isSearching)
    if unsafe policy.seesWork || !shared.pointee.stealing.inject.isEmpty
      || shared.pointee.isLeaving.load(ordering: .acquiring)
    {
      // Whoever finds nothing, and may not search while another one does, held nobody up.
      unsafe block.pointee.steps.restart()
      return unsafe !shared.pointee.idle.cancelSleep(index)
    }
    if isDeadlocked() { machine.endDeadlocked() }
    unsafe block.pointee.parks.count()
    unsafe block.pointee.sinceClock = Scheduler.clockInterval
    // relaxed: a neighbour that sees it late takes us for stalled, or awake, a little longer.
    unsafe block.pointee.isAway.store(true, ordering: .relaxed)
    let waking = unsafe shared.pointee.idle.sleep(index, nanoseconds: timeToNextTimer())
    unsafe block.pointee.isAway.store(false, ordering: .relaxed)
    unsafe block.pointee.stalls.wasAway()
    unsafe block.pointee.steps.restart()
    return waking == .called
  }

  /// Nothing runs, nothing can run, and no timer will change that.
  private func isDeadlocked() -> Bool {
    // First of all: a process that a collector gives back is in a queue before it is no longer counted (L2).
    if unsafe shared.pointee.collectors.pending.load(ordering: .sequentiallyConsistent) > 0 { return false }
    let load = unsafe shared.pointee.idle.load
    return unsafe load.sleeping == shared.pointee.idle.count
      && shared.pointee.timers.load(ordering: .sequentiallyConsistent) == 0
      && shared.pointee.alive() > 0
  }

  private func timeToNextTimer() -> Int64 {
    let deadline = unsafe block.pointee.nextDeadline.load(ordering: .relaxed)
    if deadline == UInt64.max { return -1 }
    let now = Clock.now()
    return deadline <= now ? 0 : Int64(deadline - now)
  }

  // MARK: Making runnable (from within a process that runs here, whose code knows no policy)

  /// A process that was sent something by what runs on this scheduler. Whatever is rare is a call at its end, so that the
  /// rest needs no frame.
  @inline(never) static func wake(_ process: Process, on block: UnsafeMutablePointer<SchedulerBlock>) {
    if unsafe block.pointee.isAudited { return unsafe wakeAudited(process, on: block) }
    unsafe run(process, nextOn: block)
  }

  @inline(never) private static func wakeAudited(
    _ process: Process, on block: UnsafeMutablePointer<SchedulerBlock>
  ) {
    if unsafe audits(process, block.pointee.shared) { unsafe run(process, nextOn: block) }
  }

  @inline(__always) private static func run(
    _ process: Process, nextOn block: UnsafeMutablePointer<SchedulerBlock>
  ) {
    unsafe process.block.pointee.status.store(ProcessStatus.runnable.rawValue, ordering: .relaxed)
    let last = unsafe block.pointee.lane.wakeSlot.exchange(for: process.address)
    if unsafe last != 0 || block.pointee.lane.wakeSlot.isClaimed {
      unsafe stealing(block.pointee.shared).passOn(last, displacedBy: process.address, lane(of: block))
    }
  }

  /// Notes that a process is woken; false: a VM that is broken on purpose loses this wake.
  private static func audits(
    _ process: Process, _ shared: UnsafeMutablePointer<SharedState>
  ) -> Bool {
    if unsafe shared.pointee.audit?.pointee.losesWake() == true { return false }
    unsafe shared.pointee.audit?.pointee.madeRunnable(process)
    return true
  }

  /// A new process.
  static func enqueue(_ process: Process, on block: UnsafeMutablePointer<SchedulerBlock>) {
    if unsafe block.pointee.isAudited {
      unsafe block.pointee.shared.pointee.audit?.pointee.madeRunnable(process)
    }
    unsafe stealing(block.pointee.shared).spawned(process.address, lane(of: block))
  }

  /// A process that a thread which is no scheduler has made runnable.
  static func enqueueFromOutside(_ process: Process, _ shared: UnsafeMutablePointer<SharedState>) {
    unsafe shared.pointee.audit?.pointee.madeRunnable(process)
    unsafe shared.pointee.stealing.inject.push(process.address)
    unsafe shared.pointee.idle.wakeOne()
  }
}
