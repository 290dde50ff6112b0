// Workers with a ring each: they push, pop, steal from each other and overflow into the inject queue.

import Lanes
import Synchronization

enum RingScenario {
  static func round(seed: UInt64, threads: Int, fault: Fault) -> Int {
    let capacity = [4, 8, 256][Int(seed % 3)]
    // Every other round without the inject queue, whose lock orders threads and so could hide a race.
    let world = RingWorld(
      capacity: capacity, workers: threads, producers: seed & 2 == 0 ? threads : 1, count: 12_000,
      overflows: seed & 1 == 0)
    onThreads(threads) { world.work($0, seed, fault) }
    world.ledger.checkAllSettled(fault)
    return world.ledger.count
  }
}

private final class RingWorld: Sendable {
  let rings: [Shared<RunQueue.Owner>]
  let inject = Shared(InjectQueue(capacity: 4))
  let ledger: Ledger
  let perWorker: Int
  let overflows: Bool
  let settled = Atomic<Int>(0)

  /// With one producer the others live from stealing, also from each other.
  init(capacity: Int, workers: Int, producers: Int, count: Int, overflows: Bool) {
    rings = (0..<workers).map { _ in Shared(RunQueue.Owner(capacity: capacity)) }
    perWorker = count / producers
    ledger = Ledger(count: perWorker * producers)
    self.overflows = overflows
  }

  func work(_ me: Int, _ seed: UInt64, _ fault: Fault) {
    var random = SplitMix(seed: seed, stream: me)
    var next = UInt(me * perWorker) + 1
    let end = min(UInt(ledger.count) + 1, next + UInt(perWorker))
    // relaxed: only tells when to stop; a stronger order would itself order the threads.
    while settled.load(ordering: .relaxed) < ledger.count && !fault.happened {
      // A moment in which others may come by, before the next operation orders what this one did.
      dawdle(&random)
      switch random.below(8) {
      case 0...1 where next < end:
        // In bursts, so that a thief finds more than it runs at once, and is robbed in turn.
        for element in next..<min(end, next + 1 + UInt(random.below(16))) {
          ledger.issue(element)
          push(element, me, fault)
          next = element + 1
        }
      case 2: settle(inject.value.pop(upTo: 1 + random.below(4), into: rings[me].value), fault)
      case 3: steal(me, random.below(rings.count), fault)
      default:
        if rings[me].value.isEmpty {
          steal(me, random.below(rings.count), fault)
        } else {
          settle(rings[me].value.pop(), fault)
        }
      }
    }
  }

  private func steal(_ me: Int, _ victim: Int, _ fault: Fault) {
    if victim != me { settle(rings[victim].value.thief.steal(into: rings[me].value), fault) }
  }

  private func push(_ element: UInt, _ me: Int, _ fault: Fault) {
    if overflows { return rings[me].value.push(element, overflow: inject.value) }
    while !rings[me].value.tryPush(element) { settle(rings[me].value.pop(), fault) }
  }

  private func settle(_ element: UInt?, _ fault: Fault) {
    guard let element else { return }
    ledger.settle(element, fault)
    settled.wrappingAdd(1, ordering: .relaxed)  // relaxed: as above
    if element % 1024 == 0 { Watchdog.beat() }
  }
}
