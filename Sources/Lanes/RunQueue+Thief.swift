// RunQueue+Thief.swift owns the half of a run queue that every other thread may use: steal.

import Synchronization

extension RunQueue {
  /// The thieves' half: copy it freely, use it from any thread while the owner lives.
  @frozen public struct Thief: Sendable {
    @usableFromInline let ring: Ring

    @inlinable init(ring: Ring) { self.ring = ring }
  }
}

extension RunQueue.Thief {
  /// Whether nothing seemed to wait. A hint: the owner pushes and pops meanwhile.
  @inlinable public var isEmpty: Bool { count == 0 }

  /// How many elements seemed to wait.
  @inlinable public var count: Int {
    // relaxed `tail` after an acquiring `head`: a hint, kept within 0 … capacity because the two are read
    // one after the other. A scheduler that is about to sleep looks here behind the fence of its idle set.
    let head = unsafe RunQueue.Head(packed: ring.head.pointee.load(ordering: .acquiring))
    let tail = unsafe ring.tail.pointee.load(ordering: .relaxed)
    let waiting = Int32(bitPattern: tail &- head.real)
    return Int(max(0, min(waiting, Int32(ring.capacity))))
  }

  /// Takes the older half (rounded up) of the victim's elements, but at most `limit`: the newest of them is returned,
  /// to be run at once, the others are appended to `mine`, the caller's own ring, in their order.
  ///
  /// Nil: nothing was there, another thief was at work, or `mine` is more than half full. Never waits.
  @inlinable
  public func steal(into mine: borrowing RunQueue.Owner, limit: UInt32 = .max) -> UInt? {
    // Room for the most that we may take? `mine` may look empty and yet have claimed slots.
    // acquire, relaxed: as in `tryPush`, we are about to write into our own free slots.
    let myHead = unsafe RunQueue.Head(packed: mine.ring.head.pointee.load(ordering: .acquiring))
    let myTail = unsafe mine.ring.tail.pointee.load(ordering: .relaxed)
    let room = mine.ring.capacity &- (myTail &- myHead.steal)
    guard room >= ring.capacity / 2 else { return nil }
    guard let claim = claimHalf(limit) else { return nil }
    Seam.reach(.runQueueClaimed)
    // SAFETY: Q2, `[first, first + count)` of the victim is ours to read; Q1, our own free slots are ours
    // to write.
    for i in 0..<claim.count {
      unsafe mine.ring.slot(myTail &+ i).pointee = ring.slot(claim.first &+ i).pointee
    }
    Seam.reach(.runQueueCopied)
    giveBack(claim)
    // The last one is returned instead of queued: its slot lies behind the new tail and is free again.
    let kept = claim.count &- 1
    let element = unsafe mine.ring.slot(myTail &+ kept).pointee
    if kept > 0 {
      // release: pairs with the acquiring load of `tail` by those who steal from us.
      unsafe mine.ring.tail.pointee.store(myTail &+ kept, ordering: .releasing)
    }
    return element
  }

  /// Slots `[first, first + count)` of the victim, claimed by this thief, with the packed head it installed.
  @frozen @usableFromInline struct Claim {
    @usableFromInline let first: UInt32
    @usableFromInline let count: UInt32
    @usableFromInline let installed: UInt64

    @inlinable init(first: UInt32, count: UInt32, installed: UInt64) {
      self.first = first
      self.count = count
      self.installed = installed
    }
  }

  /// Moves `real` over the older half, but at most `limit` elements, and leaves `steal` behind, which locks out
  /// other thieves and keeps the owner from reusing the slots (Q2).
  @inlinable
  func claimHalf(_ limit: UInt32) -> Claim? {
    // acquire: pairs with the releasing swaps of `head` in `pop` and `giveBack`: the `tail` that we load after
    // it is not older than the head, so that `tail - real` never goes below zero. (No test of ours sees this
    // one weakened: x86 never swaps two loads, and the sanitizer does not play stale values.)
    var seen = unsafe ring.head.pointee.load(ordering: .acquiring)
    while true {
      let head = RunQueue.Head(packed: seen)
      if head.isBeingRobbed { return nil }
      // acquire: pairs with the owner's releasing store of `tail`: the slots below it have been written.
      let tail = unsafe ring.tail.pointee.load(ordering: .acquiring)
      let waiting = tail &- head.real
      let count = min(waiting &- waiting / 2, limit)
      // A `tail` that ran far ahead of an old `head` gives nonsense here; the swap would fail then.
      if count == 0 { return nil }
      let next = RunQueue.Head(steal: head.steal, real: head.real &+ count)
      // The swap succeeds only if `head` did not change, and then the slots cannot have been reused either.
      // acquire and release are more than is needed (the reads below are covered by the tail, and what later
      // thieves and the owner must see is released by `giveBack`), but claiming without either is hard to
      // explain and no faster. acquire on failure: as for the load above, `seen` is used with a new tail.
      let (swapped, now) = unsafe ring.head.pointee.weakCompareExchange(
        expected: seen, desired: next.packed,
        successOrdering: .acquiringAndReleasing, failureOrdering: .acquiring)
      if swapped {
        assert(count <= ring.capacity &- ring.capacity / 2)
        return Claim(first: head.real, count: count, installed: next.packed)
      }
      seen = now
    }
  }

  /// Moves `steal` up to `real`: the claimed slots are free. The owner may have popped meanwhile, so it
  /// takes as many tries as there are pops in between.
  @inlinable
  func giveBack(_ claim: Claim) {
    var seen = claim.installed
    while true {
      let real = RunQueue.Head(packed: seen).real
      // release: pairs with the owner's acquiring load in `tryPush`: our reads of the slots come before its
      // next writes to them; and with the acquiring load in `claimHalf`: the next thief sees a tail that is not
      // older than ours. No acquire: of what we see we only use `real`.
      let (swapped, now) = unsafe ring.head.pointee.weakCompareExchange(
        expected: seen, desired: RunQueue.Head(steal: real, real: real).packed,
        successOrdering: .releasing, failureOrdering: .relaxed)
      if swapped { return }
      seen = now
    }
  }
}
