// Parker.swift owns the sleep of one thread: park until somebody unparks it, or until some time has passed.

import CLinux
import Synchronization

/// A place for one thread to sleep, with room for one wake that came too early.
///
/// The word: 0 nothing · 1 a wake has come · UInt32.max the thread sleeps (or is about to). It is Rust's
/// `thread::park`, whose states let both sides do with one swap. It must not move while it is used.
@frozen public struct Parker: ~Copyable {
  @usableFromInline let word: Atomic<UInt32>

  @inlinable static var nothing: UInt32 { 0 }
  @inlinable static var woken: UInt32 { 1 }
  @inlinable static var asleep: UInt32 { .max }

  /// A parker without a wake in it.
  @inlinable public init() { word = Atomic(Parker.nothing) }

  /// Sleeps until there is a wake, and takes it; at most `nanoseconds` (negative: without limit).
  ///
  /// True: woken by `unpark`. False: the time is over, or a signal came in between (so with a limit it may
  /// return early; without a limit it never returns false).
  public borrowing func park(nanoseconds: Int64 = -1) -> Bool {
    // nothing → asleep, or woken → nothing, in one step.
    // acquire: pairs with the releasing exchange in `unpark`: we see why we were woken.
    if word.wrappingSubtract(1, ordering: .acquiring).oldValue == Parker.woken { return true }
    repeat {
      // SAFETY: an `Atomic` is never copied, so the address of the borrowed word is the word's own. The
      // kernel compares with `asleep` under its lock: a wake between our swap and the sleep is not lost.
      unsafe withUnsafePointer(to: word) { _ = unsafe ludi_futex_wait($0, Parker.asleep, nanoseconds) }
      // acquire: as above.
      let woken = word.compareExchange(
        expected: Parker.woken, desired: Parker.nothing,
        successOrdering: .acquiring, failureOrdering: .relaxed
      ).exchanged
      if woken { return true }
    } while nanoseconds < 0
    // The time is over; a wake may still have come since the look above. acquire: as above.
    return word.exchange(Parker.nothing, ordering: .acquiring) == Parker.woken
  }

  /// Wakes the thread, or lets its next `park` return at once. Any thread may call it; wakes do not add up.
  public borrowing func unpark() {
    // release: pairs with the acquires in `park`: the sleeper sees what we did before waking it.
    if word.exchange(Parker.woken, ordering: .releasing) == Parker.asleep {
      // SAFETY: as in `park`.
      unsafe withUnsafePointer(to: word) { _ = unsafe ludi_futex_wake($0, 1) }
    }
  }
}
