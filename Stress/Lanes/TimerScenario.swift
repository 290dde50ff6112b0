// The timer heap beside a sorted array. One thread: what is hammered here is the algorithm.

import Lanes

enum TimerScenario {
  private struct Expected {
    let deadline: UInt64
    let number: UInt
    let handle: TimerHandle
  }

  static func round(seed: UInt64, threads: Int, fault: Fault) -> Int {
    var random = SplitMix(seed: seed)
    var heap = TimerHeap(capacity: 1)
    var model: [Expected] = []
    var ended: [TimerHandle] = []
    let steps = 3000
    for number in 0..<UInt(steps) where !fault.happened {
      switch random.below(8) {
      case 0...3:
        let deadline = UInt64(random.below(50))
        let handle = heap.start(deadline: deadline, first: number, second: ~number)
        let place = model.firstIndex { $0.deadline > deadline } ?? model.count
        model.insert(Expected(deadline: deadline, number: number, handle: handle), at: place)
      case 4:
        guard let victim = model.indices.randomElement(using: &random) else { continue }
        fault.check(heap.cancel(model[victim].handle), "a running timer could not be cancelled")
        ended.append(model.remove(at: victim).handle)
      case 5:
        guard let old = ended.randomElement(using: &random) else { continue }
        fault.check(!heap.cancel(old), "an ended timer was cancelled")
      default:
        let now = UInt64(random.below(50))
        let timer = heap.popExpired(at: now)
        let isDue = model.first.map { $0.deadline <= now } ?? false
        fault.check((timer != nil) == isDue, "due: \(isDue), popped: \(String(describing: timer))")
        if let timer, isDue {
          fault.check(timer.first == model[0].number && timer.second == ~model[0].number, "order of timers")
          ended.append(model.removeFirst().handle)
        }
      }
      fault.check(heap.count == model.count, "\(heap.count) timers instead of \(model.count)")
      fault.check(heap.nextDeadline == model.first?.deadline, "next deadline")
      if number % 64 == 0 { heap.checkInvariants() }
    }
    return steps
  }
}
