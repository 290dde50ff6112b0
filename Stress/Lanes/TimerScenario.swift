// The timer wheel beside a sorted array. One thread: what is hammered here is the algorithm.

import Lanes

enum TimerScenario {
  private struct Expected {
    let deadline: UInt64
    let number: UInt
    let handle: TimerHandle
  }

  static func round(seed: UInt64, threads: Int, fault: Fault) -> Int {
    var random = SplitMix(seed: seed)
    var wheel = TimerWheel(tickBits: random.below(20))
    // Deadlines lie up to 2^reach ahead.
    let reach = 1 + random.below(40)
    var now: UInt64 = 0
    var model: [Expected] = []
    var ended: [TimerHandle] = []
    let steps = 3000
    for number in 0..<UInt(steps) where !fault.happened {
      switch random.below(8) {
      case 0...3:
        let deadline = now + UInt64(random.below(1 << random.below(reach)))
        let handle = wheel.start(
          deadline: deadline, first: number, now: now - min(now, UInt64(random.below(50))))
        let place = model.firstIndex { $0.deadline > deadline } ?? model.count
        model.insert(Expected(deadline: deadline, number: number, handle: handle), at: place)
      case 4:
        guard let victim = model.indices.randomElement(using: &random) else { continue }
        fault.check(wheel.cancel(model[victim].handle), "a running timer could not be cancelled")
        ended.append(model.remove(at: victim).handle)
      case 5:
        guard let old = ended.randomElement(using: &random) else { continue }
        fault.check(!wheel.cancel(old), "an ended timer was cancelled")
      default:
        if random.below(2) == 0 { now += UInt64(random.below(1 << random.below(reach))) }
        guard wheel.advance(to: now) != .behind else { continue }
        let timer = wheel.firstExpired(at: now)
        let isDue = model.first.map { $0.deadline <= now } ?? false
        fault.check((timer != nil) == isDue, "due: \(isDue), found: \(String(describing: timer))")
        if let timer, isDue {
          fault.check(
            timer.first == model[0].number && timer.deadline == model[0].deadline, "order of timers")
          wheel.removeFirst()
          ended.append(model.removeFirst().handle)
        }
      }
      fault.check(wheel.count == model.count, "\(wheel.count) timers instead of \(model.count)")
      fault.check(
        (wheel.nextDeadline == nil) == model.isEmpty, "a next deadline without timers, or none with them")
      if let first = model.first {
        fault.check(wheel.nextDeadline ?? 0 <= first.deadline, "next deadline too late")
      }
      if number % 64 == 0 { wheel.checkInvariants() }
    }
    return steps
  }
}
