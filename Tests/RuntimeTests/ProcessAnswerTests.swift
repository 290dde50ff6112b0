import Lanes
import Memory
import Words
import XCTest

@testable import Runtime
// Foundation, which XCTest brings along, has another.
@testable import struct Runtime.Process

/// `await!` and `call!`: tokens, marks, and answers that come too late.
final class ProcessAnswerTests: XCTestCase {
  func testWhoWaitsIsToldOfTheEnd() {
    let world = World()
    let waiting = world.spawn()
    let other = world.spawn()
    let token = waiting.call(ProcessNatives.awaitBegin, other.pid)
    XCTAssertNil(waiting.receive { _ in true })
    XCTAssertTrue(other.drainInbox())
    XCTAssertEqual(other.awaiterCount, 1)
    world.end(other, Word(42))
    let answer = waiting.receive { member($0, 0) == token }
    XCTAssertEqual(answer.map { member(member($0, 1), 0) }, Keywords.ok)
    XCTAssertEqual(answer.map { member(member($0, 1), 1) }, Word(42))
  }

  func testWhoAsksLateIsToldAtOnce() {
    let world = World()
    let waiting = world.spawn()
    let other = world.spawn()
    world.end(other, waiting.heap.makeString("what it left").word)
    for _ in 0..<2 {
      let token = waiting.call(ProcessNatives.awaitBegin, other.pid)
      let answer = waiting.receive { member($0, 0) == token }
      XCTAssertEqual(answer.map { shown(member(member($0, 1), 1)) }, "\"what it left\"")
    }
    let unknown = Word(.pid, 99 << 24 | 3)
    let token = waiting.call(ProcessNatives.awaitBegin, unknown)
    let answer = waiting.receive { member($0, 0) == token }
    XCTAssertEqual(answer.map { member(member($0, 1), 1) }, Keywords.unknown)
  }

  /// A request that reaches a slot's next tenant is answered with `:unknown`, also while that one ends.
  func testRequestsForAnEarlierTenant() {
    for endsFirst in [false, true] {
      let world = World()
      let waiting = world.spawn()
      let tenant = world.spawn()
      let stale = Word(.pid, tenant.pid.immediateValue + 1 << 24)
      let token = Tokens.make()
      unsafe waiting.block.pointee.awaitedToken = token
      let request = Tuples.make(waiting.heap, waiting.pid, token)
      let cell = Sending.makeCell(request, .awaitRequest, to: stale, pool: world.pool)
      XCTAssertTrue(unsafe Sending.post(cell, to: tenant.pid, on: world.scheduler()))
      if endsFirst { world.end(tenant, Word(1)) } else { XCTAssertTrue(tenant.drainInbox()) }
      let answer = waiting.receive { member($0, 0) == token }
      XCTAssertEqual(answer.map { member(member($0, 1), 1) }, Keywords.unknown, "\(endsFirst)")
    }
  }

  /// Where nothing is shared, what is large is copied in steps, whoever sends it; and what processes leave is shared all the same, so
  /// that it is never copied or freed in one step.
  func testLargeValuesThatAreNotSharedGoInSteps() {
    let above = Sharing.above.exchange(Int.max, ordering: .relaxed)
    defer { Sharing.above.store(above, ordering: .relaxed) }
    let world = World()
    let numbers = Array(0..<30_000)
    func inSteps(_ process: Process, atLeast least: Int = 11, _ body: () -> Word) -> Word {
      var slices = 0
      var result = Word.request
      repeat {
        unsafe process.block.pointee.reductions = 100
        unsafe process.block.pointee.request = .none
        result = body()
        slices += 1
      } while result == .request && process.request == .again
      XCTAssertGreaterThanOrEqual(slices, least)
      return result
    }
    let caller = world.spawn()
    let server = world.spawn()
    let token = inSteps(caller) {
      caller.call(ProcessNatives.callBegin, server.pid, makeList(caller.heap, numbers))
    }
    guard let request = server.receive({ _ in true }) else { return XCTFail("no request") }
    XCTAssertEqual(integers(member(request, 2)), numbers)
    XCTAssertEqual(member(member(request, 1), 1), token)
    // What is replied holds the very pair that names the caller.
    let value = Tuples.make(server.heap, member(request, 1), member(request, 2))
    XCTAssertEqual(inSteps(server) { server.call(ProcessNatives.reply, member(request, 1), value) }, value)
    guard let reply = caller.receive({ _ in true }) else { return XCTFail("no reply") }
    XCTAssertEqual(integers(member(member(reply, 2), 1)), numbers)
    let result = inSteps(server, atLeast: 4) { server.call(ProcessNatives.exitOther, caller.pid, value) }
    XCTAssertEqual(result, Keywords.ok)
    XCTAssertFalse(caller.drainInbox())
    XCTAssertEqual(checkOutcome(of: caller, .exit, in: world), Keywords.err)
    let other = Tuples.make(server.heap, Word(1), makeList(server.heap, numbers))
    XCTAssertEqual(inSteps(server, atLeast: 4) { server.call(ProcessNatives.finish, other) }, .request)
    XCTAssertEqual(checkOutcome(of: server, .finish, in: world), Keywords.ok)
    // The values of toplevel names are left as well.
    let importing = world.spawn()
    let list = makeList(importing.heap, numbers)
    let left = inSteps(importing, atLeast: 4) { Sharing.left(importing, list) ?? .request }
    XCTAssertTrue(left.isRegionPointer && integers(left) == numbers)
    world.end(importing)
  }

  /// Ends a process that leaves (x, a list of 30,000 numbers): whoever waits is told with a look at it, and who asks late, too. The
  /// first word of what they are told.
  private func checkOutcome(of process: Process, _ request: ProcessRequest, in world: World) -> Word {
    XCTAssertEqual(process.request, request)
    let asking = (0..<3).map { _ in world.spawn() }
    for one in asking { _ = one.call(ProcessNatives.awaitBegin, process.pid) }
    XCTAssertTrue(process.drainInbox())
    XCTAssertGreaterThanOrEqual(process.awaiterCount, 3)
    let key = request == .finish ? Keywords.ok : Keywords.err
    let value = unsafe process.block.pointee.requestValue
    XCTAssertTrue(unsafe Ending.end(process, key, value, on: world.scheduler()))
    unsafe XCTAssertEqual(MessageCell(address: process.block.pointee.outcome).chunkWords, 0)
    let late = world.spawn()
    _ = late.call(ProcessNatives.awaitBegin, process.pid)
    var kind = Word.nil
    for one in asking + [late] {
      guard let answer = one.receive({ _ in true }) else {
        XCTFail("not told")
        return .nil
      }
      kind = member(member(answer, 1), 0)
      XCTAssertTrue(member(member(answer, 1), 1).isRegionPointer)
      XCTAssertEqual(integers(member(member(member(answer, 1), 1), 1)), Array(0..<30_000))
      XCTAssertNil(one.complaint)
    }
    return kind
  }

  /// Who is told to end in the midst of such a copy ends with that reason, and nothing is left of the copy.
  func testAnEndInTheMidstOfACopy() {
    let above = Sharing.above.exchange(Int.max, ordering: .relaxed)
    defer { Sharing.above.store(above, ordering: .relaxed) }
    let world = World()
    let process = world.spawn()
    let waiting = world.spawn()
    _ = waiting.call(ProcessNatives.awaitBegin, process.pid)
    unsafe process.block.pointee.reductions = 100
    let list = makeList(process.heap, 0..<30_000)
    let server = world.spawn()
    XCTAssertEqual(process.call(ProcessNatives.callBegin, server.pid, list), .request)
    XCTAssertEqual(process.request, .again)
    world.send(Keywords.kill, to: process.pid, kind: .exit)
    XCTAssertFalse(process.drainInbox())
    XCTAssertFalse(Sharing.isUnderWay(process))
    XCTAssertTrue(Sharing.isCopying(process))
    let reason = unsafe process.block.pointee.requestValue
    var isGone = unsafe Ending.end(process, Keywords.err, reason, on: world.scheduler())
    while !isGone { isGone = unsafe Ending.goOn(process, on: world.scheduler()) }
    XCTAssertNil(server.receive { _ in true })
    XCTAssertEqual(waiting.receive { _ in true }.map { member(member($0, 1), 1) }, Keywords.killed)
  }

  /// The receive behind `awaitBegin` does not look at what was queued before; the next one does.
  func testAnswersAreLookedForBehindTheMark() {
    let world = World()
    let waiting = world.spawn()
    let other = world.spawn()
    for i in 0..<5 { world.send(Word(i), to: waiting.pid) }
    let token = waiting.call(ProcessNatives.awaitBegin, other.pid)
    world.send(Word(5), to: waiting.pid)
    world.send(Word(6), to: waiting.pid)
    XCTAssertTrue(other.drainInbox())
    world.end(other)
    var looked: [Int] = []
    let answer = waiting.receive { message in
      if let n = message.integer { looked.append(n) }
      return member(message, 0) == token
    }
    XCTAssertNotNil(answer)
    XCTAssertEqual(looked, [5, 6])
    var rest: [Int] = []
    while let message = waiting.receive({ _ in true }) { rest.append(message.integer ?? -1) }
    XCTAssertEqual(rest, [0, 1, 2, 3, 4, 5, 6])
  }

  func testLateAnswersAreDropped() {
    let world = World()
    let waiting = world.spawn()
    let other = world.spawn()
    let token = waiting.call(ProcessNatives.awaitBegin, other.pid)
    XCTAssertTrue(other.drainInbox())
    let stale = waiting.call(ProcessNatives.awaitBegin, other.pid)
    _ = waiting.call(ProcessNatives.awaitCancel, other.pid, stale)
    XCTAssertTrue(other.drainInbox())
    XCTAssertEqual(other.awaiterCount, 1, "the one given up is forgotten")
    _ = waiting.call(ProcessNatives.awaitCancel, other.pid, token)
    world.send(Word(1), to: waiting.pid)
    world.end(other)
    world.send(Word(2), to: waiting.pid)
    XCTAssertEqual(waiting.receive { _ in true }, Word(1))
    XCTAssertEqual(waiting.receive { _ in true }, Word(2))
    XCTAssertNil(waiting.receive { _ in true })
    XCTAssertEqual(waiting.messageCount, 0)
  }

  func testOnlyTheLivingAwait() {
    let world = World()
    let other = world.spawn()
    XCTAssertFalse(other.isAwaited)
    let waiting = (0..<3).map { _ in world.spawn() }
    for one in waiting { _ = one.call(ProcessNatives.awaitBegin, other.pid) }
    XCTAssertTrue(other.drainInbox())
    for one in waiting {
      XCTAssertTrue(other.isAwaited)
      world.end(one)
    }
    XCTAssertEqual(other.awaiterCount, 3)
    XCTAssertFalse(other.isAwaited)
  }

  func testCallsAndReplies() {
    let world = World()
    let client = world.spawn()
    let server = world.spawn()
    let token = client.call(ProcessNatives.callBegin, server.pid, Word(3))
    guard let request = server.receive({ _ in true }) else { return XCTFail("no request") }
    XCTAssertEqual(member(request, 0), Keywords.call)
    XCTAssertEqual(member(request, 2), Word(3))
    XCTAssertEqual(server.awaiterCount, 1)
    _ = server.call(ProcessNatives.reply, member(request, 1), Word(4))
    let reply = client.receive { member($0, 0) == Keywords.reply && member($0, 1) == token }
    XCTAssertEqual(reply.map { member($0, 2) }, Word(4))
    _ = client.call(ProcessNatives.callEnd, server.pid, token)
    // A second reply to the same call comes too late.
    _ = server.call(ProcessNatives.reply, Tuples.make(server.heap, client.pid, token), Word(5))
    XCTAssertTrue(server.drainInbox())
    XCTAssertEqual(server.awaiterCount, 0)
    XCTAssertNil(client.receive { _ in true })
    world.end(server)
    XCTAssertNil(client.receive { _ in true }, "nobody waits for the end any more")
  }

  func testRequestsAreForgottenInAnyOrder() {
    let world = World()
    let server = world.spawn()
    let clients = (0..<6).map { _ in world.spawn() }
    let tokens = clients.map { $0.call(ProcessNatives.callBegin, server.pid, .nil) }
    XCTAssertTrue(server.drainInbox())
    for i in [5, 0, 3] { _ = clients[i].call(ProcessNatives.callEnd, server.pid, tokens[i]) }
    XCTAssertTrue(server.drainInbox())
    XCTAssertEqual(server.awaiterCount, 3)
    world.end(server, Word(9))
    for (i, client) in clients.enumerated() {
      let answer = client.receive { member($0, 0) == tokens[i] }
      XCTAssertEqual(answer == nil, [5, 0, 3].contains(i), "client \(i)")
    }
  }
}
