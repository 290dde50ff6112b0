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
    for (messages, charged) in [(1, 0), (100, 50), (2_000, 1_000), (50_000, 3_000)] {
      let world = World()
      let process = world.spawn()
      unsafe process.block.pointee.reductions = 4_000
      for i in 0..<messages { world.send(Word(i), to: process.pid) }
      XCTAssertTrue(process.drainInbox())
      unsafe XCTAssertEqual(process.block.pointee.reductions, 4_000 - charged, "\(messages) messages")
      for i in 0..<messages { XCTAssertEqual(process.receive { _ in true }, Word(i)) }
    }
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
    XCTAssertEqual(process.messageCount, count)
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
      let rest = process.call(ProcessNatives.flush, .nil)
      var cursor = MemberCursor(ordered: rest)
      var left: [Int] = []
      while cursor.remaining > 0 {
        let message = cursor.next()
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
      unsafe Sending.deliver(cell, to: process, on: world.scheduler())
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
