import Lanes
import XCTest

@testable import Runtime
// Foundation, which XCTest brings along, has another.
@testable import struct Runtime.Process

/// Whose scheduler lets timers run out. Nothing here waits: deadlines lie long ago, or far ahead.
final class TimerTests: XCTestCase {
  private let longAgo: UInt64 = 1
  private let world = World(schedulers: 2)
  private var machine: VirtualMachine?

  override func setUpWithError() throws {
    machine = try VirtualMachine(prelude: Evaluation.prelude(), options: VMOptions())
  }

  private func scheduler(_ index: Int) throws -> Scheduler {
    try unsafe Scheduler(block: world.scheduler(index), machine: XCTUnwrap(machine))
  }

  /// A process that scheduler 0 runs and that has started its timer, but has not parked yet.
  private func parking(until deadline: UInt64) throws -> Process {
    let process = world.spawn()
    unsafe process.block.pointee.status.store(ProcessStatus.running.rawValue, ordering: .relaxed)
    unsafe process.block.pointee.deadline = deadline
    try scheduler(0).startTimer(process)
    return process
  }

  private func sleeping(until deadline: UInt64) throws -> Process {
    let process = try parking(until: deadline)
    park(process)
    return process
  }

  private func park(_ process: Process) {
    unsafe process.block.pointee.status.store(ProcessStatus.waiting.rawValue, ordering: .relaxed)
    XCTAssertTrue(unsafe process.block.pointee.inbox.tryPark())
  }

  /// A scheduler looks at timers as often as it takes until it has looked at its neighbour's.
  private func lookAround(_ index: Int) throws -> [Process] {
    for _ in 0..<Scheduler.neighbourInterval { try look(index) }
    return woken(index)
  }

  private func look(_ index: Int) throws {
    unsafe try scheduler(index).lookAtTimers(
      Scheduler.stealing(world.shared), Scheduler.lane(of: world.scheduler(index)))
  }

  /// Who has been made runnable on a scheduler.
  private func woken(_ index: Int) -> [Process] {
    let policy = unsafe Scheduler.stealing(world.shared)
    var found: [Process] = []
    while let task = policy.next(policy.lane(of: index)) { found.append(Process(queued: task)) }
    return found
  }

  private var timers: Int { unsafe world.shared.pointee.timers.load(ordering: .relaxed) }

  func testASchedulerWakesItsOwn() throws {
    let sleepers = [try sleeping(until: longAgo), try sleeping(until: longAgo + 1)]
    try look(0)
    XCTAssertEqual(Set(woken(0).map(\.address)), Set(sleepers.map(\.address)))
    XCTAssertEqual(timers, 0)
    for sleeper in sleepers { unsafe XCTAssertEqual(sleeper.block.pointee.timer, 0, "nothing to cancel") }
  }

  func testANeighbourWakesWhoseTimersAreLate() throws {
    let sleepers = [try sleeping(until: longAgo), try sleeping(until: longAgo + 1)]
    XCTAssertEqual(Set(try lookAround(1).map(\.address)), Set(sleepers.map(\.address)))
    XCTAssertEqual(timers, 0)
    try look(0)
    XCTAssertEqual(woken(0), [], "woken twice")
  }

  func testANeighbourLeavesTimersThatAreNotLate() throws {
    let sleeper = try sleeping(until: UInt64.max - 1)
    XCTAssertEqual(try lookAround(1), [])
    XCTAssertEqual(timers, 1)
    XCTAssertFalse(unsafe sleeper.block.pointee.inbox.tryPark(), "it is still parked")
  }

  /// Who has started its timer and not parked yet would wait for ever if the timer were gone.
  func testANeighbourLeavesTheTimerOfWhoIsAboutToPark() throws {
    let process = try parking(until: longAgo)
    XCTAssertEqual(try lookAround(1), [])
    XCTAssertEqual(timers, 1)
    park(process)
    try look(0)
    XCTAssertEqual(woken(0), [process])
  }

  /// Who has been woken by something else cancels its timer when it runs; until then it is in nobody's way.
  func testANeighbourPassesTimersOfTheWoken() throws {
    let woken = try sleeping(until: longAgo)
    let sleeper = try sleeping(until: longAgo + 1)
    XCTAssertTrue(unsafe woken.block.pointee.inbox.unpark())
    unsafe woken.block.pointee.status.store(ProcessStatus.runnable.rawValue, ordering: .relaxed)
    XCTAssertEqual(try lookAround(1), [sleeper])
    try scheduler(0).cancelTimer(woken)
    XCTAssertEqual(timers, 0)
  }

  func testANeighbourDoesNotWaitForALock() throws {
    let sleeper = try sleeping(until: longAgo)
    unsafe world.scheduler(0).pointee.timerLock.lock()
    XCTAssertEqual(try lookAround(1), [])
    unsafe world.scheduler(0).pointee.timerLock.unlock()
    XCTAssertEqual(try lookAround(1), [sleeper])
  }
}

/// How a scheduler learns that there are very many processes.
final class CrowdTests: XCTestCase {
  /// Each scheduler looks once in a round over its neighbours, whatever its place among them.
  func testEverySchedulerSeesACrowd() throws {
    let machine = try VirtualMachine(prelude: Evaluation.prelude(), options: VMOptions())
    for count in 1...4 {
      let world = World(schedulers: count)
      unsafe world.scheduler(0).pointee.spawned.store(1_000_000, ordering: .relaxed)
      for index in 0..<count {
        let scheduler = unsafe Scheduler(block: world.scheduler(index), machine: machine)
        for _ in 0..<(Scheduler.neighbourInterval * count) {
          unsafe scheduler.lookAtTimers(
            Scheduler.stealing(world.shared), Scheduler.lane(of: world.scheduler(index)))
        }
        XCTAssertTrue(unsafe world.scheduler(index).pointee.isCrowded, "\(index) of \(count)")
      }
    }
  }
}
