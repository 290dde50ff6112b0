/// Which messages pass from one worker's cache to another's. Who sent a message does not stand in it, so this is told from
/// who woke the receiver, and from who has sent how many since it looked last.
struct SimulatedTraffic {
  private struct Receiver {
    /// Where it ran last, or was made; -1: nowhere.
    var worker: Int32 = -1
    /// Who has woken it since; -1: nobody.
    var waker: Int32 = -1
    /// Messages that all workers, and that one, had sent by then.
    var all: UInt64 = 0
    var own: UInt64 = 0
  }

  private var receivers: [Receiver] = []
  private var all: UInt64 = 0
  private var sent: [UInt64]
  /// Messages that have been found to come from another worker, and whose senders have not paid for that yet.
  private var unpaid = 0.0

  init(workers: Int) { sent = Array(repeating: 0, count: workers) }

  /// A new task, made on a worker.
  mutating func begins(_ number: Int, on worker: Int) {
    makeRoom(number)
    receivers[number] = Receiver(worker: Int32(worker), waker: -1, all: all, own: sent[worker])
  }

  mutating func wakes(_ number: Int, from worker: Int) {
    makeRoom(number)
    receivers[number].waker = Int32(worker)
  }

  /// A task has run for a quantum: it took messages first, and sent some.
  /// - Returns: how many of these pass between workers: those that it took from others; and, since nobody knows for whom
  ///   its own were, as many of them as others have been found to take and nobody has paid for
  mutating func far(_ number: Int, on worker: Int, taken: Int, sent count: Int) -> Double {
    makeRoom(number)
    let found = taken > 0 && sent.count > 1 ? share(receivers[number], on: worker, Double(taken)) : 0
    all += UInt64(count)
    sent[worker] += UInt64(count)
    receivers[number] = Receiver(worker: Int32(worker), waker: -1, all: all, own: sent[worker])
    let paid = min(unpaid, Double(count))
    unpaid += found - paid
    return found + paid
  }

  /// How many of so many messages come from other workers.
  private func share(_ receiver: Receiver, on worker: Int, _ taken: Double) -> Double {
    let first = receiver.waker < 0 ? 0 : receiver.waker == Int32(worker) ? 0 : 1.0
    let rest = receiver.waker < 0 ? taken : taken - 1
    guard receiver.worker == Int32(worker), all > receiver.all else {
      return receiver.waker < 0 || receiver.waker == Int32(worker) ? first : taken
    }
    let others = Double((all - receiver.all) - (sent[worker] - receiver.own))
    return first + rest * others / Double(all - receiver.all)
  }

  private mutating func makeRoom(_ number: Int) {
    if number >= receivers.count {
      receivers += Array(repeating: Receiver(), count: max(number + 1 - receivers.count, receivers.count))
    }
  }
}
