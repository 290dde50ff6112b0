import CLinux

/// What to do about a scheduler whose thread has lost its processor.
///
/// What waits in its ring, its timers (`lookAtNeighbour`) and its wake slot others can take, and do. Whom it runs is its own,
/// and would wait until the system comes back to that thread, which may take many milliseconds. But it is the thread that
/// lacks a processor, not the process. So the scheduler before it sleeps for a moment: its processor has nothing to do
/// then, and the system moves the waiting thread there. What the two did is done by that one processor from then on, in
/// turns, until the other is free again.
extension Scheduler {
  /// How long, in microseconds. The system adds up to 50.
  private static var makingWay: UInt32 { 50 }
  /// How long a thread must not have used its processor, in nanoseconds, to be known to have none.
  private static var proof: UInt64 { 10_000 }

  /// Looks at the scheduler after this one, relieves it if it stands still, and makes way for it if it is stalled.
  func lookForStall<Policy: SchedulingPolicy>(_ policy: Policy, _ lane: Policy.Lane) {
    let next = unsafe shared.pointee.blocks[(block.pointee.index + 1) % shared.pointee.idle.count]
    // relaxed, both: hints.
    let turns = unsafe next.pointee.switches.load(ordering: .relaxed)
    let isAway = unsafe next.pointee.isAway.load(ordering: .relaxed)
    let isStalled = unsafe block.pointee.stalls.looks(at: turns, isAway: isAway, now: Clock.now())
    if unsafe block.pointee.stalls.sawStandstill { policy.relieve(unsafe next.pointee.index, lane) }
    guard isStalled else { return }
    let clock = unsafe next.pointee.threadClock.load(ordering: .relaxed)
    guard isOffProcessor(clock) else { return }
    ludi_sleep_microseconds(Scheduler.makingWay)
    unsafe block.pointee.stalls.wasAway()
  }

  /// Whether the thread with this clock has none; false also if it is in a long step.
  private func isOffProcessor(_ clock: Int32) -> Bool {
    let used = ludi_nanoseconds_of(clock)
    let start = Clock.now()
    while Clock.now() - start < Scheduler.proof { ludi_spin_hint() }
    return ludi_nanoseconds_of(clock) == used
  }
}
