// Seam.swift owns the places where a test may hold a thread still.
//
// A race that needs two threads at two exact places is rare by luck and certain by force: the test installs
// a hook, the code under test announces the place, the hook waits until the other thread has passed.
// In a release build nothing of this is left: `reach` is an empty inlined function.

import Synchronization

/// The places at which the concurrent code can be held. One case a place; the name says what has just
/// happened or is about to happen there.
public enum SeamPoint: UInt8, Sendable, CaseIterable {
  /// A thief has moved `real` and is about to copy the elements that it claimed.
  case runQueueClaimed
  /// A thief has copied its elements and is about to give their slots back.
  case runQueueCopied
  /// The owner found its ring full and is about to claim half of it for the overflow.
  case runQueueSpilling
  /// A thief has read the top of a deque and its element and is about to claim it.
  case dequeStealing
  /// A producer has read the inbox word and is about to swap itself in.
  case inboxPushing
  /// The consumer saw an empty inbox and is about to install PARKED.
  case inboxParking
  /// A thread said that it will sleep and is about to look for work a last time.
  case eventPrepared
  /// A thread has looked a last time, found nothing and is about to sleep.
  case eventCommitting
  /// A waker has published its work and is about to look for sleepers.
  case eventWaking
  /// A scheduler put itself among the sleepers and is about to look for work a last time.
  case idlePrepared
  /// A scheduler has looked a last time, found nothing and is about to sleep.
  case idleCommitting
  /// A waker has published its work and is about to look for sleepers and searchers.
  case idleWaking
  /// A thief has seen what lies in a wake slot and is about to claim it.
  case wakeSlotWanting
  /// A thief has claimed what lies in a wake slot, and is about to look whether it still does.
  case wakeSlotClaimed
  /// The owner of a wake slot has seen a thief's claim and is about to settle it.
  case wakeSlotSettling
}

/// The door between concurrent code and its tests.
public enum Seam {
  /// Announces that the calling thread is at `point`. Free in release; in a debug build without a hook it
  /// is one relaxed load. (Relaxed on purpose: a stronger order, or a lock, would itself synchronise the
  /// threads and so hide from ThreadSanitizer the very races that we look for.)
  @inlinable @inline(__always)
  public static func reach(_ point: SeamPoint) {
    #if DEBUG
      if seamIsArmed.load(ordering: .relaxed) { Seam.callHook(point) }
    #endif
  }

  #if DEBUG
    /// Lets `hook` be called at every seam, by whichever thread is there, until `remove` is called.
    public static func install(_ hook: @escaping @Sendable (SeamPoint) -> Void) {
      seamHook.withLock { $0 = hook }
      seamIsArmed.store(true, ordering: .relaxed)
    }

    /// Takes the hook away. Threads that are inside the hook finish their call.
    public static func remove() {
      seamIsArmed.store(false, ordering: .relaxed)
      seamHook.withLock { $0 = nil }
    }

    @usableFromInline
    static func callHook(_ point: SeamPoint) {
      let hook = seamHook.withLock { $0 }
      hook?(point)
    }
  #endif
}

#if DEBUG
  /// Whether a hook is there. Relaxed everywhere: the hook itself travels through the mutex.
  @usableFromInline let seamIsArmed = Atomic<Bool>(false)
  private let seamHook = Mutex<(@Sendable (SeamPoint) -> Void)?>(nil)
#endif
