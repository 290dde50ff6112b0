// Workers with a deque each: they push and pop at their bottoms and steal from each other's tops.

import Lanes
import Synchronization

enum DequeScenario {
  static func round(seed: UInt64, threads: Int, fault: Fault) -> Int {
    // Small arrays, so that they grow while thieves read them.
    let world = DequeWorld(workers: threads, producers: seed & 1 == 0 ? threads : 1, count: 12_000)
    onThreads(threads) { world.work($0, seed, fault) }
    world.ledger.checkAllSettled(fault)
    for deque in world.deques { fault.check(deque.value.isEmpty, "\(deque.value.count) left") }
    return world.ledger.count
  }
}

private final class DequeWorld: Sendable {
  let deques: [Shared<StealDeque>]
  let ledger: Ledger
  let perWorker: Int
  let settled = Atomic<Int>(0)

  /// With one producer the others live from stealing.
  init(workers: Int, producers: Int, count: Int) {
    deques = (0..<workers).map { _ in Shared(StealDeque(capacity: 2)) }
    perWorker = count / producers
    ledger = Ledger(count: perWorker * producers)
  }

  func work(_ me: Int, _ seed: UInt64, _ fault: Fault) {
    var random = SplitMix(seed: seed, stream: me)
    var next = UInt(me * perWorker) + 1
    let end = min(UInt(ledger.count) + 1, next + UInt(perWorker))
    // relaxed: only tells when to stop; a stronger order would itself order the threads.
    while settled.load(ordering: .relaxed) < ledger.count && !fault.happened {
      dawdle(&random)
      switch random.below(8) {
      case 0...2 where next < end:
        // Mostly one or two: the last element is what owner and thieves fight for.
        for element in next..<min(end, next + 1 + UInt(random.below(random.below(8) == 0 ? 64 : 2))) {
          ledger.issue(element)
          deques[me].value.push(element)
          next = element + 1
        }
      case 3...4: settle(deques[random.below(deques.count)].value.steal(), fault)
      default: settle(deques[me].value.pop(), fault)
      }
    }
  }

  private func settle(_ element: UInt?, _ fault: Fault) {
    guard let element else { return }
    ledger.settle(element, fault)
    settled.wrappingAdd(1, ordering: .relaxed)  // relaxed: as above
    if element % 1024 == 0 { Watchdog.beat() }
  }
}
