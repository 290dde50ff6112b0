import Synchronization
import XCTest

@testable import Lanes
@testable import lanes_stress

final class WakeSlotTests: XCTestCase {
  private let slot = Shared(WakeSlot())

  private func needsBarrier() throws {
    try XCTSkipUnless(Membarrier.isReady, "this kernel has no barrier for all threads")
  }

  func testTheOwnerTakesWhatItPutLast() {
    XCTAssertEqual(slot.value.take(), 0)
    XCTAssertEqual(slot.value.put(2), 0)
    XCTAssertEqual(slot.value.put(4), 2)
    XCTAssertEqual(slot.value.content, 4)
    XCTAssertEqual(slot.value.take(), 4)
    XCTAssertEqual(slot.value.take(), 0)
  }

  func testThieves() throws {
    try needsBarrier()
    XCTAssertEqual(slot.value.rob(), 0, "nothing is there")
    _ = slot.value.put(2)
    XCTAssertEqual(slot.value.rob(), 2)
    XCTAssertEqual(slot.value.rob(), 0, "it is gone")
    XCTAssertEqual(slot.value.take(), 0)
    _ = slot.value.put(WakeSlot.largestMark)
    XCTAssertEqual(slot.value.rob(), 0, "a mark stays")
  }

  func testTheOwnerPutsSomethingOverWhatWasRobbed() throws {
    try needsBarrier()
    // The robbed task itself may come back, too.
    for next: UInt in [4, 2] {
      _ = slot.value.put(2)
      XCTAssertEqual(slot.value.rob(), 2)
      XCTAssertEqual(slot.value.put(next), 0)
      XCTAssertEqual(slot.value.take(), next)
      XCTAssertEqual(slot.value.take(), 0)
    }
  }

  #if DEBUG
    /// What a thief gets who is held at a point, where `meanwhile` happens.
    private func robbed(at point: SeamPoint, meanwhile: @escaping @Sendable () -> Void) -> UInt {
      let robbed = Shared(Atomic<UInt>(99))
      Hold.at(
        point, { [slot] in robbed.value.store(slot.value.rob(), ordering: .relaxed) }, meanwhile: meanwhile)
      return robbed.value.load(ordering: .relaxed)
    }

    func testTheOwnerSendsAThiefAway() throws {
      try needsBarrier()
      _ = slot.value.put(2)
      let robbed = robbed(at: .wakeSlotClaimed) { [slot] in
        XCTAssertEqual(slot.value.take(), 2)
        // Though the same lies there again.
        XCTAssertEqual(slot.value.put(2), 0)
      }
      XCTAssertEqual(robbed, 0)
      XCTAssertEqual(slot.value.take(), 2)
    }

    func testATaskThatWentBeforeItWasClaimedIsNotRobbed() throws {
      try needsBarrier()
      _ = slot.value.put(2)
      let robbed = robbed(at: .wakeSlotWanting) { [slot] in XCTAssertEqual(slot.value.put(4), 2) }
      XCTAssertEqual(robbed, 0)
      XCTAssertEqual(slot.value.take(), 4)
    }

    /// The owner sees the claim, but the thief has found nothing and withdrawn before the owner can send it away.
    func testTheThiefGoesAwayByItself() throws {
      try needsBarrier()
      for next: UInt in [0, 4] {
        _ = slot.value.put(2)
        let robbed = Shared(Atomic<UInt>(99))
        let seams = Seams([.wakeSlotClaimed, .wakeSlotSettling])
        onThreads(2) { [slot] me in
          if me == 0 { return robbed.value.store(slot.value.rob(), ordering: .relaxed) }
          seams.waitFor(.wakeSlotClaimed)
          // The owner has replaced the task, so that the thief finds it gone, and yet is not told until later.
          XCTAssertEqual(next == 0 ? slot.value.take() : slot.value.put(next), 2)
        } alongside: {
          seams.waitFor(.wakeSlotSettling)
          seams.release(.wakeSlotClaimed)
          waitUntil("the thief has gone") { robbed.value.load(ordering: .relaxed) != 99 }
          seams.release(.wakeSlotSettling)
        }
        XCTAssertEqual(robbed.value.load(ordering: .relaxed), 0, "it was no longer there")
        XCTAssertEqual(slot.value.take(), next)
      }
    }

    /// The task is taken, runs, and is woken again while a thief is about to claim it: it is the new one that is robbed,
    /// and what it displaced is the owner's.
    func testTheSameTaskComesBackAndIsRobbed() throws {
      try needsBarrier()
      _ = slot.value.put(2)
      let robbed = Shared(Atomic<UInt>(99))
      let seams = Seams([.wakeSlotWanting, .wakeSlotClaimed, .wakeSlotSettling])
      onThreads(2) { [slot] me in
        if me == 0 { return robbed.value.store(slot.value.rob(), ordering: .relaxed) }
        seams.waitFor(.wakeSlotWanting)
        XCTAssertEqual(slot.value.put(4), 2)
        seams.release(.wakeSlotWanting)
        seams.waitFor(.wakeSlotClaimed)
        XCTAssertEqual(slot.value.put(2), 4)
      } alongside: {
        seams.waitFor(.wakeSlotSettling)
        seams.release(.wakeSlotClaimed)
        waitUntil("the thief has gone") { robbed.value.load(ordering: .relaxed) != 99 }
        seams.release(.wakeSlotSettling)
      }
      XCTAssertEqual(robbed.value.load(ordering: .relaxed), 2)
      XCTAssertEqual(slot.value.take(), 0)
    }
  #endif
}

#if DEBUG
  /// Holds the first thread that reaches each of some seams until that seam is released.
  private final class Seams: Sendable {
    private let arrived = Mutex<Set<SeamPoint>>([])
    private let held: Mutex<Set<SeamPoint>>

    init(_ points: Set<SeamPoint>) {
      held = Mutex(points)
      Seam.install { point in
        guard self.isHeld(point), self.arrived.withLock({ $0.insert(point).inserted }) else { return }
        waitUntil("\(point) is released") { !self.isHeld(point) }
      }
    }
    func waitFor(_ point: SeamPoint) {
      waitUntil("\(point) is reached") { arrived.withLock { $0.contains(point) } }
    }
    func release(_ point: SeamPoint) {
      let isLast = held.withLock { held in
        held.remove(point)
        return held.isEmpty
      }
      if isLast { Seam.remove() }
    }
    private func isHeld(_ point: SeamPoint) -> Bool { held.withLock { $0.contains(point) } }
  }

  /// As `onThreads (count, body)`, with one more thread that does something else.
  private func onThreads(
    _ count: Int, _ body: @escaping @Sendable (Int) -> Void, alongside: @escaping @Sendable () -> Void
  ) {
    lanes_stress.onThreads(count + 1) { me in me < count ? body(me) : alongside() }
  }
#endif
