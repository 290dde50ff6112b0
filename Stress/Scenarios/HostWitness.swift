import CLinux
import Observation
import Platform
import Synchronization

/// How late threads wake that do nothing but sleep for two milliseconds, one on each processor, while something else is
/// measured. They need a processor for some microseconds each time, and have a right to it before the VM's threads where
/// the system allows that (to root); if they do not get it, the host or the system had it.
final class HostWitness: Sendable {
  /// What the threads have seen, and in `gaps` whatever else is known of when processors were away.
  struct Report: Sendable {
    /// Nanoseconds that they woke late, the system's usual delay of timers (some 50 µs) and all, or lost their processor
    /// for.
    var delays = Distribution()
    /// From when until when one of them should have run and did not, ascending, none touching the next.
    private(set) var gaps: [Range<UInt64>] = []

    /// How much of a time lies in gaps.
    func missing(in time: Range<UInt64>) -> UInt64 {
      var low = 0
      var high = gaps.count
      while low < high {
        let middle = (low + high) / 2
        if gaps[middle].upperBound <= time.lowerBound { low = middle + 1 } else { high = middle }
      }
      var sum: UInt64 = 0
      while low < gaps.count, gaps[low].lowerBound < time.upperBound {
        let both = gaps[low].clamped(to: time)
        sum += both.upperBound - both.lowerBound
        low += 1
      }
      return sum
    }

    /// Adds times in which a processor was away.
    mutating func add(_ gaps: [Range<UInt64>]) {
      var all: [Range<UInt64>] = []
      for gap in (self.gaps + gaps).sorted(by: { $0.lowerBound < $1.lowerBound }) {
        if let last = all.last, gap.lowerBound <= last.upperBound {
          all[all.count - 1] = last.lowerBound..<max(last.upperBound, gap.upperBound)
        } else {
          all.append(gap)
        }
      }
      self.gaps = all
    }
  }

  /// From so many nanoseconds on a delay is a gap.
  private static let gapFrom: UInt64 = 200_000
  /// In microseconds. Each waking takes a processor from the VM, which another program may then get: so not more often.
  private static let sleep: UInt32 = 2000

  private let isOver = Atomic<Bool>(false)
  private let report = Mutex(Report())
  private let threads = Mutex<[Thread.Joinable]>([])

  /// Begins to look.
  func start() {
    for place in 0..<Int(ludi_affinity_count()) {
      guard let thread = Thread.startJoinable({ [self] in look(from: place) }) else { continue }
      threads.withLock { $0.append(thread) }
    }
  }

  /// Ends the looking.
  func stop() -> Report {
    isOver.store(true, ordering: .relaxed)
    for thread in threads.withLock({ $0 }) { thread.join() }
    return report.withLock { $0 }
  }

  private func look(from place: Int) {
    guard ludi_stay_on_processor(Int32(place)) == 0 else { return }
    _ = ludi_go_first()
    var delays = Distribution()
    var gaps: [Range<UInt64>] = []
    var last = ludi_monotonic_nanoseconds()
    while !isOver.load(ordering: .relaxed) {
      let now = ludi_monotonic_nanoseconds()
      // It may lose its processor while it runs, too: nobody else can have it then.
      if now - last >= HostWitness.gapFrom {
        gaps.append(last..<now)
        delays.record(now - last)
      }
      let due = now + UInt64(HostWitness.sleep) * 1000
      ludi_sleep_microseconds(HostWitness.sleep)
      // A signal may end a sleep early.
      let woke = max(ludi_monotonic_nanoseconds(), due)
      delays.record(woke - due)
      if woke - due >= HostWitness.gapFrom { gaps.append(due..<woke) }
      last = woke
    }
    let (seen, all) = (delays, gaps)
    report.withLock {
      $0.delays.merge(seen)
      $0.add(all)
    }
  }
}
