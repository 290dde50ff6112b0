// IdleSchedulers.swift owns who sleeps, who searches, and whom to wake when there is new work.
//
//   base ─► ┌──────────────────────────────────┐ 0      read at every wake
//           │ state: searching:32 │ sleeping:32 │
//           ├──────────────────────────────────┤ 64     behind the lock
//           │ lock │ sleepers: a stack of indices│
//           ├──────────────────────────────────┤ 128
//           │ parker 0, parker 1, … 64 bytes each│
//           └──────────────────────────────────┘
//
// A scheduler without work:
//
//     tryBeginSearch ──no──► prepareSleep ─► look everywhere once more ─found──► cancelSleep ─► run
//        │ yes                    ▲                     │ nothing
//        ▼                        │                     ▼
//     steal from victims ─nothing─┘                   sleep ─woken──► it searches ─► …
//        │ found                                        │ the time is over
//        ▼                                              ▼
//     endSearch (wakes the next) ─► run               timers ─► run

import CLinux
import Synchronization

/// What ended the sleep of a scheduler.
@frozen public enum Waking: UInt8, Sendable {
  /// There is work: the scheduler has become the one that searches, and must `endSearch` or `prepareSleep`.
  case called
  /// The time that it gave is over. It does not search.
  case timedOut
}

/// The sleeping schedulers, and the rule that at most one scheduler searches.
///
/// New work needs no wake while somebody searches: that one will find it, and when it has found anything it
/// wakes the next (`endSearch`). So a burst of work wakes schedulers one after the other instead of all at
/// once, as in Go and tokio, and a busy system pays one fence and one load for each wake.
///
/// - P1 `sleeping` is the length of the stack whenever the lock is free; it changes only under the lock.
/// - P2 `searching` is 0 or 1 (after `wakeAll` and `wake(_:)`, which call sleepers whoever searches, it may be more).
/// - P3 Whoever takes a scheduler off the stack either is that scheduler or unparks it, exactly once.
/// - P4 No lost wake: whoever publishes work and then calls `wakeOne` finds a sleeper, or a searcher that will
///   look again, or every scheduler that goes to sleep after this sees the work in its last look. The proof
///   is in Docs/Lanes.md; its pillars are the two fences below.
@frozen @safe public struct IdleSchedulers: ~Copyable, @unchecked Sendable {
  // Sendable: `state` and the parkers are atomic, the stack is only touched under the lock.
  @usableFromInline let base: UnsafeMutableRawPointer
  /// How many schedulers there are.
  public let count: Int

  @unsafe struct Sleepers: ~Copyable {
    let lock = RankedMutex(rank: .idleSchedulers)
    let stack: UnsafeMutablePointer<UInt32>
  }

  @inlinable @inline(__always)
  var state: UnsafeMutablePointer<Atomic<UInt64>> {
    unsafe base.assumingMemoryBound(to: Atomic<UInt64>.self)
  }
  var sleepers: UnsafeMutablePointer<Sleepers> {
    unsafe (base + 64).assumingMemoryBound(to: Sleepers.self)
  }
  func parker(_ index: Int) -> UnsafeMutablePointer<Parker> {
    precondition(index >= 0 && index < count, "no such scheduler")
    return unsafe (base + 128 + index * 64).assumingMemoryBound(to: Parker.self)
  }

  /// `state` taken apart.
  @frozen @usableFromInline struct State {
    @usableFromInline var bits: UInt64
    @inlinable init(bits: UInt64) { self.bits = bits }
    @inlinable var sleeping: Int { Int(bits & 0xFFFF_FFFF) }
    @inlinable var searching: Int { Int(bits >> 32) }
    @inlinable static var oneSearcher: UInt64 { 1 << 32 }
    @inlinable static var oneSleeper: UInt64 { 1 }
  }

  /// `count` schedulers, all awake, none searching.
  public init(count: Int) {
    precondition(count > 0)
    self.count = count
    unsafe base = .allocate(byteCount: 128 + count * 64, alignment: 128)
    unsafe state.initialize(to: Atomic(0))
    unsafe sleepers.initialize(to: Sleepers(stack: .allocate(capacity: count)))
    for i in 0..<count { unsafe parker(i).initialize(to: Parker()) }
  }

  deinit {
    unsafe sleepers.pointee.stack.deallocate()
    unsafe base.deallocate()
  }
}

// MARK: - Whoever has published work

extension IdleSchedulers {
  /// Wakes a sleeper unless somebody searches already or nobody sleeps: then a fence and one load. To be
  /// called after the work can be found (in a ring, in the inject queue).
  @inlinable @inline(__always)
  public borrowing func wakeOne() {
    Seam.reach(.idleWaking)
    // Pairs with the fences in `prepareSleep` and `endSearch` (publish work; fence; look for sleepers here
    // — become a sleeper; fence; look for work there: one of the two looks succeeds). A release store followed
    // by a load would not do: even x86 lets the load pass the store.
    atomicMemoryFence(ordering: .sequentiallyConsistent)
    // relaxed: ordered by the fence; `wakeSlowly` looks again.
    let now = unsafe State(bits: state.pointee.load(ordering: .relaxed))
    if now.sleeping == 0 || now.searching > 0 { return }
    wakeSlowly()
  }

  @usableFromInline @inline(never)
  borrowing func wakeSlowly() {
    unsafe sleepers.pointee.lock.lock()
    let index = popSleeperAsSearcher()
    unsafe sleepers.pointee.lock.unlock()
    // SAFETY: P3, it is off the stack, so nobody else unparks it.
    if let index { unsafe parker(index).pointee.unpark() }
  }

  /// Under the lock: takes the sleeper that fell asleep last (its caches are the warmest) and makes it the
  /// searcher. Nil if nobody sleeps or somebody has begun to search.
  private func popSleeperAsSearcher() -> Int? {
    // relaxed, and relaxed on failure: `sleeping` cannot change under the lock, and `searching` is only a
    // rule about how many look, confirmed by the swap.
    var seen = unsafe state.pointee.load(ordering: .relaxed)
    while true {
      let now = State(bits: seen)
      if now.sleeping == 0 || now.searching > 0 { return nil }
      // sequentially consistent: in one order with the fences, see P4.
      let (swapped, current) = unsafe state.pointee.weakCompareExchange(
        expected: seen, desired: seen + State.oneSearcher - State.oneSleeper,
        successOrdering: .sequentiallyConsistent, failureOrdering: .relaxed)
      if swapped { return unsafe Int(sleepers.pointee.stack[now.sleeping - 1]) }
      seen = current
    }
  }

  /// Wakes scheduler `index` if it sleeps, though another may be searching: there is work that it had better do itself.
  /// Otherwise as `wakeOne`. To be called after the work can be found.
  public borrowing func wake(_ index: Int) {
    // As in `wakeOne`.
    atomicMemoryFence(ordering: .sequentiallyConsistent)
    if unsafe State(bits: state.pointee.load(ordering: .relaxed)).sleeping == 0 { return }
    unsafe sleepers.pointee.lock.lock()
    let sleeps = removeSleeper(UInt32(index))
    if sleeps {
      // P2 does not hold then: two search. Each ends its search by itself.
      unsafe state.pointee.wrappingAdd(State.oneSearcher, ordering: .sequentiallyConsistent)
    }
    unsafe sleepers.pointee.lock.unlock()
    // SAFETY: P3, it is off the stack, so nobody else unparks it.
    if sleeps { unsafe parker(index).pointee.unpark() } else { wakeOne() }
  }

  /// Wakes every sleeper: the VM ends, or something happened that each of them must see.
  public borrowing func wakeAll() {
    unsafe sleepers.pointee.lock.lock()
    let sleeping = unsafe State(bits: state.pointee.load(ordering: .relaxed)).sleeping
    for i in 0..<sleeping {
      // sequentially consistent: as in `popSleeperAsSearcher`. (Unparking under the lock is fine at the end.)
      unsafe state.pointee.wrappingAdd(
        State.oneSearcher &- State.oneSleeper, ordering: .sequentiallyConsistent)
      unsafe parker(Int(sleepers.pointee.stack[i])).pointee.unpark()
    }
    unsafe sleepers.pointee.lock.unlock()
  }
}

// MARK: - A scheduler without work

extension IdleSchedulers {
  /// Asks to become the one that searches. False: another searches, so go to sleep instead.
  @inlinable
  public borrowing func tryBeginSearch() -> Bool {
    // relaxed: confirmed by the swap.
    var seen = unsafe state.pointee.load(ordering: .relaxed)
    while State(bits: seen).searching == 0 {
      // sequentially consistent: a waker that sees us searching relies on our looks coming after this.
      let (swapped, now) = unsafe state.pointee.weakCompareExchange(
        expected: seen, desired: seen + State.oneSearcher,
        successOrdering: .sequentiallyConsistent, failureOrdering: .relaxed)
      if swapped { return true }
      seen = now
    }
    return false
  }

  /// The searcher has found work and stops searching. Where there was work there may be more, which nobody
  /// was woken for because we were searching: so another is woken to look.
  public borrowing func endSearch() {
    // sequentially consistent, and `wakeOne` fences again: work that was published while we still counted as
    // searching is seen by whoever we wake now.
    let old = unsafe state.pointee.wrappingSubtract(
      State.oneSearcher, ordering: .sequentiallyConsistent
    ).oldValue
    assert(State(bits: old).searching > 0, "endSearch without a search")
    wakeOne()
  }

  /// Puts scheduler `index` among the sleepers (and ends its search). It must now look everywhere once more,
  /// then `cancelSleep` if it saw work, or else `sleep`.
  public borrowing func prepareSleep(_ index: Int, searching: Bool) {
    unsafe sleepers.pointee.lock.lock()
    let change = searching ? State.oneSleeper &- State.oneSearcher : State.oneSleeper
    // sequentially consistent, and a fence: pairs with the fence in `wakeOne`.
    let old = unsafe state.pointee.wrappingAdd(change, ordering: .sequentiallyConsistent).oldValue
    assert(!searching || State(bits: old).searching > 0, "prepareSleep ends a search that was not begun")
    unsafe sleepers.pointee.stack[State(bits: old).sleeping] = UInt32(index)
    unsafe sleepers.pointee.lock.unlock()
    atomicMemoryFence(ordering: .sequentiallyConsistent)
    Seam.reach(.idlePrepared)
  }

  /// Takes scheduler `index` back from the sleepers. True: it is awake and does not search. False: somebody
  /// had called it already, so it is the searcher now, as after `Waking.called`.
  public borrowing func cancelSleep(_ index: Int) -> Bool {
    unsafe sleepers.pointee.lock.lock()
    let removed = removeSleeper(UInt32(index))
    unsafe sleepers.pointee.lock.unlock()
    if removed { return true }
    // P3: a wake is on its way or already there; take it, so that it does not end a later sleep.
    _ = unsafe parker(index).pointee.park()
    return false
  }

  /// Sleeps until called, or for `nanoseconds` (negative: without limit; it may be a little less, if a signal
  /// comes: the caller looks at its timers and comes back).
  public borrowing func sleep(_ index: Int, nanoseconds: Int64 = -1) -> Waking {
    Seam.reach(.idleCommitting)
    if unsafe parker(index).pointee.park(nanoseconds: nanoseconds) { return .called }
    return cancelSleep(index) ? .timedOut : .called
  }

  /// Under the lock: takes `index` off the stack, whose others keep their order.
  private func removeSleeper(_ index: UInt32) -> Bool {
    let stack = unsafe sleepers.pointee.stack
    let sleeping = unsafe State(bits: state.pointee.load(ordering: .relaxed)).sleeping
    var i = 0
    while i < sleeping, unsafe stack[i] != index { i += 1 }
    if i == sleeping { return false }
    while i + 1 < sleeping {
      unsafe stack[i] = unsafe stack[i + 1]
      i += 1
    }
    // relaxed would do (the lock orders the stack); sequentially consistent like all changes of `state`.
    unsafe state.pointee.wrappingSubtract(State.oneSleeper, ordering: .sequentiallyConsistent)
    return true
  }
}

// MARK: - Inspection

extension IdleSchedulers {
  /// How many sleep, and how many search, at about the same moment (for counters and tests).
  public var load: (sleeping: Int, searching: Int) {
    // relaxed: nothing is concluded from it.
    let now = unsafe State(bits: state.pointee.load(ordering: .relaxed))
    return (now.sleeping, now.searching)
  }
}
