import CLinux
import Observation
import Synchronization

/// What timers have cost a VM that measures them (`VMOptions.metersTimers`).
public struct TimerCosts: Sendable {
  /// Nanoseconds of the wall's clock from the instruction that begins a `receive` with a limit until its timer is in the
  /// wheel.
  public var setting = Distribution()
  /// Timers that ran out, and the nanoseconds of processor time from each look at the wheel until all whom it woke were in
  /// a run queue.
  public var fired: UInt64 = 0
  public var firing: UInt64 = 0

  /// Nanoseconds a timer; 0 if none ran out.
  public var meanFiring: Double { fired == 0 ? 0 : Double(firing) / Double(fired) }
}

/// What a scheduler writes down for `TimerCosts`. Its thread alone writes.
struct TimerMeter: ~Copyable {
  let setting = Histogram()
  // Atomic, so that anybody may read them.
  private let fired = Atomic<UInt64>(0)
  private let firing = Atomic<UInt64>(0)

  /// A timer is in the wheel for a `receive` that began then.
  @inline(never) func wasSet(since start: UInt64) { setting.record(ludi_monotonic_nanoseconds() &- start) }

  /// So many timers have run out in so many nanoseconds of the thread's time.
  func haveFired(_ count: Int, in nanoseconds: UInt64) {
    // relaxed: one thread writes, and readers want no exact moment.
    fired.store(fired.load(ordering: .relaxed) &+ UInt64(count), ordering: .relaxed)
    firing.store(firing.load(ordering: .relaxed) &+ nanoseconds, ordering: .relaxed)
  }

  func add(to costs: inout TimerCosts) {
    costs.setting.merge(setting.distribution())
    costs.fired += fired.load(ordering: .relaxed)
    costs.firing += firing.load(ordering: .relaxed)
  }
}

extension VirtualMachine {
  /// What timers have cost so far; empty unless the VM measures it. Any thread may ask.
  public func timerCosts() -> TimerCosts {
    var costs = TimerCosts()
    for index in 0..<(unsafe shared.state.pointee.idle.count) {
      unsafe shared.state.pointee.blocks[index].pointee.timerMeter.add(to: &costs)
    }
    return costs
  }
}
