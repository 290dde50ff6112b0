// LockOrder.swift owns the one list of all locks of the VM, and the check that they are taken in its order.
//
// Two threads that take two locks in opposite orders stop each other for ever, some day. If every thread
// takes locks only in the order of one list, that cannot happen (Erlang's erl_lock_check.c, same idea).

import CLinux

/// Every kind of lock in the VM. A thread may take a lock only if its rank is above all that it holds; so two
/// locks of the same rank are never held together. A new lock gets a case here, at its place in the order.
@frozen public enum LockRank: UInt8, Sendable, CaseIterable {
  /// Loading and publishing modules: held while much else happens.
  case modules = 4
  /// The growth of the process table.
  case processTable = 8
  /// Registered names.
  case names = 12
  /// The starting and stopping of scheduler threads.
  case schedulerPool = 16
  /// The timers of one scheduler.
  case timers = 17
  /// What an ended process left.
  case processOutcome = 18
  /// The shared region's own tables.
  case sharedRegion = 20
  /// The list of sleeping schedulers (`IdleSchedulers`).
  case idleSchedulers = 32
  /// The queue of one worker under a policy that locks it.
  case policyLane = 34
  /// The storage of an inject queue: whoever holds it only moves words.
  case injectQueue = 36
  /// The output line by line: last, so that anybody may print.
  case output = 60
}

/// The check, in debug builds. In release builds both functions are empty.
@usableFromInline
enum LockOrder {
  /// Traps if taking a lock of `rank` now could deadlock.
  @inlinable @inline(__always)
  static func willLock(_ rank: UInt8) {
    #if DEBUG
      noteLock(rank)
    #endif
  }

  /// Notes that the calling thread let go of a lock of `rank`.
  @inlinable @inline(__always)
  static func didUnlock(_ rank: UInt8) {
    #if DEBUG
      noteUnlock(rank)
    #endif
  }

  #if DEBUG
    @usableFromInline @inline(never)
    static func noteLock(_ rank: UInt8) {
      let held = unsafe ludi_held_lock_ranks()!
      // SAFETY: the variable is the calling thread's own.
      let above = unsafe held.pointee >> UInt64(rank)
      precondition(above == 0, "lock order: rank \(rank) wanted while the same or a higher one is held")
      unsafe held.pointee |= 1 << UInt64(rank)
    }

    @usableFromInline @inline(never)
    static func noteUnlock(_ rank: UInt8) {
      let held = unsafe ludi_held_lock_ranks()!
      unsafe held.pointee &= ~(1 << UInt64(rank))
    }
  #endif
}
