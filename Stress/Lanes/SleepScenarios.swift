// Parker, EventCount and IdleSchedulers: whoever sleeps is woken, and what was written before is seen.

import Lanes
import Synchronization

enum ParkerScenario {
  /// Two threads hand a plain number to and fro; nothing but the parkers orders them. Sleeps with a limit are
  /// repeated until the wake has come.
  static func round(seed: UInt64, threads: Int, fault: Fault) -> Int {
    final class Table: @unchecked Sendable {
      // Sendable: `ball` belongs to the thread that was woken last.
      let parkers = [Shared(Parker()), Shared(Parker())]
      var ball = 0
    }
    let table = Table()
    let rallies = 1000
    table.parkers[0].value.unpark()
    onThreads(2) { me in
      var random = SplitMix(seed: seed, stream: me)
      for i in 0..<rallies {
        let limit = [-1, 0, Int64(random.below(20_000))][random.below(3)]
        while !table.parkers[me].value.park(nanoseconds: limit) {
          fault.check(limit >= 0, "park without limit returned false")
        }
        fault.check(table.ball == 2 * i + me, "ball \(table.ball) at rally \(i) of \(me)")
        table.ball += 1
        table.parkers[1 - me].value.unpark()
      }
      Watchdog.beat()
    }
    return table.ball
  }
}

enum EventScenario {
  /// One producer publishes one number at a time in a relaxed word and waits for its answer; consumers sleep on
  /// an event count. A lost wake stops it, and the watchdog tells.
  static func round(seed: UInt64, threads: Int, fault: Fault) -> Int {
    final class Table: Sendable {
      let event = Shared(EventCount())
      let asked = Atomic<Int>(0)
      let answered = Atomic<Int>(0)
    }
    let table = Table()
    let questions = 2000
    onThreads(threads) { me in
      var random = SplitMix(seed: seed, stream: me)
      if me == 0 {
        for question in 1...questions {
          table.asked.store(question, ordering: .relaxed)
          table.event.value.notify()
          wait { table.answered.load(ordering: .relaxed) >= question }
          dawdle(&random)
          Watchdog.beat()
        }
        return
      }
      var seen = 0
      while seen < questions {
        let key = table.event.value.prepare()
        let now = table.asked.load(ordering: .relaxed)
        if now == seen {
          table.event.value.wait(key)
        } else {
          table.event.value.cancel()
          seen = now
          table.answered.store(max(seen, table.answered.load(ordering: .relaxed)), ordering: .relaxed)
          dawdle(&random)
        }
      }
    }
    return questions
  }
}

enum IdleScenario {
  /// A producer publishes some elements, wakes one scheduler for each, and waits until all are done: nearly
  /// every push meets schedulers on their way to sleep. The producer never runs what it has pushed, so a lost
  /// wake stops it, and the watchdog tells. Every other round it publishes in a ring, by one plain store, instead
  /// of in the inject queue, whose lock would be fence enough.
  static func round(seed: UInt64, threads: Int, fault: Fault) -> Int {
    let world = IdleWorld(schedulers: threads, elements: 300, usesRing: seed & 1 == 0)
    onThreads(threads + 1) { me in
      if me == threads {
        world.produce(SplitMix(seed: seed, stream: me), fault)
      } else {
        world.schedule(me, SplitMix(seed: seed, stream: me), fault)
      }
    }
    world.ledger.checkAllSettled(fault)
    let load = world.idle.value.load
    fault.check(load.sleeping == 0, "\(load.sleeping) still asleep")
    return world.ledger.count
  }
}

private final class IdleWorld: Sendable {
  let idle: Shared<IdleSchedulers>
  let queue = Shared(InjectQueue(capacity: 4))
  let ring = Shared(RunQueue.Owner(capacity: 8))
  let usesRing: Bool
  let ledger: Ledger
  let settled = Atomic<Int>(0)
  let stop = Atomic<Bool>(false)

  init(schedulers: Int, elements: Int, usesRing: Bool) {
    self.usesRing = usesRing
    idle = Shared(IdleSchedulers(count: schedulers))
    ledger = Ledger(count: elements)
  }

  func produce(_ seed: SplitMix, _ fault: Fault) {
    var random = seed
    var next = 1
    while next <= ledger.count && !fault.happened {
      let last = min(ledger.count, next + random.below(3))
      for element in next...last {
        ledger.issue(UInt(element))
        publish(UInt(element), fault)
        idle.value.wakeOne()
      }
      next = last + 1
      wait { settled.load(ordering: .relaxed) >= last || fault.happened }
      dawdle(&random)
      Watchdog.beat()
    }
    stop.store(true, ordering: .relaxed)
    idle.value.wakeAll()
  }

  private func publish(_ element: UInt, _ fault: Fault) {
    if !usesRing { return queue.value.push(element) }
    fault.check(ring.value.tryPush(element), "no room for three")
  }

  private func take(_ mine: borrowing RunQueue.Owner) -> UInt? {
    if !usesRing { return queue.value.pop() }
    return mine.pop() ?? ring.value.thief.steal(into: mine)
  }

  private var seesWork: Bool {
    !queue.value.isEmpty || !ring.value.thief.isEmpty || stop.load(ordering: .relaxed)
  }

  func schedule(_ me: Int, _ seed: SplitMix, _ fault: Fault) {
    var random = seed
    let mine = RunQueue.Owner(capacity: 8)
    var searching = false
    // A scheduler that ends while it searches just leaves: the round is over.
    while !stop.load(ordering: .relaxed) {
      if let element = take(mine) {
        if searching { idle.value.endSearch() }
        searching = false
        ledger.settle(element, fault)
        settled.wrappingAdd(1, ordering: .relaxed)
        dawdle(&random)
        continue
      }
      if !searching && idle.value.tryBeginSearch() {
        searching = true
        continue
      }
      idle.value.prepareSleep(me, searching: searching)
      if seesWork {
        searching = !idle.value.cancelSleep(me)
      } else {
        searching = idle.value.sleep(me) == .called
      }
    }
  }
}
