import CLinux
import Lanes
import Memory
import Words

/// One OS thread that runs processes: it takes the next one, lets it run for a slice, and puts it where it belongs.
///
/// Where it looks, in order: timers that are due; every so often the injection queue; the wake slot; its own ring; the
/// injection queue; the rings of others. Then it sleeps (`IdleSchedulers` keeps at most one searching).
@safe struct Scheduler {
  let block: UnsafeMutablePointer<SchedulerBlock>
  let machine: VirtualMachine

  /// Reductions of a slice: about 40 µs of bytecode, so that a thousand busy processes still turn over in 40 ms.
  static let slice = 4000
  /// Turns of the wake slot in a row. Two processes that only talk to each other share 16 turns, then others go first.
  static let wakeLimit = 16
  /// The injection queue is looked at first every so many turns (a prime, so that it falls in step with nothing).
  static let injectInterval = 61
  /// Reductions after which the clock is looked at for timers: about 20 µs. A turn counts for at least `turnCharge`.
  static let clockInterval = 2000
  static let turnCharge = 16
  /// Rounds over all other rings before a searching scheduler gives up.
  static let searchRounds = 4

  var shared: UnsafeMutablePointer<SharedState> { unsafe block.pointee.shared }

  /// Turns until the program is over. `isSearching` is this scheduler's right to be the one that searches.
  func run() {
    var isSearching = false
    // relaxed: a scheduler that sees it late stops late.
    while !(unsafe shared.pointee.isStopping.load(ordering: .relaxed)) {
      if let process = next() ?? (isSearching ? steal() : nil) {
        if isSearching { unsafe shared.pointee.idle.endSearch() }
        isSearching = false
        Slice.run(process, self)
      } else if unsafe !isSearching && shared.pointee.idle.tryBeginSearch() {
        isSearching = true
      } else {
        isSearching = sleep(isSearching)
      }
    }
  }

  // MARK: Choosing

  @inline(__always) private func next() -> Process? {
    unsafe block.pointee.turnsToInject &-= 1
    if unsafe block.pointee.sinceClock >= Scheduler.clockInterval { lookAtTimers() }
    if unsafe block.pointee.turnsToInject <= 0 {
      unsafe block.pointee.turnsToInject = Scheduler.injectInterval
      if let address = unsafe shared.pointee.inject.pop() { return Process(queued: address) }
    }
    if let process = takeWakeSlot() { return process }
    if let address = unsafe block.pointee.ring.pop() {
      unsafe block.pointee.wakeTurns = 0
      return Process(queued: address)
    }
    let wakeSlot = unsafe block.pointee.wakeSlot
    if wakeSlot != 0 {
      unsafe block.pointee.wakeSlot = 0
      // Nobody else waits here: the turns begin anew.
      unsafe block.pointee.wakeTurns = 0
      return Process(queued: wakeSlot)
    }
    if let address = unsafe shared.pointee.inject.pop(upTo: 64, into: block.pointee.ring) {
      return Process(queued: address)
    }
    return nil
  }

  @inline(__always) private func takeWakeSlot() -> Process? {
    let address = unsafe block.pointee.wakeSlot
    guard address != 0, unsafe block.pointee.wakeTurns < Scheduler.wakeLimit else { return nil }
    unsafe block.pointee.wakeSlot = 0
    unsafe block.pointee.wakeTurns += 1
    return Process(queued: address)
  }

  private func steal() -> Process? {
    let count = unsafe shared.pointee.idle.count
    guard count > 1 else { return nil }
    for _ in 0..<Scheduler.searchRounds {
      let start = Int(truncatingIfNeeded: nextRandom() >> 33)
      for k in 0..<count {
        let victim = (start + k) % count
        if unsafe victim == block.pointee.index { continue }
        if let address = unsafe shared.pointee.thieves[victim].steal(into: block.pointee.ring) {
          unsafe block.pointee.steals += 1
          return Process(queued: address)
        }
      }
      if let address = unsafe shared.pointee.inject.pop() { return Process(queued: address) }
      ludi_spin_hint()
    }
    return nil
  }

  private func nextRandom() -> UInt64 {
    var x = unsafe block.pointee.random
    x ^= x << 13
    x ^= x >> 7
    x ^= x << 17
    unsafe block.pointee.random = x
    return x
  }

  // MARK: Sleeping

  /// Sleeps until there is work or a timer is due; tells whether it has been woken to search.
  private func sleep(_ isSearching: Bool) -> Bool {
    let index = unsafe block.pointee.index
    Output.flush()
    unsafe shared.pointee.idle.prepareSleep(index, searching: isSearching)
    if seesWork() { return unsafe !shared.pointee.idle.cancelSleep(index) }
    if isDeadlocked() { machine.endDeadlocked() }
    unsafe block.pointee.parks += 1
    unsafe block.pointee.sinceClock = Scheduler.clockInterval
    return unsafe shared.pointee.idle.sleep(index, nanoseconds: timeToNextTimer()) == .called
  }

  private func seesWork() -> Bool {
    if unsafe !shared.pointee.inject.isEmpty || shared.pointee.isStopping.load(ordering: .acquiring) {
      return true
    }
    for k in 0..<(unsafe shared.pointee.idle.count) {
      if unsafe !shared.pointee.thieves[k].isEmpty { return true }
    }
    return unsafe block.pointee.wakeSlot != 0
  }

  /// Nothing runs, nothing can run, and no timer will change that.
  private func isDeadlocked() -> Bool {
    let load = unsafe shared.pointee.idle.load
    return unsafe load.sleeping == shared.pointee.idle.count
      && shared.pointee.timers.load(ordering: .sequentiallyConsistent) == 0
      && shared.pointee.alive.load(ordering: .sequentiallyConsistent) > 0
  }

  private func timeToNextTimer() -> Int64 {
    let deadline = unsafe block.pointee.nextDeadline.load(ordering: .relaxed)
    if deadline == UInt64.max { return -1 }
    let now = Clock.now()
    return deadline <= now ? 0 : Int64(deadline - now)
  }

  // MARK: Making runnable

  /// A process that was woken by what runs on this scheduler: it goes into the wake slot, whose last tenant goes into the
  /// ring, where others may steal it.
  @inline(never) static func wake(_ process: Process, on block: UnsafeMutablePointer<SchedulerBlock>) {
    unsafe process.block.pointee.status.store(ProcessStatus.runnable.rawValue, ordering: .relaxed)
    let displaced = unsafe block.pointee.wakeSlot
    unsafe block.pointee.wakeSlot = process.address
    if displaced != 0 { unsafe enqueue(Process(queued: displaced), on: block) }
  }

  /// A process that has used its slice goes to the end of the ring. Nobody is woken if it is alone: this scheduler is
  /// about to take it again.
  static func requeue(_ process: Process, on block: UnsafeMutablePointer<SchedulerBlock>) {
    let isAlone = unsafe block.pointee.wakeSlot == 0 && block.pointee.ring.isEmpty
    unsafe block.pointee.ring.push(process.address, overflow: block.pointee.shared.pointee.inject)
    if !isAlone { unsafe block.pointee.shared.pointee.idle.wakeOne() }
  }

  /// Puts a process at the end of the ring, and wakes a sleeper to come and steal.
  static func enqueue(_ process: Process, on block: UnsafeMutablePointer<SchedulerBlock>) {
    unsafe block.pointee.ring.push(process.address, overflow: block.pointee.shared.pointee.inject)
    unsafe block.pointee.shared.pointee.idle.wakeOne()
  }
}
