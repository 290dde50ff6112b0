// RunQueue+Owner.swift owns the half of a run queue that one thread may use: push and pop.

import Synchronization

extension RunQueue {
  /// The owner's half. It holds the ring's memory; whoever has it is the only one to push and pop.
  ///
  /// It must outlive its thieves: a scheduler pool frees its queues when all of its threads have ended.
  @frozen @safe public struct Owner: ~Copyable {
    @usableFromInline let ring: Ring

    /// An empty ring. `capacity` is a power of two, 2 at least; tests use 4 so that every edge is near.
    public init(capacity: Int = RunQueue.standardCapacity) {
      precondition(
        capacity >= 2 && capacity & (capacity - 1) == 0 && capacity <= 1 << 30,
        "the capacity of a run queue is a power of two from 2 to 2^30")
      let bytes = 128 + capacity * MemoryLayout<UInt>.stride
      let base = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: 128)
      unsafe (base + 128).initializeMemory(as: UInt.self, repeating: 0, count: capacity)
      ring = unsafe Ring(base: base, mask: UInt32(capacity - 1))
      unsafe ring.head.initialize(to: Atomic(0))
      unsafe ring.tail.initialize(to: Atomic(0))
    }

    deinit { unsafe ring.base.deallocate() }

    /// The half that other threads use. Valid as long as the owner lives.
    @inlinable public var thief: Thief { Thief(ring: ring) }
  }
}

extension RunQueue.Owner {
  /// How many elements wait (those that a thief is carrying away are not counted).
  @inlinable public var count: Int {
    // relaxed: our own `tail`, and a `head` that may be old: thieves only make the queue shorter.
    let head = unsafe RunQueue.Head(packed: ring.head.pointee.load(ordering: .relaxed))
    return unsafe Int(ring.tail.pointee.load(ordering: .relaxed) &- head.real)
  }

  /// Whether nothing waits. A true is certain, since only the owner pushes.
  @inlinable public var isEmpty: Bool { count == 0 }

  /// Appends `element`. False: the ring is full, and nothing was changed; see `push(_:overflow:)`.
  @inlinable @inline(__always)
  public borrowing func tryPush(_ element: UInt) -> Bool {
    // acquire: pairs with the releasing swaps of `head` by thieves: a slot that a thief gave back has been
    // read by it before we write it again.
    let head = unsafe RunQueue.Head(packed: ring.head.pointee.load(ordering: .acquiring))
    // relaxed: only we write `tail` (Q1).
    let tail = unsafe ring.tail.pointee.load(ordering: .relaxed)
    guard tail &- head.steal < ring.capacity else { return false }
    // SAFETY: Q1, the slot is free.
    unsafe ring.slot(tail).pointee = element
    // release: pairs with the acquiring load of `tail` in `steal`: who sees the new tail sees the element,
    // and all that was done to the process before it was queued.
    unsafe ring.tail.pointee.store(tail &+ 1, ordering: .releasing)
    return true
  }

  /// Removes the oldest element.
  @inlinable @inline(__always)
  public borrowing func pop() -> UInt? {
    // relaxed: only we write `tail`, and slots between `real` and `tail` were written by us (Q1).
    let tail = unsafe ring.tail.pointee.load(ordering: .relaxed)
    var seen = unsafe ring.head.pointee.load(ordering: .relaxed)
    while true {
      let head = RunQueue.Head(packed: seen)
      if head.real == tail { return nil }
      let real = head.real &+ 1
      // A thief at work keeps its `steal`; otherwise both marks move together.
      let next = RunQueue.Head(steal: head.isBeingRobbed ? head.steal : real, real: real)
      // release: pairs with the acquiring load of `head` in `claimHalf`: a thief that sees our mark then sees
      //   a tail that is not older, so that `tail - real` never goes below zero.
      // No acquire: the slot was written by ourselves, and what thieves have read is ordered by the acquiring
      //   load in `tryPush`, to which this swap hands on their release sequence.
      let (swapped, now) = unsafe ring.head.pointee.weakCompareExchange(
        expected: seen, desired: next.packed, successOrdering: .releasing, failureOrdering: .relaxed)
      if swapped {
        // SAFETY: Q3, claimed by the swap. Only we write slots, so it cannot be overwritten under us.
        return unsafe ring.slot(head.real).pointee
      }
      seen = now
    }
  }

  /// Claims the older half of a full ring and hands it to `body` as at most two pieces, oldest first.
  /// False, and `body` not called: a thief is at work or took the claim away; the ring has room now or soon.
  @inlinable
  public borrowing func spillHalf(
    _ body: (_ older: UnsafeBufferPointer<UInt>, _ newer: UnsafeBufferPointer<UInt>) -> Void
  ) -> Bool {
    Seam.reach(.runQueueSpilling)
    // relaxed: confirmed by the swap below.
    let seen = unsafe ring.head.pointee.load(ordering: .relaxed)
    let head = RunQueue.Head(packed: seen)
    let tail = unsafe ring.tail.pointee.load(ordering: .relaxed)
    guard !head.isBeingRobbed, tail &- head.real == ring.capacity else { return false }
    let half = ring.capacity / 2
    let mark = head.real &+ half
    // Claimed before it is read: safe, because only we could overwrite those slots. Orders as in `pop`.
    let claimed = unsafe ring.head.pointee.compareExchange(
      expected: seen, desired: RunQueue.Head(steal: mark, real: mark).packed,
      successOrdering: .releasing, failureOrdering: .relaxed
    ).exchanged
    guard claimed else { return false }
    let start = Int(head.real & ring.mask)
    let older = min(Int(half), Int(ring.capacity) - start)
    unsafe body(
      UnsafeBufferPointer(start: ring.slots + start, count: older),
      UnsafeBufferPointer(start: ring.slots, count: Int(half) - older))
    return true
  }
}
