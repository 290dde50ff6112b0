import Lanes
import Memory
import Words
import XCTest

@testable import Runtime
// Foundation, which XCTest brings along, has another.
@testable import struct Runtime.Process

/// Mailboxes, driven by hand: one process, messages from others, `receive` step by step.
final class MailboxTests: XCTestCase {
  private func pair(_ process: Process, _ a: Int, _ b: Int) -> Word {
    Tuples.make(process.heap, Word(a), Word(b))
  }

  func testMessagesOfOneSenderArriveInOrder() {
    let world = World()
    let receiver = world.spawn()
    let senders = [world.spawn(), world.spawn(), world.spawn()]
    var random = Seeded(5)
    var sent = [0, 0, 0]
    for _ in 0..<600 {
      let k = random.below(3)
      XCTAssertTrue(Sending.send(senders[k], to: receiver.pid, pair(senders[k], k, sent[k])))
      sent[k] += 1
    }
    var received = [0, 0, 0]
    while let message = receiver.receive({ _ in true }) {
      let k = member(message, 0).integer ?? 0
      XCTAssertEqual(member(message, 1).integer, received[k])
      received[k] += 1
    }
    XCTAssertEqual(received, sent)
    XCTAssertEqual(receiver.messageCount, 0)
  }

  /// Taking thousands of cells out of an inbox in the midst of a slice takes time, which is the receiver's; but never all of it.
  func testALongInboxIsCharged() {
    for (messages, charged) in [(1, 0), (100, 50), (2_000, 1_000), (LongInbox.cellsATurn, 3_000)] {
      let world = World()
      let process = world.spawn()
      unsafe process.block.pointee.reductions = 4_000
      for i in 0..<messages { world.send(Word(i), to: process.pid) }
      XCTAssertTrue(process.drainInbox(LongInbox.Budget(cells: LongInbox.cellsATurn, nanoseconds: .max >> 1)))
      unsafe XCTAssertEqual(process.block.pointee.reductions, 4_000 - charged, "\(messages) messages")
      for i in 0..<messages { XCTAssertEqual(process.receive { _ in true }, Word(i)) }
    }
  }

  /// What a receiver finds in the midst of its slice is no more than what a turn may begin with: else the instruction waits.
  func testALongInboxInTheMidstOfASlice() {
    let world = World()
    let process = world.spawn()
    let count = LongInbox.cellsATurn * 3
    for i in 0..<count { world.send(Word(i), to: process.pid) }
    unsafe process.block.pointee.reductions = 4_000
    XCTAssertEqual(Receiving.next(process), .request)
    unsafe XCTAssertEqual(process.block.pointee.request, .again)
    XCTAssertTrue(unsafe process.block.pointee.isTakingIn)
    XCTAssertEqual(process.messageCount, 0)
    unsafe XCTAssertLessThan(process.block.pointee.reductions, 4_000, "the receiver pays")
    world.send(Word(count), to: process.pid)
    process.takeInAll()
    for i in 0...count { XCTAssertEqual(process.receive { _ in true }, Word(i)) }
  }

  /// A very long inbox is taken in over several turns, and stays in order, also with what comes meanwhile.
  func testALongInboxIsTakenInOverSeveralTurns() {
    for count in [LongInbox.cellsATurn, LongInbox.cellsATurn + 1, LongInbox.cellsATurn * 5 + 7] {
      let world = World()
      let process = world.spawn()
      for i in 0..<count { world.send(Word(i), to: process.pid) }
      var turns = 1
      var isIn = process.drainFilled()
      while unsafe process.block.pointee.isTakingIn {
        XCTAssertFalse(isIn)
        XCTAssertLessThanOrEqual(process.messageCount, turns * LongInbox.cellsATurn)
        world.send(Word(count + turns - 1), to: process.pid)
        isIn = process.takeInMore()
        turns += 1
      }
      XCTAssertTrue(isIn)
      XCTAssertEqual(process.messageCount, count)
      // Each cell is turned round, then taken in.
      let least = count == LongInbox.cellsATurn ? 1 : count * 2 / LongInbox.cellsATurn
      XCTAssertGreaterThanOrEqual(turns, least, "for \(count)")
      for i in 0..<count + turns - 1 { XCTAssertEqual(process.receive { _ in true }, Word(i)) }
      XCTAssertNil(process.receive { _ in true })
    }
  }

  /// An exit signal in the midst of it ends the process, and what is behind goes with the mailbox.
  func testAnExitSignalInALongInbox() {
    let world = World()
    let process = world.spawn()
    let count = LongInbox.cellsATurn * 3
    for i in 0..<count {
      if i == count / 2 { world.send(Keywords.kill, to: process.pid, kind: .exit) }
      world.send(Word(i), to: process.pid)
    }
    XCTAssertFalse(process.drainFilled())
    while unsafe process.block.pointee.isTakingIn { XCTAssertFalse(process.takeInMore()) }
    unsafe XCTAssertEqual(process.block.pointee.request, .exit)
    XCTAssertEqual(process.messageCount, count / 2)
    var behind = 0
    var next = process.extra.inbox.oldest
    while next != 0 {
      behind += 1
      next = MessageCell(address: next).next
    }
    XCTAssertEqual(process.messageCount + behind, count)
    world.end(process)
  }

  /// A mailbox that is full goes in steps, in which the process has ended for all others, and everybody is told of it.
  func testTheEndOfAFullMailboxTakesSeveralSteps() {
    for (seen, unseen) in [(0, 0), (1, 0), (0, 1), (30_000, 0), (0, 30_000), (9_000, 9_000)] {
      let world = World()
      let process = world.spawn()
      let asking = (0..<3).map { _ in world.spawn() }
      XCTAssertNotEqual(asking[0].call(ProcessNatives.awaitBegin, process.pid), .request)
      for i in 0..<seen { world.send(Word(i), to: process.pid) }
      process.takeInAll()
      XCTAssertNotEqual(asking[1].call(ProcessNatives.awaitBegin, process.pid), .request)
      for i in 0..<unseen { world.send(pair(asking[0], i, i), to: process.pid) }
      var steps = 1
      var isGone = unsafe Ending.end(process, Keywords.ok, Word(7), on: world.scheduler())
      XCTAssertNotEqual(asking[2].call(ProcessNatives.awaitBegin, process.pid), .request)
      while !isGone {
        let status = unsafe process.block.pointee.status.load(ordering: .relaxed)
        XCTAssertEqual(status, ProcessStatus.ended.rawValue)
        unsafe XCTAssertEqual(world.scheduler().pointee.freeSlots.endedCount, 0)
        XCTAssertEqual(asking[1].call(ProcessNatives.isAlive, process.pid), .false)
        world.send(Word(1), to: process.pid)
        isGone = unsafe Ending.goOn(process, on: world.scheduler())
        steps += 1
      }
      XCTAssertGreaterThanOrEqual(steps, (seen + unseen) / LongInbox.Budget.cellsAnEnd)
      if seen + unseen < 2 { XCTAssertEqual(steps, 1) }
      unsafe XCTAssertEqual(world.scheduler().pointee.freeSlots.endedCount, 1)
      for one in asking {
        guard let answer = one.receive({ _ in true }) else { return XCTFail("\(seen), \(unseen): not told") }
        XCTAssertEqual(member(member(answer, 1), 1), Word(7))
      }
    }
  }

  /// `flush!` takes so many at a time, which is paid for; what comes meanwhile is behind them.
  func testAFlushTakesSomeAtATime() {
    let world = World()
    let process = world.spawn()
    let count = ProcessNatives.flushedAtOnce * 2 + 7
    for i in 0..<count { world.send(i % 2 == 0 ? Word(i) : pair(process, i, i), to: process.pid) }
    var left = process.call(ProcessNatives.queued, .nil).integer ?? 0
    XCTAssertEqual(left, count)
    var list = Word.emptyList
    var calls = 0
    while left > 0 {
      world.send(.nil, to: process.pid)
      unsafe process.block.pointee.reductions = 4000
      list = process.call(ProcessNatives.flush, list, Word(left))
      calls += 1
      let taken = min(left, ProcessNatives.flushedAtOnce)
      unsafe XCTAssertEqual(process.block.pointee.reductions, 4000 - taken * 4)
      XCTAssertEqual(Lists.count(list), (calls - 1) * ProcessNatives.flushedAtOnce + taken)
      left -= taken
      unsafe process.block.pointee.frame.unsafelyUnwrapped[0] = list.bits
      process.collect()
      list = unsafe Word(bits: process.block.pointee.frame.unsafelyUnwrapped[0])
    }
    XCTAssertEqual(calls, 3)
    for i in 0..<count {
      let message = Lists.at(list, i)
      XCTAssertEqual(message.integer ?? member(message, 0).integer, i)
    }
    process.takeInAll()
    XCTAssertEqual(process.messageCount, calls)
    unsafe XCTAssertEqual(process.block.pointee.adoptedMessages, 0)
  }

  /// A single message of many chunks is much, too.
  func testTheEndWithAHugeMessageTakesSeveralSteps() {
    let world = World()
    let sender = world.spawn()
    let process = world.spawn()
    let list = makeList(sender.heap, 0..<3_000_000)
    let cell = Sending.makeCell(list, .message, to: process.pid, pool: world.pool)
    XCTAssertGreaterThan(cell.chunkWords, 3_000_000)
    XCTAssertTrue(unsafe Sending.post(cell, to: process.pid, on: world.scheduler()))
    world.end(sender)
    var steps = 1
    var isGone = unsafe Ending.end(process, Keywords.ok, .nil, on: world.scheduler())
    while !isGone {
      isGone = unsafe Ending.goOn(process, on: world.scheduler())
      steps += 1
    }
    XCTAssertGreaterThan(steps, 3)
  }

  /// Random receives and collections against a list: the first that matches goes, the rest stays as it was.
  func testSelectiveReceiveAgainstAModel() {
    for _ in 0..<30 {
      let seed = UInt64.random(in: 0..<1_000_000)
      var random = Seeded(seed)
      let world = World()
      let process = world.spawn()
      var model: [Int] = []
      for step in 0..<400 {
        switch random.below(5) {
        case 0, 1:
          let n = random.below(8)
          model.append(n)
          let message = random.below(2) == 0 ? Word(n) : pair(process, n, step)
          XCTAssertTrue(Sending.send(process, to: process.pid, message))
        case 2, 3:
          let wanted = random.below(8)
          let got = process.receive { ($0.integer ?? member($0, 0).integer) == wanted }
          let expected = model.firstIndex(of: wanted)
          if let expected { model.remove(at: expected) }
          if (got == nil) != (expected == nil) { return XCTFail("seed \(seed), step \(step)") }
        default:
          process.collect()
        }
      }
      XCTAssertEqual(process.call(ProcessNatives.queued, .nil), Word(model.count), "seed \(seed)")
      var left: [Int] = []
      while let message = process.receive({ _ in true }) {
        left.append(message.integer ?? member(message, 0).integer ?? -1)
      }
      XCTAssertEqual(left, model, "seed \(seed)")
      XCTAssertEqual(process.messageCount, 0)
      unsafe XCTAssertEqual(process.block.pointee.adoptedMessages, 0, "seed \(seed)")
    }
  }

  /// Whoever has looked at a full mailbox and then takes the oldest each time needs time in proportion to its length.
  func testDrainingAMailboxThatWasLookedAt() {
    let world = World()
    let process = world.spawn()
    let count = 20_000
    for i in 0..<count { XCTAssertTrue(Sending.send(process, to: process.pid, pair(process, i, i))) }
    XCTAssertNil(process.receive { _ in false })
    process.collect()
    let before = Clock.now()
    for i in 0..<count {
      guard let message = process.receive({ _ in true }), member(message, 0) == Word(i) else {
        return XCTFail("message \(i)")
      }
    }
    XCTAssertLessThan(Clock.now() - before, 2_000_000_000)
    unsafe XCTAssertEqual(process.block.pointee.adoptedMessages, 0)
  }

  /// A send costs a reduction, and what it copies; who is woken has a turn, which costs enough.
  func testASendIsChargedByWhatItCopies() {
    let world = World()
    let sender = world.spawn()
    let receiver = world.spawn()
    func cost(_ message: Word) -> Int {
      unsafe sender.block.pointee.reductions = 4_000
      while !Sending.send(sender, to: receiver.pid, message) {}
      return unsafe 4_000 - sender.block.pointee.reductions
    }
    func tuple(_ size: Int) -> Word {
      let tuple = sender.heap.allocate(.tuple, size: size)
      for i in 0..<size { tuple[i] = Word(i) }
      return tuple.word
    }
    XCTAssertTrue(unsafe receiver.block.pointee.inbox.tryPark())
    XCTAssertEqual(cost(Word(1)), 0, "it wakes the receiver")
    XCTAssertEqual(cost(Word(1)), 1)
    XCTAssertEqual(cost(tuple(2)), 1 + 3)
    XCTAssertEqual(cost(tuple(10)), 1 + 11)
    XCTAssertEqual(cost(tuple(20)), 1 + Sending.chunkReductions + 25 / Sending.wordsPerReduction)
    let words = 1_000
    XCTAssertEqual(
      Double(cost(tuple(words))), Double(Sending.chunkReductions + words / Sending.wordsPerReduction),
      accuracy: 5)
    world.end(sender)
  }

  /// Who sends to a long mailbox pays the more the longer it is; nobody pays for one that is short again, or whose owner waits.
  func testSendersToALongMailboxPay() {
    let world = World()
    let sender = world.spawn()
    let receiver = world.spawn()
    func cost() -> Int {
      unsafe sender.block.pointee.reductions = 4_000
      XCTAssertTrue(Sending.send(sender, to: receiver.pid, .nil))
      return unsafe 4_000 - sender.block.pointee.reductions
    }
    func send(_ messages: Int) -> Int { (0..<messages).map { _ in cost() }.reduce(0, max) }
    XCTAssertEqual(send(300), 1, "it does not know yet")
    XCTAssertTrue(receiver.drainInbox())
    XCTAssertEqual(cost(), 1 + 64)
    XCTAssertLessThan(send(40_000), 70, "nor how many these are")
    receiver.takeInAll()
    XCTAssertEqual(cost(), 1 + 512, "no message costs more")
    XCTAssertEqual(Pressure.price(Pressure.status(.runnable, messages: .max)), 512)
    while receiver.receive({ _ in true }) != nil {}
    XCTAssertEqual(cost(), 1)
    let before = unsafe world.scheduler().pointee.fines.now
    unsafe receiver.block.pointee.status.store(ProcessStatus.waiting.rawValue, ordering: .relaxed)
    XCTAssertEqual(send(10), 1)
    unsafe XCTAssertEqual(world.scheduler().pointee.fines.now, before)
    for messages in [0, Pressure.limit, Pressure.limit + 1, .max] {
      for status in [ProcessStatus.running, .runnable] {
        let byte = Pressure.status(status, messages: messages)
        XCTAssertEqual(ProcessStatus(of: byte), status)
        XCTAssertEqual(Pressure.isHigh(byte), messages > Pressure.limit)
      }
    }
  }

  /// What natives send is charged by its words, too: requests, replies, functions to spawn.
  func testNativesAreChargedForWhatTheySend() {
    let world = World()
    let caller = world.spawn()
    let server = world.spawn()
    for (words, least) in [(2, 7), (1_000, 1_000 / Sending.wordsPerReduction)] {
      let content = caller.heap.allocate(.tuple, size: words)
      for i in 0..<words { content[i] = .nil }
      unsafe caller.block.pointee.reductions = 4_000
      XCTAssertNotEqual(caller.call(ProcessNatives.callBegin, server.pid, content.word), .request)
      unsafe XCTAssertGreaterThanOrEqual(4_000 - caller.block.pointee.reductions, least, "\(words)")
    }
  }

  func testLargeMessagesAreCopiedInSteps() {
    let world = World()
    let sender = world.spawn()
    let receiver = world.spawn()
    let list = makeList(sender.heap, 0..<300_000)
    var steps = 0
    repeat {
      unsafe sender.block.pointee.reductions = 100
      steps += 1
    } while !Sending.send(sender, to: receiver.pid, list) && steps < 10_000
    XCTAssertGreaterThan(steps, 5)
    unsafe XCTAssertLessThan(sender.block.pointee.reductions, 100)
    world.end(sender)
    guard let received = receiver.receive({ _ in true }) else { return XCTFail("nothing came") }
    XCTAssertEqual(integers(received), Array(0..<300_000))
  }

  func testCellsForAnEarlierTenantVanish() {
    let world = World()
    let process = world.spawn()
    let stale = Word(.pid, process.pid.immediateValue + 1 << 24)
    for kind in [Signal.message, .exit, .reply, .awaitCancel] {
      let cell = Sending.makeCell(Word(1), kind, to: stale, pool: world.pool)
      XCTAssertTrue(unsafe Sending.post(cell, to: process.pid, on: world.scheduler()))
    }
    XCTAssertNil(process.receive { _ in true })
    XCTAssertEqual(process.messageCount, 0)
    XCTAssertEqual(process.request, .none)
  }

  func testExitSignals() {
    for (reason, left) in [(Keywords.kill, Keywords.killed), (Keywords.timeout, Keywords.timeout)] {
      let world = World()
      let process = world.spawn()
      world.send(Keywords.normal, to: process.pid, kind: .exit)
      world.send(Word(1), to: process.pid)
      XCTAssertTrue(process.drainInbox(), ":normal ends nobody")
      world.send(Word(2), to: process.pid)
      world.send(reason, to: process.pid, kind: .exit)
      world.send(Word(3), to: process.pid)
      XCTAssertFalse(process.drainInbox())
      XCTAssertEqual(process.request, .exit)
      unsafe XCTAssertEqual(process.block.pointee.requestValue, left)
      world.end(process)
      XCTAssertEqual(process.messageCount, 0)
    }
  }

  func testLimitsOfReceive() {
    let process = World().spawn()
    func waiting(_ limit: Word) -> Receiving.Waiting {
      XCTAssertTrue(Receiving.start(process, limit: limit))
      XCTAssertEqual(Receiving.next(process), .absent)
      return Receiving.wait(process)
    }
    XCTAssertEqual(waiting(.absent), .sleep)
    XCTAssertEqual(waiting(Keywords.infinity), .sleep)
    XCTAssertEqual(waiting(Word(1e300)), .sleep)
    unsafe XCTAssertEqual(process.block.pointee.deadline, 0)
    XCTAssertEqual(waiting(Word(60_000)), .sleep)
    XCTAssertTrue(Receiving.start(process, limit: Word(0)))
    while Clock.now() < (unsafe process.block.pointee.deadline) {}
    XCTAssertEqual(Receiving.wait(process), .timeIsUp)
    XCTAssertTrue(Sending.send(process, to: process.pid, Word(1)))
    XCTAssertEqual(Receiving.wait(process), .look, "a message beats the limit")
    for limit in [Word(-1), .nil, Word(Double.nan)] {
      XCTAssertFalse(Receiving.start(process, limit: limit))
      XCTAssertEqual(process.request, .panic)
    }
  }
}
