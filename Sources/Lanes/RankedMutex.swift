// RankedMutex.swift owns the VM's lock: four bytes, to be embedded anywhere, sleeping on a futex when it must.
//
//   word:  [ 0:16 | rank:8 | state:8 ]        state  0 free · 1 held · 2 held, and somebody may sleep

import CLinux
import Synchronization

/// A mutual exclusion lock with a rank (see `LockRank`).
///
/// For short sections that touch a few words; it spins for a moment and then sleeps. Not recursive, not
/// fair. It must not move while it is used (so it lives in raw memory, in a class or behind a pointer).
///
/// This is Drepper's second mutex ("Futexes are tricky"). `Synchronization.Mutex` would do as well, but
/// it owns its value and knows no ranks.
@frozen public struct RankedMutex: ~Copyable {
  @usableFromInline let word: Atomic<UInt32>

  /// How often the lock is looked at before the thread sleeps: about a microsecond, several times as long as
  /// our sections take. Too large wastes the processor when the holder was preempted, too small sleeps needlessly.
  @inlinable static var spins: Int { 40 }

  /// A free lock.
  @inlinable public init(rank: LockRank) { word = Atomic(UInt32(rank.rawValue) << 8) }

  /// Takes the lock, sleeps while another thread has it.
  @inlinable @inline(__always)
  public borrowing func lock() {
    // relaxed: the rank never changes; the swap confirms the rest.
    let free = word.load(ordering: .relaxed) & ~0xFF
    LockOrder.willLock(UInt8(free >> 8))
    // acquire: pairs with the releasing exchange in `unlock`: we see what the last holder wrote.
    let taken = word.weakCompareExchange(
      expected: free, desired: free | 1, successOrdering: .acquiring, failureOrdering: .relaxed
    ).exchanged
    if !taken { lockSlowly(free) }
  }

  /// Takes the lock if it is free. False: another thread has it, and nothing is held.
  @inlinable @inline(__always)
  public borrowing func tryLock() -> Bool {
    let free = word.load(ordering: .relaxed) & ~0xFF
    // acquire: as in `lock`. Strong, so that a free lock is never taken for one that is held.
    let taken = word.compareExchange(
      expected: free, desired: free | 1, successOrdering: .acquiring, failureOrdering: .relaxed
    ).exchanged
    if taken { LockOrder.willLock(UInt8(free >> 8)) }
    return taken
  }

  /// Gives the lock back. Only its holder may.
  @inlinable @inline(__always)
  public borrowing func unlock() {
    let free = word.load(ordering: .relaxed) & ~0xFF
    // release: pairs with the acquiring swaps in `lock` and `lockSlowly`.
    let old = word.exchange(free, ordering: .releasing)
    assert(old & 0xFF != 0, "unlock of a free lock")
    LockOrder.didUnlock(UInt8(free >> 8))
    if old & 0xFF == 2 { wakeSleeper() }
  }

  /// Runs `body` while holding the lock.
  @inlinable @inline(__always)
  public borrowing func withLock<Result: ~Copyable>(_ body: () -> Result) -> Result {
    lock()
    defer { unlock() }
    return body()
  }

  @usableFromInline @inline(never)
  borrowing func lockSlowly(_ free: UInt32) {
    for _ in 0..<RankedMutex.spins {
      // relaxed: a look, to keep the cache line shared; the swap decides. acquire: as in `lock`.
      if word.load(ordering: .relaxed) == free,
        word.weakCompareExchange(
          expected: free, desired: free | 1, successOrdering: .acquiring, failureOrdering: .relaxed
        ).exchanged
      {
        return
      }
      ludi_spin_hint()
    }
    // From here on the lock is taken as "somebody may sleep", since we cannot know that nobody does. The
    // price is at most one needless wake. acquire: as in `lock`.
    while word.exchange(free | 2, ordering: .acquiring) != free {
      // SAFETY: an `Atomic` is never copied, so the address of the borrowed word is the word's own.
      unsafe withUnsafePointer(to: word) { _ = unsafe ludi_futex_wait($0, free | 2, -1) }
    }
  }

  @usableFromInline @inline(never)
  borrowing func wakeSleeper() {
    // SAFETY: as in `lockSlowly`. (The lock may be gone by now if its memory was freed by the next holder:
    // a wake on a stale address wakes nobody, or somebody who looks again.)
    unsafe withUnsafePointer(to: word) { _ = unsafe ludi_futex_wake($0, 1) }
  }
}
