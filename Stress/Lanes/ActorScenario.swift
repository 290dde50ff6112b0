// A small actor machine of all parts together: processes with an inbox each pass tokens on; schedulers with a
// ring each run them, steal, park and wake. What a process owns is plain memory.

import Lanes
import Synchronization

enum ActorScenario {
  static func round(seed: UInt64, threads: Int, fault: Fault) -> Int {
    // Few tokens: schedulers go to sleep all the time. Many: they never do, and nothing but the inboxes and the
    // rings orders them, so that a weak order there is not hidden by the idle set's strong ones.
    let tokens = [1, 3, 60, 200][Int(seed % 4)]
    let world = ActorWorld(
      schedulers: threads, processes: 2 + Int(seed % 61), tokens: tokens, hops: 6000 / tokens,
      capacity: seed % 3 == 0 ? 4 : 256)
    onThreads(threads) { world.schedule($0, SplitMix(seed: seed, stream: $0), fault) }
    world.check(fault)
    return world.tokens * (world.hops + 1)
  }
}

/// A process: its fields are touched by the scheduler that runs it, handed over through the inbox word and
/// the run queues; only the inbox is for everybody.
private final class Actor: @unchecked Sendable {
  let inbox = Shared(InboxStack())
  var expected: [Int]
  var sent: [Int]
  var received = 0
  var slices = 0

  init(_ processes: Int) {
    expected = Array(repeating: 0, count: processes)
    sent = expected
  }
}

private final class ActorWorld: @unchecked Sendable {
  // Sendable: immutable, atomic, or of the parts under test.
  let actors: [Actor]
  let rings: [Shared<RunQueue.Owner>]
  let inject = Shared(InjectQueue(capacity: 2))
  let idle: Shared<IdleSchedulers>
  let tokens: Int
  let hops: Int
  let finished = Atomic<Int>(0)

  init(schedulers: Int, processes: Int, tokens: Int, hops: Int, capacity: Int) {
    actors = (0..<processes).map { _ in Actor(processes) }
    rings = (0..<schedulers).map { _ in Shared(RunQueue.Owner(capacity: capacity)) }
    idle = Shared(IdleSchedulers(count: schedulers))
    (self.tokens, self.hops) = (tokens, hops)
    for token in 0..<tokens { _ = unsafe send(Token.make(hops: hops), from: 0, to: token % processes) }
    for i in 0..<processes { inject.value.push(UInt(i + 1)) }
  }

  var isOver: Bool { finished.load(ordering: .relaxed) == tokens }

  func check(_ fault: Fault) {
    let received = actors.reduce(0) { $0 + $1.received }
    fault.check(received == tokens * (hops + 1), "\(received) received of \(tokens) × (\(hops) + 1)")
  }

  func schedule(_ me: Int, _ seed: SplitMix, _ fault: Fault) {
    var random = seed
    var searching = false
    while !isOver && !fault.happened {
      if random.below(32) == 0 { ring(random.below(actors.count), me) }
      if let process = next(me, &random, searching: searching) {
        if searching { idle.value.endSearch() }
        searching = false
        run(Int(process) - 1, me, &random, fault)
      } else if !searching && idle.value.tryBeginSearch() {
        searching = true
      } else {
        idle.value.prepareSleep(me, searching: searching)
        if seesWork {
          searching = !idle.value.cancelSleep(me)
        } else {
          searching = idle.value.sleep(me) == .called
        }
      }
    }
    idle.value.wakeAll()
  }

  private var seesWork: Bool {
    isOver || !inject.value.isEmpty || rings.contains { !$0.value.thief.isEmpty }
  }

  private func next(_ me: Int, _ random: inout SplitMix, searching: Bool) -> UInt? {
    if random.below(16) == 0, let process = inject.value.pop() { return process }
    if let process = rings[me].value.pop() { return process }
    if let process = inject.value.pop(upTo: 4, into: rings[me].value) { return process }
    guard searching else { return nil }
    let start = random.below(rings.count)
    for i in 0..<rings.count where (start + i) % rings.count != me {
      let victim = rings[(start + i) % rings.count].value.thief
      if let process = victim.steal(into: rings[me].value) { return process }
    }
    return nil
  }

  /// One slice: receives what is there, and parks or (every now and then) is preempted.
  private func run(_ index: Int, _ me: Int, _ random: inout SplitMix, _ fault: Fault) {
    let actor = actors[index]
    // Before the inbox is looked at, as a scheduler does that loads registers: ordered by the wake alone.
    actor.slices += 1
    repeat {
      var rest = unsafe actor.inbox.value.takeInOrder().first
      while let token = unsafe rest {
        unsafe rest = unsafe UnsafeMutableRawPointer(bitPattern: token.load(as: UInt.self))
        unsafe receive(token, index, me, &random, fault)
      }
      if random.below(8) == 0 { return enqueue(index, me) }
    } while !actor.inbox.value.tryPark()
    // Parked: from here on the process is not ours.
  }

  private func receive(
    _ token: UnsafeMutableRawPointer, _ index: Int, _ me: Int, _ random: inout SplitMix, _ fault: Fault
  ) {
    let actor = actors[index]
    actor.received += 1
    let (sender, number) = unsafe Token.stamp(token)
    fault.check(actor.expected[sender] == number, "\(sender) → \(index): message \(number) out of order")
    actor.expected[sender] = number + 1
    let hops = unsafe Token.hops(token)
    if hops == 0 {
      unsafe token.deallocate()
      if finished.wrappingAdd(1, ordering: .relaxed).newValue == tokens { idle.value.wakeAll() }
      return
    }
    if hops % 512 == 0 { Watchdog.beat() }
    unsafe Token.setHops(token, hops - 1)
    let target = random.below(actors.count)
    if unsafe send(token, from: index, to: target) == .wake { enqueue(target, me) }
  }

  private func send(_ token: UnsafeMutableRawPointer, from sender: Int, to target: Int) -> InboxPush {
    unsafe Token.setStamp(token, sender, actors[sender].sent[target])
    actors[sender].sent[target] += 1
    return unsafe actors[target].inbox.value.push(token)
  }

  /// What a timer does that runs out: it wakes the process without a message.
  private func ring(_ index: Int, _ me: Int) {
    if actors[index].inbox.value.unpark() { enqueue(index, me) }
  }

  private func enqueue(_ index: Int, _ me: Int) {
    rings[me].value.push(UInt(index + 1), overflow: inject.value)
    idle.value.wakeOne()
  }
}

/// The message: link, sender, number, hops left; plain memory that travels.
private enum Token {
  static func make(hops: Int) -> UnsafeMutableRawPointer {
    let token = UnsafeMutableRawPointer.allocate(byteCount: 32, alignment: 8)
    unsafe setHops(token, hops)
    return unsafe token
  }
  static func setStamp(_ token: UnsafeMutableRawPointer, _ sender: Int, _ number: Int) {
    unsafe token.storeBytes(of: sender, toByteOffset: 8, as: Int.self)
    unsafe token.storeBytes(of: number, toByteOffset: 16, as: Int.self)
  }
  static func stamp(_ token: UnsafeMutableRawPointer) -> (sender: Int, number: Int) {
    unsafe (token.load(fromByteOffset: 8, as: Int.self), token.load(fromByteOffset: 16, as: Int.self))
  }
  static func hops(_ token: UnsafeMutableRawPointer) -> Int {
    unsafe token.load(fromByteOffset: 24, as: Int.self)
  }
  static func setHops(_ token: UnsafeMutableRawPointer, _ hops: Int) {
    unsafe token.storeBytes(of: hops, toByteOffset: 24, as: Int.self)
  }
}
