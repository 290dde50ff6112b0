// InboxStack.swift owns the door of a mailbox: many threads push, the owner of the mailbox takes everything.
//
//   state word           meaning
//   0                    EMPTY    nothing is there, the consumer is running or runnable
//   1                    PARKED   nothing is there, the consumer sleeps: whoever replaces this must wake it
//   3                    CLOSED   the consumer has ended: nothing will be taken any more
//   an address           the node pushed last; node → node → … → 0, newest first
//
//   node:  [ next ][ payload … ]      the first word is ours from `push` until `takeAll` hands the node over

import Synchronization

/// What became of a pushed node, and what the producer has to do now.
@frozen public enum InboxPush: UInt8, Sendable {
  /// The node is in; the consumer will find it. Nothing to do.
  case queued
  /// The node is in and the consumer was parked: the caller, and nobody else, must make it runnable.
  case wake
  /// The consumer has ended; the node was not taken and still belongs to the caller.
  case closed
}

/// The inbox of a mailbox: one word, to be embedded in a process control block.
///
/// - I1 Only `push` adds nodes and only the consumer removes them, all at once. So there is no ABA problem:
///   a push that finds the same head again may link to it, whatever happened in between.
/// - I2 PARKED is installed by the consumer alone, as its last act before it stops: from then on another
///   thread may already run it. It is removed by exactly one thread (a `push` or an `unpark`), which must
///   make the consumer runnable: exactly one wake for each park.
/// - I3 After `close` no node enters until `reopen`.
/// - I4 The nodes of one producer come out in the order in which it pushed them.
///
/// A node is at least 8 bytes, aligned to 8, and its first word is the link.
@frozen public struct InboxStack: ~Copyable {
  @usableFromInline let state: Atomic<UInt>

  /// The tag values of the state word; every other value is a node's address (a multiple of 8).
  @inlinable static var emptyTag: UInt { 0 }
  @inlinable static var parkedTag: UInt { 1 }
  @inlinable static var closedTag: UInt { 3 }
  /// All values above this one say that there is something in it: for machine code, which reads the state word by itself.
  public static var lastTag: UInt { closedTag }

  /// An empty, open inbox whose consumer is running.
  @inlinable public init() { state = Atomic(InboxStack.emptyTag) }

  // MARK: - Producers (any thread)

  /// Pushes `node`. One compare-and-swap when nobody interferes.
  @inlinable @inline(__always)
  public borrowing func push(_ node: UnsafeMutableRawPointer) -> InboxPush {
    let new = UInt(bitPattern: node)
    // relaxed: `old` is only linked to or compared, never followed. The swap below confirms it.
    var old = state.load(ordering: .relaxed)
    while true {
      if old == InboxStack.closedTag { return .closed }
      let wasParked = old == InboxStack.parkedTag
      // SAFETY: the node is ours until the swap succeeds.
      unsafe node.assumingMemoryBound(to: UInt.self).pointee = wasParked ? InboxStack.emptyTag : old
      Seam.reach(.inboxPushing)
      // release: pairs with the acquiring exchange in `takeAll` (and `close`): the taker sees what the
      //   producer wrote into the node. Earlier producers are covered too, because each swap continues
      //   the release sequence of those before it.
      // acquire: pairs with the releasing swap in `tryPark`: who replaces PARKED sees all that the consumer
      //   wrote before it parked, and may hand it to another scheduler.
      let (swapped, seen) = state.weakCompareExchange(
        expected: old, desired: new,
        successOrdering: .acquiringAndReleasing, failureOrdering: .relaxed)
      if swapped { return wasParked ? .wake : .queued }
      old = seen
    }
  }

  /// Takes the park mark away without a message (a timer ran out, somebody kills). True for exactly one
  /// caller a park: it must make the consumer runnable.
  @inlinable
  public borrowing func unpark() -> Bool {
    // acquire: pairs with the releasing swap in `tryPark`, as in `push`.
    state.compareExchange(
      expected: InboxStack.parkedTag, desired: InboxStack.emptyTag,
      successOrdering: .acquiring, failureOrdering: .relaxed
    ).exchanged
  }

  // MARK: - The consumer

  /// Whether nothing was there just now. For the consumer a false is certain; a true may be old already.
  @inlinable @inline(__always)
  public var isEmpty: Bool {
    // relaxed: a hint. Who acts on it goes through `takeAll` or `tryPark`, which order for themselves.
    state.load(ordering: .relaxed) <= InboxStack.closedTag
  }

  /// Whether the consumer is parked (inspection only: old when you read it).
  @inlinable public var isParked: Bool {
    // relaxed: nothing is concluded from it.
    state.load(ordering: .relaxed) == InboxStack.parkedTag
  }

  /// The newest node, linked to the older ones; 0: there is none. For a simulator, beside which nobody pushes or takes.
  public var newest: UInt {
    // relaxed: there is one thread.
    let now = state.load(ordering: .relaxed)
    return now <= InboxStack.closedTag ? 0 : now
  }

  /// Whether the inbox is closed (a hint for senders that want to save themselves the message).
  @inlinable public var isClosed: Bool {
    // relaxed: a hint; `push` decides.
    state.load(ordering: .relaxed) == InboxStack.closedTag
  }

  /// Takes every node of an inbox that was not empty: the newest, linked to the older ones. The consumer alone calls it.
  @inlinable @inline(__always)
  public borrowing func takeAll() -> UInt {
    // acquire: pairs with the releasing swap in `push`. Nothing to release: who swaps over the 0 follows
    // no pointer of ours.
    let newest = state.exchange(InboxStack.emptyTag, ordering: .acquiring)
    assert(newest > InboxStack.closedTag, "taking from a parked or closed inbox")
    return newest
  }

  /// Installs PARKED if nothing is there. False: something arrived, go on and take it.
  ///
  /// After a true the consumer may already be running on another thread: the caller must have saved
  /// everything before, and must not touch it again.
  @inlinable
  public borrowing func tryPark() -> Bool {
    Seam.reach(.inboxParking)
    // release: pairs with the acquiring swaps in `push` and `unpark`: the next thread that runs the
    // consumer sees what was saved. Nothing to acquire: a failure is followed by `takeAll`.
    return state.compareExchange(
      expected: InboxStack.emptyTag, desired: InboxStack.parkedTag,
      successOrdering: .releasing, failureOrdering: .relaxed
    ).exchanged
  }

  // MARK: - The end of a consumer, and the next tenant

  /// Closes the inbox and returns what was still in it: the newest node, linked to the older ones; 0: there was none.
  @inlinable
  public borrowing func close() -> UInt {
    // acquire: pairs with `push`, as in `takeAll`. release: a producer that finds CLOSED and a later
    // `reopen` of the same slot are ordered by the process table; it costs nothing to be strict here.
    let newest = state.exchange(InboxStack.closedTag, ordering: .acquiringAndReleasing)
    return newest > InboxStack.closedTag ? newest : 0
  }

  /// Opens a closed inbox for the next tenant of its slot. Only whoever owns the free slot calls it.
  @inlinable
  public borrowing func reopen() {
    assert(isClosed, "reopen of an open inbox")
    // release: who pushes to the new tenant (acquire in `push` when it parks, the table's generation
    // otherwise) sees the slot as its new owner prepared it.
    state.store(InboxStack.emptyTag, ordering: .releasing)
  }
}
