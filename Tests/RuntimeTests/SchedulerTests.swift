import CLinux
import Lanes
import Memory
import Words
import XCTest

@testable import Runtime
// Foundation, which XCTest brings along, has another.
@testable import struct Runtime.Process

/// Where a woken process goes. (That nothing is lost under threads is the business of `ludi stress`.)
final class SchedulerTests: XCTestCase {
  private func drain(_ block: UnsafeMutablePointer<SchedulerBlock>) -> [Process] {
    var found: [Process] = []
    while let address = unsafe block.pointee.lane.ring.pop() { found.append(Process(queued: address)) }
    return found
  }

  func testAMessageToASleeperMakesItRunnableOnce() {
    let world = World()
    let sleeper = world.spawn()
    let sender = world.spawn()
    XCTAssertTrue(unsafe sleeper.block.pointee.inbox.tryPark())
    for i in 0..<3 { XCTAssertTrue(Sending.send(sender, to: sleeper.pid, Word(i))) }
    let block = unsafe world.scheduler()
    unsafe XCTAssertEqual(block.pointee.lane.wakeSlot.content, sleeper.address)
    XCTAssertEqual(unsafe drain(block), [])
    XCTAssertFalse(unsafe sleeper.block.pointee.inbox.tryPark(), "it has messages")
  }

  func testAMessageToARunnerWakesNobody() {
    let world = World()
    let runner = world.spawn()
    let sender = world.spawn()
    XCTAssertTrue(Sending.send(sender, to: runner.pid, Word(1)))
    unsafe XCTAssertEqual(world.scheduler().pointee.lane.wakeSlot.content, 0)
    XCTAssertEqual(unsafe drain(world.scheduler()), [])
  }

  /// The wake slot's last tenant goes into the ring, in order.
  func testTheWakeSlotPassesItsTenantOn() {
    let world = World()
    let sleepers = (0..<4).map { _ in world.spawn() }
    let sender = world.spawn()
    for sleeper in sleepers {
      XCTAssertTrue(unsafe sleeper.block.pointee.inbox.tryPark())
      XCTAssertTrue(Sending.send(sender, to: sleeper.pid, .nil))
    }
    let block = unsafe world.scheduler()
    unsafe XCTAssertEqual(block.pointee.lane.wakeSlot.content, sleepers[3].address)
    XCTAssertEqual(unsafe drain(block), Array(sleepers[0..<3]))
  }

  /// Who has had a slice goes behind those who wait in the injection queue, not ahead of them into a ring.
  func testMoreThanRingsHoldWaitInOneLine() {
    let world = World()
    let processes = (0..<3).map { _ in world.spawn() }
    let block = unsafe world.scheduler()
    let policy = unsafe Scheduler.stealing(world.shared)
    let lane = unsafe Scheduler.lane(of: block)
    unsafe world.shared.pointee.stealing.inject.push(processes[0].address)
    unsafe block.pointee.lane.turnsToInject = StealingLane.injectInterval
    policy.preempted(processes[1].address, used: 1, lane)
    policy.preempted(processes[2].address, used: 1, lane)
    for process in processes { XCTAssertEqual(policy.next(lane), process.address) }
    XCTAssertNil(policy.next(lane))
  }

  /// A worker with a short ring takes from a long one, though it is not out of work.
  func testLongRingsAreBalanced() {
    let world = World(schedulers: 2)
    let processes = (0..<8).map { _ in world.spawn() }
    let policy = unsafe Scheduler.stealing(world.shared)
    for process in processes.prefix(7) { policy.spawned(process.address, policy.lane(of: 0)) }
    let mine = policy.lane(of: 1)
    for _ in 0..<(Balancing.interval * 20) {
      policy.preempted(processes[7].address, used: 1, mine)
      _ = unsafe mine.at.pointee.wakeSlot.take()
      if unsafe mine.at.pointee.ring.count > 1 { break }
      XCTAssertEqual(policy.next(mine), processes[7].address)
      // Somebody else waits here, too; else nobody looks around.
      _ = unsafe mine.at.pointee.wakeSlot.put(StealingLane.closedSlot)
    }
    unsafe XCTAssertGreaterThan(mine.at.pointee.ring.count, 2, "nothing was taken")
  }

  /// What only a worker that stands still could run goes to the one that saw it, and runs next there.
  func testWhoStandsStillIsRelieved() {
    let world = World(schedulers: 2)
    let (woken, other) = (world.spawn(), world.spawn())
    let policy = unsafe Scheduler.stealing(world.shared)
    policy.woken(woken.address, policy.lane(of: 0))
    policy.preempted(other.address, used: 1, policy.lane(of: 1))
    policy.relieve(0, policy.lane(of: 1))
    XCTAssertNil(policy.next(policy.lane(of: 0)))
    XCTAssertEqual(policy.next(policy.lane(of: 1)), woken.address)
    policy.relieve(0, policy.lane(of: 1))
    XCTAssertEqual(policy.next(policy.lane(of: 1)), other.address)
    XCTAssertNil(policy.next(policy.lane(of: 1)))
  }

  func testThievesFindWhatWasEnqueued() {
    let world = World(schedulers: 2)
    let process = world.spawn()
    unsafe Scheduler.enqueue(process, on: world.scheduler(0))
    let stolen = unsafe world.shared.pointee.stealing.thieves[0].steal(
      into: world.scheduler(1).pointee.lane.ring)
    XCTAssertEqual(stolen, process.address)
    XCTAssertEqual(unsafe drain(world.scheduler(0)), [])
  }

  func testProcessesAreCounted() {
    let world = World()
    let processes = (0..<5).map { _ in world.spawn() }
    unsafe XCTAssertEqual(world.shared.pointee.alive(), 5)
    XCTAssertEqual(Set(processes.map(\.address)).count, 5)
  }

  /// Each scheduler counts for itself, also ends of what another one has spawned.
  func testProcessesOfAllSchedulersAreCounted() {
    let world = World(schedulers: 3)
    let first = (0..<3).map { _ in world.spawn(on: 0) }
    let second = (0..<4).map { _ in world.spawn(on: 2) }
    unsafe XCTAssertEqual(world.shared.pointee.alive(), 7)
    XCTAssertEqual(Set((first + second).map(\.address)).count, 7)
    for (left, ender) in [(6, 1), (5, 1), (4, 2), (3, 0), (2, 0), (1, 1), (0, 2)] {
      // As `VirtualMachine.end` does, on the scheduler that ran the process last.
      unsafe world.scheduler(ender).pointee.ended.wrappingAdd(1, ordering: .sequentiallyConsistent)
      unsafe XCTAssertEqual(world.shared.pointee.alive(), left)
    }
  }
}

/// What an audited VM says of a step.
final class StepMeterTests: XCTestCase {
  /// Lets a step last until it counts as long, in the thread's own time.
  private func work() {
    let start = ludi_thread_nanoseconds()
    while ludi_thread_nanoseconds() - start < 300_000 {}
  }

  func testALongStepNamesTheNativeThatTookLongest() throws {
    let meter = StepMeter(isExact: true)
    meter.restart()
    let now = ludi_monotonic_nanoseconds()
    meter.called(.listSort, since: now - 2_000_000)
    meter.called(.listMerge, since: now - 5_000_000)
    meter.called(.listConcat, since: now - 1_000_000)
    work()
    meter.step(.turn, nil)
    let step = try XCTUnwrap(meter.longest.first)
    XCTAssertEqual(step.native?.name, "listMerge")
    XCTAssertGreaterThanOrEqual(try XCTUnwrap(step.native).nanoseconds, 5_000_000)
    XCTAssertTrue(step.text.contains("the native listMerge"), step.text)
  }

  func testANativeIsNamedInItsOwnStepOnly() throws {
    let meter = StepMeter(isExact: true)
    meter.restart()
    meter.called(.listSort, since: ludi_monotonic_nanoseconds() - 2_000_000)
    meter.step(.turn, nil)
    work()
    meter.step(.turn, nil)
    XCTAssertNil(try XCTUnwrap(meter.longest.first).native)
  }
}
