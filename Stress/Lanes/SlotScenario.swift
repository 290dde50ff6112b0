// Workers with a wake slot each: they put and take as schedulers do, and rob each other without waiting for a standstill.

import Lanes
import Synchronization

enum SlotScenario {
  static func round(seed: UInt64, threads: Int, fault: Fault) -> Int {
    let world = SlotWorld(workers: threads, owners: seed & 1 == 0 ? threads : 1, count: 12_000)
    onThreads(threads) { world.work($0, seed, fault) }
    for (worker, slot) in world.slots.enumerated() where worker < world.owners {
      fault.check(slot.value.take() == 0, "something is left")
    }
    world.ledger.checkAllSettled(fault)
    return world.ledger.count
  }
}

private final class SlotWorld: Sendable {
  let slots: [Shared<WakeSlot>]
  let owners: Int
  let ledger: Ledger
  let perOwner: Int
  let settled = Atomic<Int>(0)

  /// Workers that own nothing live from robbing.
  init(workers: Int, owners: Int, count: Int) {
    slots = (0..<workers).map { _ in Shared(WakeSlot()) }
    self.owners = owners
    perOwner = count / owners
    ledger = Ledger(count: perOwner * owners)
  }

  func work(_ me: Int, _ seed: UInt64, _ fault: Fault) {
    var random = SplitMix(seed: seed, stream: me)
    var next = UInt(me * perOwner) + 1
    let end = me < owners ? min(UInt(ledger.count) + 1, next + UInt(perOwner)) : next
    // relaxed: only tells when to stop; a stronger order would itself order the threads.
    while settled.load(ordering: .relaxed) < ledger.count && !fault.happened {
      if me >= owners || random.below(64) == 0 {
        dawdle(&random)
        rob(random.below(owners), me, fault)
      } else if next < end, random.below(2) == 0 {
        ledger.issue(next)
        settle(slots[me].value.put(next << 1), fault)
        next += 1
      } else {
        settle(slots[me].value.take(), fault)
      }
    }
  }

  /// What was robbed goes through the robber's own slot if that has one, and may come back where it was.
  private func rob(_ victim: Int, _ me: Int, _ fault: Fault) {
    if victim == me { return }
    let task = slots[victim].value.rob()
    if task == 0 || me >= owners { return settle(task, fault) }
    settle(slots[me].value.put(task), fault)
  }

  private func settle(_ task: UInt, _ fault: Fault) {
    if task == 0 { return }
    let element = task >> 1
    ledger.settle(element, fault)
    settled.wrappingAdd(1, ordering: .relaxed)  // relaxed: as above
    if element % 1024 == 0 { Watchdog.beat() }
  }
}
