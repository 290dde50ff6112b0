import Lanes
import Memory
import Words
import XCTest

@testable import Runtime
// Foundation, which XCTest brings along, has another.
@testable import struct Runtime.Process

final class ProcessTableTests: XCTestCase {
  func testTheControlBlockIsSmall() {
    XCTAssertLessThanOrEqual(MemoryLayout<ProcessBlock>.size, 256)
  }

  func testAPidFindsItsProcessUntilTheSlotHasAnotherTenant() {
    let world = World()
    let process = world.spawn()
    let pid = process.pid
    XCTAssertEqual(world.find(pid), process)
    world.end(process, Word(7))
    XCTAssertEqual(world.find(pid), process, "who has ended can still be asked")
    let next = ProcessTable.nextPid(after: pid)
    unsafe process.block.pointee.pid.store(next.bits, ordering: .relaxed)
    XCTAssertNil(world.find(pid))
    XCTAssertEqual(world.find(next), process)
  }

  func testPidsOfSlotsThatDoNotExistFindNobody() {
    let world = World()
    XCTAssertNil(world.find(Word(.pid, 0)))
    _ = world.spawn()
    for slot in [5000, ProcessTable.maxSlots - 1] {
      XCTAssertNil(world.find(Word(.pid, 1 << 24 | UInt64(slot))))
    }
  }

  func testGenerationsCountAndWrapWithoutTouchingTheSlot() {
    let slot: UInt64 = 0xABCDEF
    var pid = Word(.pid, slot)
    for generation: UInt64 in 1...5 {
      pid = ProcessTable.nextPid(after: pid)
      XCTAssertEqual(pid, Word(.pid, generation << 24 | slot))
    }
    XCTAssertEqual(ProcessTable.nextPid(after: Word(.pid, 0xF_FFFF << 24 | slot)), Word(.pid, slot))
  }

  /// A slot rests until enough others have ended after its tenant, and the last that ended keep their outcome.
  func testSlotsRest() {
    let world = World()
    let count = ProcessTable.minimumRest + 2 * ProcessTable.slabSlots + 500
    var lastEnd: [UInt: Int] = [:]
    var pids: [Word] = []
    for i in 0..<count {
      let process = world.spawn()
      if let before = lastEnd[process.address] {
        XCTAssertGreaterThan(i - before, ProcessTable.minimumRest, "the slot was given away too early")
      }
      pids.append(process.pid)
      world.end(process, Word(i))
      lastEnd[process.address] = i
    }
    XCTAssertEqual(Set(pids.map(\.bits)).count, count, "a pid was given twice")
    XCTAssertLessThan(lastEnd.count, count, "no slot was reused")
    let asker = world.spawn()
    for i in (count - ProcessTable.minimumRest)..<count {
      let token = asker.call(ProcessNatives.awaitBegin, pids[i])
      let answer = asker.receive { member($0, 0) == token }
      guard let answer, member(member(answer, 1), 1) == Word(i) else {
        return XCTFail("the outcome of \(i) is gone")
      }
    }
    XCTAssertNil(world.find(pids[0]), "a stale pid finds somebody")
  }

  /// Many that were alive at once and have ended: only the last ones' results are kept, whoever needs their slots again.
  func testOldOutcomesAreForgotten() {
    let world = World()
    let count = ProcessTable.minimumRest + FreeSlots.surplus + 3_000
    let processes = (0..<count).map { _ in world.spawn() }
    for (i, process) in processes.enumerated() { world.end(process, Word(i)) }
    let kept = processes.map { unsafe $0.block.pointee.outcome != 0 }
    XCTAssertTrue(kept.suffix(ProcessTable.minimumRest).allSatisfy { $0 }, "one of the last is forgotten")
    let most = ProcessTable.minimumRest + FreeSlots.surplus
    XCTAssertLessThanOrEqual(kept.filter { $0 }.count, most)
    let asker = world.spawn()
    for i in [0, count - 1] {
      let token = asker.call(ProcessNatives.awaitBegin, processes[i].pid)
      let answer = asker.receive { member($0, 0) == token }
      XCTAssertEqual(answer.map { member(member($0, 1), 1) }, i == 0 ? Keywords.unknown : Word(i))
    }
  }

  func testFreeSlotsAreReusedOldestFirst() {
    let world = World()
    var slots = FreeSlots(rest: 2)
    XCTAssertTrue(unsafe world.shared.pointee.table.refill(&slots))
    var taken: [UnsafeMutablePointer<ProcessBlock>] = unsafe []
    for _ in 0..<3 { unsafe taken.append(slots.take().unsafelyUnwrapped) }
    unsafe slots.addEnded(taken[0])
    unsafe slots.addEnded(taken[1])
    unsafe XCTAssertFalse(taken.contains(slots.take().unsafelyUnwrapped), "two rest")
    unsafe slots.addEnded(taken[2])
    unsafe XCTAssertEqual(slots.take(), taken[0])
    unsafe XCTAssertEqual(slots.take(force: true), taken[1])
    unsafe XCTAssertEqual(slots.take(force: true), taken[2])
    XCTAssertEqual(slots.endedCount, 0)
  }

  /// Processes that are born on one scheduler and end on another, all the time: the table must not grow with them.
  func testSlotsWanderBackToWhereProcessesAreBorn() {
    let world = World(schedulers: 2)
    let rest = unsafe world.scheduler(1).pointee.freeSlots.rest
    let kept = rest + FreeSlots.surplus + FreeSlots.batch
    var lastEnd: [UInt: Int] = [:]
    for i in 0..<(3 * kept) {
      let process = world.spawn(on: 0)
      if let before = lastEnd[process.address] {
        XCTAssertGreaterThan(i - before, rest, "the slot was given away too early")
      }
      world.end(process, on: 1)
      lastEnd[process.address] = i
      XCTAssertLessThanOrEqual(unsafe world.scheduler(1).pointee.freeSlots.endedCount, kept)
    }
    let slots = unsafe world.shared.pointee.table.slotCount
    XCTAssertLessThanOrEqual(slots, kept + ProcessTable.slabSlots, "the table grew")
  }

  func testFreeSlotsRefuseMessages() {
    let world = World()
    let process = world.spawn()
    let pid = process.pid
    world.end(process)
    XCTAssertFalse(unsafe Sending.signal(.message, Word(1), to: pid, on: world.scheduler()))
    XCTAssertTrue(unsafe process.block.pointee.inbox.isEmpty)
  }
}
