// What each part costs when nobody interferes: `swift run -c release lanes-stress --costs`.

import CLinux
import Lanes
import Synchronization

enum Costs {
  /// Prints nanoseconds an operation, the best of some runs (others share the machine).
  static func measure() {
    let ring = RunQueue.Owner()
    line("RunQueue push + pop") {
      _ = ring.tryPush($0)
      _ = ring.pop()
    }
    stealing()
    mailbox()
    let queue = InjectQueue()
    line("InjectQueue push + pop") {
      queue.push($0)
      _ = queue.pop()
    }
    line("InjectQueue pop when empty") { _ in _ = queue.pop() }
    let idle = IdleSchedulers(count: 4)
    line("IdleSchedulers.wakeOne, nobody sleeps") { _ in idle.wakeOne() }
    let event = EventCount()
    line("EventCount.notify, nobody waits") { _ in event.notify() }
    let lock = RankedMutex(rank: .names)
    line("RankedMutex lock + unlock") { _ in
      lock.lock()
      lock.unlock()
    }
    timers()
    let parker = Parker()
    line("Parker unpark + park, no sleep") { _ in
      parker.unpark()
      _ = parker.park()
    }
  }

  private static func stealing() {
    let victim = RunQueue.Owner()
    let thief = RunQueue.Owner()
    line("RunQueue steal of 128, an element", per: 128) { _ in
      for element: UInt in 1...256 { _ = victim.tryPush(element) }
      _ = victim.thief.steal(into: thief)
      while thief.pop() != nil {}
      while victim.pop() != nil {}
    }
  }

  private static func mailbox() {
    let inbox = Shared(InboxStack())
    let node = unsafe Node.make(sender: 0, number: 0)
    line("InboxStack push + takeAll") { _ in
      _ = unsafe inbox.value.push(node)
      _ = unsafe inbox.value.takeInOrder()
    }
    line("InboxStack park + push + takeAll") { _ in
      _ = inbox.value.tryPark()
      _ = unsafe inbox.value.push(node)
      _ = unsafe inbox.value.takeInOrder()
    }
    unsafe node.deallocate()
  }

  private static func timers() {
    var wheel = TimerWheel()
    var random = SplitMix(seed: 1)
    for i in 0..<UInt(1000) { _ = wheel.start(deadline: random.next() >> 20, first: i, now: 0) }
    line("TimerWheel start + cancel among 1000") {
      _ = wheel.cancel(wheel.start(deadline: UInt64($0) &* 0x9E37_79B9_7F4A_7C15, first: 0, now: 0))
    }
    million()
  }

  /// A million timers within four seconds, and what setting one and letting one run out takes.
  private static func million() {
    let count = 1_000_000
    var best = (start: UInt64.max, end: UInt64.max)
    for _ in 0..<3 {
      var wheel = TimerWheel()
      let begin = ludi_monotonic_nanoseconds()
      for i in 0..<UInt(count) {
        let deadline = (4000 + UInt64(i) * 7919 % 4000) * 1_000_000 + UInt64(i) * 150
        _ = wheel.start(deadline: deadline, first: i, now: UInt64(i) * 150)
      }
      let middle = ludi_monotonic_nanoseconds()
      for now in stride(from: UInt64(0), to: 9_000_000_000, by: 20_000) {
        while wheel.advance(to: now) == .behind {}
        while wheel.firstExpired(at: now) != nil {
          wheel.removeFirst()
          while wheel.advance(to: now) == .behind {}
        }
      }
      best = (min(best.start, middle - begin), min(best.end, ludi_monotonic_nanoseconds() - middle))
      precondition(wheel.count == 0, "timers were lost")
    }
    say(
      "TimerWheel of a million: start \(best.start / UInt64(count)) ns, run out \(best.end / UInt64(count)) ns"
    )
  }

  private static func line(_ name: String, per operations: UInt64 = 1, _ body: (UInt) -> Void) {
    let turns: UInt = 200_000 / UInt(operations)
    var best = UInt64.max
    for _ in 0..<7 {
      let start = ludi_monotonic_nanoseconds()
      for turn in 1...turns { body(turn) }
      best = min(best, ludi_monotonic_nanoseconds() - start)
    }
    let tenths = best * 10 / (UInt64(turns) * operations)
    say("\(name): \(tenths / 10).\(tenths % 10) ns")
  }
}
