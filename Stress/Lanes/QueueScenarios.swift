// The inject queue between many producers and consumers, and the lock that guards it.

import Lanes
import Synchronization

enum InjectScenario {
  static func round(seed: UInt64, threads: Int, fault: Fault) -> Int {
    let queue = Shared(InjectQueue(capacity: 2))
    let each = 2000
    let ledger = Ledger(count: threads * each)
    let settled = Shared(Atomic<Int>(0))
    onThreads(2 * threads) { me in
      if me < threads {
        produce(queue, ledger, from: UInt(me * each) + 1, count: each, SplitMix(seed: seed, stream: me))
      } else {
        consume(queue, ledger, settled, each: each, SplitMix(seed: seed, stream: me), fault)
      }
    }
    ledger.checkAllSettled(fault)
    fault.check(queue.value.isEmpty, "\(queue.value.count) left")
    return ledger.count
  }

  private static func produce(
    _ queue: Shared<InjectQueue>, _ ledger: Ledger, from first: UInt, count: Int, _ seed: SplitMix
  ) {
    var random = seed
    var next = first
    let end = first + UInt(count)
    while next < end {
      let batch = Array(next..<min(end, next + 1 + UInt(random.below(5))))
      for element in batch { ledger.issue(element) }
      unsafe batch.withUnsafeBufferPointer {
        unsafe queue.value.push($0, UnsafeBufferPointer(start: nil, count: 0))
      }
      next += UInt(batch.count)
    }
  }

  /// What one consumer gets from one producer comes in the producer's order.
  private static func consume(
    _ queue: Shared<InjectQueue>, _ ledger: Ledger, _ settled: Shared<Atomic<Int>>, each: Int,
    _ seed: SplitMix, _ fault: Fault
  ) {
    var random = seed
    var last: [Int: UInt] = [:]
    var buffer = [UInt](repeating: 0, count: 8)
    while settled.value.load(ordering: .relaxed) < ledger.count && !fault.happened {
      let limit = 1 + random.below(8)
      let got = unsafe buffer.withUnsafeMutableBufferPointer {
        unsafe queue.value.pop(into: UnsafeMutableBufferPointer(rebasing: $0[..<limit]))
      }
      for element in buffer[..<got] {
        let producer = Int(element - 1) / each
        fault.check(last[producer, default: 0] < element, "producer \(producer): out of order")
        last[producer] = element
        ledger.settle(element, fault)
      }
      settled.value.wrappingAdd(got, ordering: .relaxed)
      Watchdog.beat()
    }
  }
}

enum LockScenario {
  /// Plain fields behind the lock.
  private final class Account: @unchecked Sendable {
    // Sendable: guarded by `lock`.
    let lock = Shared(RankedMutex(rank: .names))
    var money = 0
    var moves = 0
  }

  static func round(seed: UInt64, threads: Int, fault: Fault) -> Int {
    let account = Account()
    let each = 5000
    onThreads(threads) { me in
      var random = SplitMix(seed: seed, stream: me)
      for _ in 0..<each {
        let amount = random.below(100)
        account.lock.value.withLock {
          account.money += amount
          account.money -= amount
          account.moves += 1
        }
      }
      Watchdog.beat()
    }
    fault.check(account.money == 0 && account.moves == threads * each, "\(account.moves) moves")
    return account.moves
  }
}
