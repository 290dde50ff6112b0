// Producers, one consumer thread that parks, a timer that unparks it, and sometimes an early end.

import Lanes
import Synchronization

enum InboxScenario {
  static func round(seed: UInt64, threads: Int, fault: Fault) -> Int {
    let world = InboxWorld(producers: threads, each: 2000, closesEarly: seed % 3 == 0)
    onThreads(threads + 2) { me in
      switch me {
      case threads: world.consume(seed, fault)
      case threads + 1: world.disturb()
      default: world.produce(me, fault)
      }
    }
    world.check(fault)
    return world.total
  }
}

private final class InboxWorld: @unchecked Sendable {
  // Sendable: the plain fields belong to the consumer until its thread has been joined.
  let inbox = Shared(InboxStack())
  let parker = Shared(Parker())
  let producers: Int
  let each: Int
  let closesEarly: Bool
  let sent = Atomic<Int>(0)
  let refused = Atomic<Int>(0)
  let wakes = Atomic<Int>(0)
  let ended = Atomic<Bool>(false)
  var received = 0
  var dropped = 0
  var parks = 0
  var expected: [Int]

  init(producers: Int, each: Int, closesEarly: Bool) {
    (self.producers, self.each, self.closesEarly) = (producers, each, closesEarly)
    expected = Array(repeating: 0, count: producers)
  }
  var total: Int { producers * each }

  func produce(_ me: Int, _ fault: Fault) {
    for number in 0..<each {
      let node = unsafe Node.make(sender: me, number: number)
      switch unsafe inbox.value.push(node) {
      case .queued: sent.wrappingAdd(1, ordering: .relaxed)
      case .wake:
        sent.wrappingAdd(1, ordering: .relaxed)
        wake()
      case .closed:
        refused.wrappingAdd(1, ordering: .relaxed)
        unsafe node.deallocate()
      }
    }
  }

  /// Takes part in the race for the park mark, as a timer does.
  func disturb() {
    while !ended.load(ordering: .relaxed) { if inbox.value.unpark() { wake() } }
  }

  private func wake() {
    wakes.wrappingAdd(1, ordering: .relaxed)
    parker.value.unpark()
  }

  func consume(_ seed: UInt64, _ fault: Fault) {
    let enough = closesEarly ? Int(seed % UInt64(total)) : total
    while received < enough && !fault.happened {
      let chain = unsafe inbox.value.takeInOrder()
      let got = unsafe Node.drain(chain, fault) { self.receive($0, $1, fault) }
      received += got
      if got == 0 && inbox.value.tryPark() {
        parks += 1
        _ = parker.value.park()
      }
      Watchdog.beat()
    }
    dropped = unsafe Node.drain(inbox.value.closeInOrder(), fault) { self.receive($0, $1, fault) }
    ended.store(true, ordering: .relaxed)
  }

  private func receive(_ sender: Int, _ number: Int, _ fault: Fault) {
    fault.check(expected[sender] == number, "sender \(sender): \(number) instead of \(expected[sender])")
    expected[sender] = number + 1
  }

  func check(_ fault: Fault) {
    let (sent, refused) = (sent.load(ordering: .relaxed), refused.load(ordering: .relaxed))
    fault.check(sent + refused == total, "\(sent) sent and \(refused) refused of \(total)")
    fault.check(received + dropped == sent, "\(received) received, \(dropped) dropped of \(sent) sent")
    let woken = wakes.load(ordering: .relaxed)
    fault.check(woken == parks, "\(woken) wakes for \(parks) parks")
    fault.check(inbox.value.isClosed, "open after the end")
  }
}

/// Nodes as mailboxes use them: link, sender, number; plain memory.
enum Node {
  static func make(sender: Int, number: Int) -> UnsafeMutableRawPointer {
    let node = UnsafeMutableRawPointer.allocate(byteCount: 24, alignment: 8)
    unsafe node.storeBytes(of: UInt.max, as: UInt.self)
    unsafe node.storeBytes(of: sender, toByteOffset: 8, as: Int.self)
    unsafe node.storeBytes(of: number, toByteOffset: 16, as: Int.self)
    return unsafe node
  }

  /// Frees a chain, tells `body` what was in it, and returns how many nodes there were.
  static func drain(_ chain: InboxChain, _ fault: Fault, _ body: (Int, Int) -> Void) -> Int {
    var rest = unsafe chain.first
    var count = 0
    while let node = unsafe rest {
      body(
        unsafe node.load(fromByteOffset: 8, as: Int.self),
        unsafe node.load(fromByteOffset: 16, as: Int.self))
      unsafe rest = unsafe UnsafeMutableRawPointer(bitPattern: node.load(as: UInt.self))
      unsafe node.deallocate()
      count += 1
    }
    fault.check(unsafe chain.count == count, "a chain that counts wrongly")
    return count
  }
}
