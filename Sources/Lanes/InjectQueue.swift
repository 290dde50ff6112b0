// InjectQueue.swift owns the queue that all schedulers share: what overflowed from a ring, and what came from
// a thread that has no ring.
//
//   base ─► ┌────────────────────────────┐ 0     read by everybody, without the lock
//           │ length                     │
//           ├────────────────────────────┤ 64    behind the lock
//           │ lock │ slots │ mask │ head │
//           └────────────────────────────┘
//             slots ─► a ring of words that doubles when it is full

import Synchronization

/// A first-in first-out queue of words, for many producers and many consumers.
///
/// Guarded by a lock: it is touched rarely (every so many slices, and when a ring overflows, in batches), and
/// a lock around a few moves of words is cheaper and plainer than the lock-free queues that we know.
///
/// - J1 `length` is the number of elements whenever the lock is free; it changes only under the lock.
/// - J2 Elements leave in the order in which they came; a batch stays together.
@frozen @safe public struct InjectQueue: ~Copyable, @unchecked Sendable {
  // Sendable: `length` is atomic, the rest is only touched under the lock.
  @usableFromInline let base: UnsafeMutableRawPointer

  /// What the lock guards.
  @frozen @unsafe @usableFromInline struct Storage: ~Copyable {
    @usableFromInline let lock = RankedMutex(rank: .injectQueue)
    @usableFromInline var mask: Int
    @usableFromInline var head: Int
    @usableFromInline var slots: UnsafeMutablePointer<UInt>

    @usableFromInline init(capacity: Int) {
      unsafe self.mask = capacity - 1
      unsafe self.head = 0
      unsafe self.slots = .allocate(capacity: capacity)
    }
  }

  @inlinable @inline(__always)
  var length: UnsafeMutablePointer<Atomic<Int>> { unsafe base.assumingMemoryBound(to: Atomic<Int>.self) }
  @inlinable @inline(__always)
  var storage: UnsafeMutablePointer<Storage> { unsafe (base + 64).assumingMemoryBound(to: Storage.self) }

  /// An empty queue with room for `capacity` elements (rounded up to a power of two) before it grows.
  public init(capacity: Int = 1024) {
    var size = 2
    while size < capacity { size *= 2 }
    unsafe base = .allocate(byteCount: 128, alignment: 128)
    unsafe length.initialize(to: Atomic(0))
    unsafe storage.initialize(to: Storage(capacity: size))
  }

  deinit {
    unsafe storage.pointee.slots.deallocate()
    unsafe base.deallocate()
  }
}

extension InjectQueue {
  /// How many elements wait. One load: for a scheduler that passes by.
  @inlinable public var count: Int {
    // relaxed: a hint. A scheduler about to sleep looks here behind the fence of `IdleSchedulers.prepareSleep`,
    // whose partner is the fence in `wakeOne`; a scheduler passing by comes again.
    unsafe length.pointee.load(ordering: .relaxed)
  }

  /// Whether nothing seemed to wait.
  @inlinable public var isEmpty: Bool { count == 0 }

  /// Appends `element`.
  @inlinable public borrowing func push(_ element: UInt) {
    unsafe withUnsafePointer(to: element) {
      let one = unsafe UnsafeBufferPointer(start: $0, count: 1)
      unsafe push(one, UnsafeBufferPointer(start: nil, count: 0))
    }
  }

  /// Appends a batch in two pieces (as `RunQueue.Owner.spillHalf` gives it), under one lock.
  @inlinable
  public borrowing func push(_ older: UnsafeBufferPointer<UInt>, _ newer: UnsafeBufferPointer<UInt>) {
    let added = older.count + newer.count
    unsafe storage.pointee.lock.lock()
    // relaxed: only changed under the lock, which orders it (J1).
    let waiting = unsafe length.pointee.load(ordering: .relaxed)
    makeRoom(for: waiting + added)
    unsafe append(older, at: waiting)
    unsafe append(newer, at: waiting + older.count)
    // relaxed: see `count`; who takes elements does so under the lock.
    unsafe length.pointee.store(waiting + added, ordering: .relaxed)
    unsafe storage.pointee.lock.unlock()
  }

  /// Removes the oldest element. Takes no lock when nothing is there.
  @inlinable public borrowing func pop() -> UInt? {
    if isEmpty { return nil }
    var element: UInt = 0
    let got = unsafe withUnsafeMutablePointer(to: &element) {
      unsafe pop(into: UnsafeMutableBufferPointer(start: $0, count: 1))
    }
    return got == 1 ? element : nil
  }

  /// Moves at most `limit` of the oldest elements out: the first is returned, to be run at once, the others
  /// are appended to `ring`, as far as it has room for them.
  @inlinable
  public borrowing func pop(upTo limit: Int, into ring: borrowing RunQueue.Owner) -> UInt? {
    if isEmpty || limit <= 0 { return nil }
    unsafe storage.pointee.lock.lock()
    let waiting = unsafe length.pointee.load(ordering: .relaxed)
    let wanted = min(waiting, limit)
    var taken = 0
    var first: UInt?
    while taken < wanted {
      let element = unsafe storage.pointee.slots[(storage.pointee.head + taken) & storage.pointee.mask]
      if taken == 0 { first = element } else if !ring.tryPush(element) { break }
      taken += 1
    }
    drop(taken, of: waiting)
    unsafe storage.pointee.lock.unlock()
    return first
  }

  /// Moves elements into `buffer`, oldest first, until it is full; returns how many.
  @inlinable
  public borrowing func pop(into buffer: UnsafeMutableBufferPointer<UInt>) -> Int {
    if isEmpty { return 0 }
    unsafe storage.pointee.lock.lock()
    let waiting = unsafe length.pointee.load(ordering: .relaxed)
    let taken = min(waiting, buffer.count)
    for i in 0..<taken {
      unsafe buffer[i] = unsafe storage.pointee.slots[(storage.pointee.head + i) & storage.pointee.mask]
    }
    drop(taken, of: waiting)
    unsafe storage.pointee.lock.unlock()
    return taken
  }
}

// MARK: - Behind the lock

extension InjectQueue {
  @inlinable
  func append(_ elements: UnsafeBufferPointer<UInt>, at position: Int) {
    for i in 0..<elements.count {
      let slot = unsafe (storage.pointee.head + position + i) & storage.pointee.mask
      unsafe storage.pointee.slots[slot] = unsafe elements[i]
    }
  }

  @inlinable
  func drop(_ taken: Int, of waiting: Int) {
    unsafe storage.pointee.head = unsafe (storage.pointee.head + taken) & storage.pointee.mask
    unsafe length.pointee.store(waiting - taken, ordering: .relaxed)  // relaxed: see `count`
  }

  @inlinable @inline(__always)
  func makeRoom(for wanted: Int) {
    if unsafe wanted > storage.pointee.mask + 1 { grow(for: wanted) }
  }

  /// The only allocation: the ring doubles until `wanted` elements fit. It never shrinks (8 bytes for each of
  /// the most processes that ever waited here at once).
  @usableFromInline @inline(never)
  func grow(for wanted: Int) {
    let old = unsafe storage.pointee.slots
    let mask = unsafe storage.pointee.mask
    let head = unsafe storage.pointee.head
    var capacity = mask + 1
    while capacity < wanted { capacity *= 2 }
    let new = UnsafeMutablePointer<UInt>.allocate(capacity: capacity)
    for i in 0...mask { unsafe new[i] = unsafe old[(head + i) & mask] }
    unsafe old.deallocate()
    unsafe storage.pointee.slots = unsafe new
    unsafe storage.pointee.mask = capacity - 1
    unsafe storage.pointee.head = 0
  }
}

extension RunQueue.Owner {
  /// Appends `element`; when the ring is full, its older half goes to `overflow` first.
  @inlinable @inline(__always)
  public borrowing func push(_ element: UInt, overflow: borrowing InjectQueue) {
    if !tryPush(element) { pushSlowly(element, overflow: overflow) }
  }

  @inlinable @inline(never)
  borrowing func pushSlowly(_ element: UInt, overflow: borrowing InjectQueue) {
    repeat {
      let spilled = unsafe spillHalf { unsafe overflow.push($0, $1) }
      // Not spilled: a thief is making room. If it has not finished, do not wait for it.
      if !spilled && isBeingRobbed { return overflow.push(element) }
    } while !tryPush(element)
  }

  @inlinable var isBeingRobbed: Bool {
    // relaxed: a hint about whom to wait for; both answers lead to a right push.
    unsafe RunQueue.Head(packed: ring.head.pointee.load(ordering: .relaxed)).isBeingRobbed
  }
}
