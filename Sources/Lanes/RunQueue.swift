// RunQueue.swift owns the ring of runnable processes that each scheduler has: one owner, many thieves.
//
//   base ─► ┌──────────────────────────┐ 0    written by the owner (pop) and by thieves
//           │ head: steal:32 │ real:32 │
//           ├──────────────────────────┤ 64   written by the owner only
//           │ tail:32                  │
//           ├──────────────────────────┤ 128
//           │ slot 0 … slot capacity-1 │      plain words: an index is reduced by `mask`
//           └──────────────────────────┘
//
//      steal ≤ real ≤ tail ≤ steal + capacity       (as counters that wrap around)
//
//      [steal, real)   claimed by the one thief at work, which is copying them out
//      [real, tail)    waiting, free to be popped or claimed
//      [tail, steal + capacity)   free slots
//
// This is tokio's queue (runtime/scheduler/multi_thread/queue.rs). Go's queue reads slots first and claims
// them afterwards, so that its reads race with the owner's writes; here a slot is claimed first, its reader
// is alone with it, and slots are plain memory that ThreadSanitizer can check.

import Synchronization

/// The two halves of a run queue, and what they share.
///
/// - Q1 Only the owner writes `tail` and slots in `[tail, steal + capacity)`.
/// - Q2 `steal != real` means that one thief is copying `[steal, real)`; no second thief starts meanwhile,
///   and the owner does not write there.
/// - Q3 An element that was pushed leaves exactly once: by `pop`, by `spillHalf` or into a thief's ring.
/// - Q4 Elements leave in the order in which they were pushed.
public enum RunQueue {
  /// Capacity of a scheduler's ring. 256 as in Go and tokio: big enough that overflow is rare, small enough
  /// that half of it moves in well under a microsecond. A wrong value costs speed only.
  @inlinable public static var standardCapacity: Int { 256 }

  /// The memory that both halves see.
  @frozen @safe @usableFromInline struct Ring: @unchecked Sendable {
    // Sendable: every field behind `base` is atomic or guarded by Q1-Q3.
    @usableFromInline let base: UnsafeMutableRawPointer
    @usableFromInline let mask: UInt32

    @inlinable @inline(__always)
    init(base: UnsafeMutableRawPointer, mask: UInt32) {
      unsafe self.base = unsafe base
      self.mask = mask
    }

    @inlinable @inline(__always)
    var head: UnsafeMutablePointer<Atomic<UInt64>> {
      unsafe base.assumingMemoryBound(to: Atomic<UInt64>.self)
    }
    @inlinable @inline(__always)
    var tail: UnsafeMutablePointer<Atomic<UInt32>> {
      unsafe (base + 64).assumingMemoryBound(to: Atomic<UInt32>.self)
    }
    @inlinable @inline(__always)
    var slots: UnsafeMutablePointer<UInt> {
      unsafe (base + 128).assumingMemoryBound(to: UInt.self)
    }
    @inlinable @inline(__always)
    func slot(_ index: UInt32) -> UnsafeMutablePointer<UInt> {
      unsafe slots + Int(index & mask)
    }
    @inlinable var capacity: UInt32 { mask &+ 1 }
  }

  /// `head` taken apart.
  @frozen @usableFromInline struct Head {
    @usableFromInline var steal: UInt32
    @usableFromInline var real: UInt32

    @inlinable @inline(__always)
    init(steal: UInt32, real: UInt32) {
      self.steal = steal
      self.real = real
    }
    @inlinable @inline(__always)
    init(packed: UInt64) {
      steal = UInt32(truncatingIfNeeded: packed >> 32)
      real = UInt32(truncatingIfNeeded: packed)
    }
    @inlinable @inline(__always)
    var packed: UInt64 { UInt64(steal) << 32 | UInt64(real) }
    @inlinable @inline(__always)
    var isBeingRobbed: Bool { steal != real }
  }
}
