import CLinux
import Glibc
import Platform
import Synchronization

/// The VM's clock: nanoseconds that never go backwards. And whatever else comes from outside by chance: the time of day and
/// the seeds of random numbers. The simulator puts its own in place of all three, so that a run depends on its seed alone.
enum Clock {
  /// 1 + virtual nanoseconds; 0: the time is real.
  private static let virtualTime = Atomic<UInt64>(0)
  private static let virtualSeed = Atomic<UInt64>(0)
  /// When virtual time begins: the first of January 2000, in milliseconds since 1970.
  private static let virtualEpoch: Int64 = 946_684_800_000

  static func now() -> UInt64 {
    let virtual = virtualTime.load(ordering: .relaxed)
    if virtual != 0 { return virtual - 1 }
    return ludi_monotonic_nanoseconds()
  }

  /// Milliseconds since the beginning of 1970.
  static func milliseconds() -> Int64 {
    let virtual = virtualTime.load(ordering: .relaxed)
    return virtual == 0 ? Environment.milliseconds : virtualEpoch + Int64((virtual - 1) / 1_000_000)
  }

  /// What random numbers begin with that nobody has seeded; never 0.
  static func randomSeed() -> UInt64 {
    if virtualTime.load(ordering: .relaxed) == 0 { return UInt64.random(in: 1...UInt64.max) }
    let next = virtualSeed.wrappingAdd(1, ordering: .relaxed).newValue
    return SimulationRandom.mixed(next) | 1
  }

  // MARK: Virtual time, for the simulator's one thread

  static func beginVirtual(seed: UInt64) {
    virtualSeed.store(SimulationRandom.mixed(seed), ordering: .relaxed)
    virtual(is: 0)
  }

  static func virtual(is nanoseconds: UInt64) { virtualTime.store(nanoseconds + 1, ordering: .relaxed) }

  /// The time is real again.
  static func endVirtual() { virtualTime.store(0, ordering: .relaxed) }
}
