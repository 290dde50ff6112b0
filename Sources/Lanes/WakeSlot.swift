// WakeSlot.swift owns the place of the task that its scheduler runs next, and the way in which others get at it.
//
// The owner fills and empties the slot at every message, so it must cost the owner nothing: plain loads and stores. Others
// rob it only if the owner has stood still for long, or if they have nothing else to do, so a robbery may cost some µs. That is the case for an
// asymmetric fence (as in biased locks, or in membarrier(2)'s own example): both sides store first and load then, and one
// of the two loads must see the other's store. The owner has only the compiler's fence between the two; the thief lets
// the kernel put a full one into every thread that runs. A thread without a processor, the very one to be robbed, needs none.
//
//   owner: slot := …      ; compiler's fence ; claim?
//   thief: claim := task  ; membarrier       ; slot?  then claim: task → task | 1, which is the robbery
//
//   claim          meaning
//   0              nobody is here
//   a task         a thief wants it: the owner may still send it away (→ 0)
//   a task | 1     it was robbed. It lies in the slot still; whatever the owner does next finds out (→ 0)

import CLinux
import Synchronization

/// A slot for one task: a word that is not 0 and whose lowest bit is 0. One thread at a time is its owner.
///
/// - W1 A task that was put is handed out once: to its owner, which takes or displaces it, or to one thief.
/// - W2 After every store to `task` the owner looks at `claim`. If its look came before a thief's barrier, the thief sees
///   the store, and leaves what is no longer there; if it came later, it sees the claim, and the two settle it by a swap.
/// - W3 Only the owner leaves the robbed state, and no robbery begins in it. So of what lies in the slot of a robbed task
///   nobody takes a copy for another task that looks the same.
/// - W4 Thieves take turns (`isBeingRobbed`); one who finds another there goes away.
@frozen public struct WakeSlot: ~Copyable {
  @usableFromInline let task = Atomic<UInt>(0)
  @usableFromInline let claim = Atomic<UInt>(0)
  private let isBeingRobbed = Atomic<Bool>(false)

  /// An empty slot.
  public init() {}

  /// Tasks that `rob` leaves where they are: marks of the owner.
  public static var largestMark: UInt { 1 }
  private static var robbed: UInt { 1 }

  // MARK: - Owner

  /// What lies there, 0 for nothing. It may have been robbed since: only good for guesses.
  @inlinable public var content: UInt {
    // relaxed: the owner's own store, or a guess.
    @inline(__always) get { task.load(ordering: .relaxed) }
  }

  /// Empties the slot; 0: nothing was there.
  @inlinable @inline(__always)
  public borrowing func take() -> UInt {
    // relaxed: nobody else writes it.
    let old = task.load(ordering: .relaxed)
    if old == 0 { return 0 }
    return replace(old, by: 0)
  }

  /// Puts a task there and returns its last tenant, 0 for none.
  @inlinable @inline(__always)
  public borrowing func put(_ new: UInt) -> UInt { replace(task.load(ordering: .relaxed), by: new) }

  @inlinable @inline(__always)
  borrowing func replace(_ old: UInt, by new: UInt) -> UInt {
    store(new)
    return isClaimed ? settle(old, new) : old
  }

  /// The same in two parts, for who has better things to do than to keep registers for a call that hardly ever comes:
  /// returns what lay there, which is for `settle` to judge unless it is 0 and the slot is not claimed.
  @inlinable @inline(__always)
  public borrowing func exchange(for new: UInt) -> UInt {
    let old = task.load(ordering: .relaxed)
    store(new)
    return old
  }

  @inlinable @inline(__always) borrowing func store(_ new: UInt) {
    // releasing: what was done to the new task before is seen by a thief, which acquires it in `rob`.
    task.store(new, ordering: .releasing)
    ludi_compiler_fence()
  }

  /// A thief is here, or was.
  @inlinable public var isClaimed: Bool {
    // relaxed: W2 rests on the fences; `settle` looks again.
    @inline(__always) get { claim.load(ordering: .relaxed) != 0 }
  }

  /// What the owner has of `old`, which it has just replaced by `new`: 0 if it was robbed.
  @inline(never)
  public borrowing func settle(_ old: UInt, _ new: UInt) -> UInt {
    Seam.reach(.wakeSlotSettling)
    // relaxed, all of it: nothing is handed over here; the swap only decides.
    var seen = claim.load(ordering: .relaxed)
    while seen & WakeSlot.robbed == 0 {
      if seen == 0 { return old }
      let swap = claim.compareExchange(expected: seen, desired: 0, ordering: .relaxed)
      if swap.exchanged { return old }
      seen = swap.original
    }
    let robbed = seen & ~WakeSlot.robbed
    assert(robbed == old || robbed == new, "nothing else was there")
    // The slot first (releasing): a thief that sees the claim gone must not find the robbed task. If that is not `old`, it is
    // `new`, and came and went in this very call; if it looks like both, `new` is the same one, come back meanwhile.
    if robbed != old { task.store(0, ordering: .relaxed) }
    claim.store(0, ordering: .releasing)
    return robbed == old ? 0 : old
  }

  // MARK: - Thieves (any other thread)

  /// Takes the task out of a slot whose owner stands still; 0: there is none, or its owner came back, or the kernel has no
  /// barrier for us. Costs some microseconds.
  public borrowing func rob() -> UInt {
    if content <= WakeSlot.largestMark || !Membarrier.isReady { return 0 }
    // acquiring and releasing: W4 is a lock.
    if isBeingRobbed.exchange(true, ordering: .acquiring) { return 0 }
    defer { isBeingRobbed.store(false, ordering: .releasing) }
    // acquiring: with the releasing store of `settle`. It is robbed already: its owner has not been back since (W3).
    if claim.load(ordering: .acquiring) != 0 { return 0 }
    let wanted = task.load(ordering: .relaxed)
    if wanted <= WakeSlot.largestMark { return 0 }
    Seam.reach(.wakeSlotWanting)
    // relaxed: the barrier orders it.
    claim.store(wanted, ordering: .relaxed)
    Membarrier.issue()
    Seam.reach(.wakeSlotClaimed)
    // acquiring: with the releasing store of `replace`.
    let isThere = task.load(ordering: .acquiring) == wanted
    let end = isThere ? wanted | WakeSlot.robbed : 0
    let swap = claim.compareExchange(expected: wanted, desired: end, ordering: .relaxed)
    return isThere && swap.exchanged ? wanted : 0
  }
}

/// A full barrier in all threads of the program that run. Linux 4.14; some sandboxes have none.
enum Membarrier {
  /// Whether the kernel lets us. Asked once, by the first that wants to know.
  static let isReady = ludi_membarrier_register() == 0
  static func issue() { _ = ludi_membarrier() }
}
