// EventCount.swift owns waiting for a condition that other threads make true without a lock.

import CLinux
import Synchronization

/// A condition variable without a mutex: for helper threads (output, collection) that wait for work in a
/// lock-free queue. (Schedulers use `IdleSchedulers`, which wakes one of many and knows who searches.)
///
///     consumer:  loop { take work, or:  key = prepare(); look again → cancel() or wait(key) }
///     producer:  publish work; notify()
///
/// - E1 Between `prepare` and the end of `wait` or `cancel` the thread is counted in `waiters`.
/// - E2 Either the consumer's second look sees the work, or the producer sees the waiter and changes the epoch,
///   with which `wait` does not sleep. It must not move while it is used.
@frozen public struct EventCount: ~Copyable {
  @usableFromInline let epoch = Atomic<UInt32>(0)
  @usableFromInline let waiters = Atomic<UInt32>(0)

  /// Nobody waits.
  @inlinable public init() {}

  /// What `wait` needs from `prepare`.
  @frozen public struct Key: Sendable {
    @usableFromInline let epoch: UInt32
    @inlinable init(epoch: UInt32) { self.epoch = epoch }
  }

  /// Announces that the caller will wait. It must then look for work once more, and `cancel` or `wait`.
  public borrowing func prepare() -> Key {
    // relaxed, then the fence: pairs with the fence in `notify` (store waiters; fence; look for work there,
    // publish work; fence; look for waiters here: one of the two looks succeeds).
    waiters.wrappingAdd(1, ordering: .relaxed)
    // acquire, and before the fence: an epoch that changes after our second look must not be taken for the
    // one before it. Pairs with the releasing add in `notify`.
    let key = Key(epoch: epoch.load(ordering: .acquiring))
    atomicMemoryFence(ordering: .sequentiallyConsistent)
    Seam.reach(.eventPrepared)
    return key
  }

  /// Takes the announcement back: the second look found work.
  public borrowing func cancel() {
    // relaxed: a count too high only costs a needless wake.
    waiters.wrappingSubtract(1, ordering: .relaxed)
  }

  /// Sleeps until a `notify` that came after `prepare`, or for `nanoseconds` (negative: without limit). May
  /// return early for no reason: the caller loops.
  public borrowing func wait(_ key: Key, nanoseconds: Int64 = -1) {
    Seam.reach(.eventCommitting)
    // SAFETY: an `Atomic` is never copied, so the address of the borrowed word is the word's own.
    unsafe withUnsafePointer(to: epoch) { _ = unsafe ludi_futex_wait($0, key.epoch, nanoseconds) }
    waiters.wrappingSubtract(1, ordering: .relaxed)  // relaxed: as in `cancel`
  }

  /// Wakes every waiter. To be called after the work was published; a fence and a load if nobody waits.
  public borrowing func notify() {
    Seam.reach(.eventWaking)
    // Pairs with the fence in `prepare`.
    atomicMemoryFence(ordering: .sequentiallyConsistent)
    // relaxed: ordered by the fence.
    if waiters.load(ordering: .relaxed) == 0 { return }
    // release: pairs with the acquiring load in `prepare`.
    epoch.wrappingAdd(1, ordering: .releasing)
    unsafe withUnsafePointer(to: epoch) { _ = unsafe ludi_futex_wake($0, .max) }
  }
}
