// TimerHeap.swift owns the timers of one scheduler: the earliest first, and any of them can be cancelled.
//
//   heap    [ deadline:64 │ order:32 │ slot:32 ] …     a 4-ary min-heap: the children of i are 4i+1 … 4i+4
//   places  [ where a slot's timer is in the heap; for a free slot: the next free slot ] …
//   slots   [ generation │ first │ second ] …
//
// Four children instead of two: half as deep, and the four are one cache line. Of a million timers most lie in no cache, so
// a step down costs a line; and what each step writes, the places, lie close together.

import CLinux

/// Names a timer that was started; it becomes invalid when the timer runs out or is cancelled.
@frozen public struct TimerHandle: Sendable, Hashable {
  /// Slot and generation, so that the handle fits a word wherever it is kept. Never 0.
  public let bits: UInt64
  @inlinable public init(bits: UInt64) { self.bits = bits }
  @inlinable init(slot: UInt32, generation: UInt32) { bits = UInt64(generation) << 32 | UInt64(slot) }
  @inlinable var slot: Int { Int(bits & 0xFFFF_FFFF) }
  @inlinable var generation: UInt32 { UInt32(bits >> 32) }
}

/// A timer that has run out: the two words that it was started with, and when it was due.
@frozen public struct ExpiredTimer: Sendable, Equatable {
  /// Nanoseconds of the scheduler's clock.
  public let deadline: UInt64
  /// For example the pid of the process that waits.
  public let first: UInt
  /// For example the token of its wait.
  public let second: UInt
  @inlinable init(deadline: UInt64, first: UInt, second: UInt) {
    self.deadline = deadline
    self.first = first
    self.second = second
  }
}

/// The timers of one scheduler. One thread owns it; nothing in here is atomic.
///
/// - T1 No entry of the heap is due before its parent. Equal deadlines run out in the order of starting.
/// - T2 `places[heap[i].slot] == i` for every i below `count`.
/// - T3 A slot's generation changes whenever its timer ends, so that an old handle cancels nothing.
@frozen @safe public struct TimerHeap: ~Copyable {
  @frozen @usableFromInline struct Entry {
    @usableFromInline var deadline: UInt64
    @usableFromInline var order: UInt32
    @usableFromInline var slot: UInt32

    @inlinable init(deadline: UInt64, order: UInt32, slot: UInt32) {
      self.deadline = deadline
      self.order = order
      self.slot = slot
    }
    /// Orders wrap around: of two that run at once, the one that was started first is less than half a round before.
    @inlinable func isBefore(_ other: Entry) -> Bool {
      deadline < other.deadline
        || (deadline == other.deadline && Int32(bitPattern: order &- other.order) < 0)
    }
  }

  @frozen @usableFromInline struct Slot {
    @usableFromInline var generation: UInt32
    @usableFromInline var first: UInt
    @usableFromInline var second: UInt
  }

  /// What `heap` lies in: it begins so far behind the start of a cache line that each four children are one.
  @usableFromInline var memory: UnsafeMutableRawPointer
  @usableFromInline var heap: UnsafeMutablePointer<Entry>
  @usableFromInline var places: UnsafeMutablePointer<UInt32>
  @usableFromInline var slots: UnsafeMutablePointer<Slot>
  @usableFromInline var capacity: Int
  /// The first free slot; `capacity` when there is none.
  @usableFromInline var free: Int
  /// How many timers were ever started, modulo 2^32: the order of equal deadlines.
  @usableFromInline var started: UInt32
  /// How many timers run.
  public private(set) var count: Int

  /// No timers, and room for `capacity` before it grows.
  public init(capacity: Int = 64) {
    precondition(capacity > 0 && capacity < Int(UInt32.max))
    unsafe memory = TimerHeap.allocate(capacity)
    unsafe heap = TimerHeap.entries(in: memory)
    unsafe places = .allocate(capacity: capacity)
    unsafe slots = .allocate(capacity: capacity)
    self.capacity = capacity
    free = 0
    started = 0
    count = 0
    chainFreeSlots(from: 0)
  }

  deinit {
    unsafe memory.deallocate()
    unsafe places.deallocate()
    unsafe slots.deallocate()
  }

  private static func allocate(_ capacity: Int) -> UnsafeMutableRawPointer {
    .allocate(byteCount: 64 + capacity * MemoryLayout<Entry>.stride, alignment: 64)
  }

  /// Entry 1 is the first of a cache line.
  private static func entries(in memory: UnsafeMutableRawPointer) -> UnsafeMutablePointer<Entry> {
    unsafe (memory + 64 - MemoryLayout<Entry>.stride).assumingMemoryBound(to: Entry.self)
  }
}

extension TimerHeap {
  /// When the next timer is due: one load, for the scheduler's loop. Nil without timers.
  @inlinable public var nextDeadline: UInt64? { count == 0 ? nil : unsafe heap[0].deadline }

  /// Starts a timer that is due at `deadline` (nanoseconds of the caller's clock) and carries two words.
  public mutating func start(deadline: UInt64, first: UInt, second: UInt) -> TimerHandle {
    if count == capacity { grow() }
    let slot = free
    unsafe free = Int(places[slot])
    unsafe slots[slot].first = first
    unsafe slots[slot].second = second
    let entry = Entry(deadline: deadline, order: started, slot: UInt32(slot))
    started &+= 1
    count += 1
    siftUp(entry, from: count - 1)
    return unsafe TimerHandle(slot: UInt32(slot), generation: slots[slot].generation)
  }

  /// Ends a timer before its time. False: it has run out or was cancelled already.
  public mutating func cancel(_ handle: TimerHandle) -> Bool {
    guard handle.slot < capacity, unsafe slots[handle.slot].generation == handle.generation else {
      return false
    }
    unsafe remove(at: Int(places[handle.slot]))
    return true
  }

  /// The earliest timer if it is due at `now`, which stays; nil if none is.
  public func firstExpired(at now: UInt64) -> ExpiredTimer? {
    guard count > 0, unsafe heap[0].deadline <= now else { return nil }
    let slot = unsafe slots[Int(heap[0].slot)]
    return unsafe ExpiredTimer(deadline: heap[0].deadline, first: slot.first, second: slot.second)
  }

  /// Removes the earliest timer if it is due at `now`; nil if none is.
  public mutating func popExpired(at now: UInt64) -> ExpiredTimer? {
    guard let timer = firstExpired(at: now) else { return nil }
    remove(at: 0)
    return timer
  }

  /// Checks T1 and T2 for every timer; traps with the number of what is broken. For tests.
  public func checkInvariants() {
    for i in 0..<count {
      let entry = unsafe heap[i]
      precondition(i == 0 || !entry.isBefore(unsafe heap[(i - 1) / 4]), "T1: a child before its parent")
      precondition(unsafe places[Int(entry.slot)] == i, "T2: a slot that points elsewhere")
    }
  }
}

extension TimerHeap {
  private mutating func remove(at place: Int) {
    let slot = unsafe Int(heap[place].slot)
    unsafe slots[slot].generation &+= 1
    unsafe places[slot] = UInt32(free)
    free = slot
    count -= 1
    if place == count { return }
    // The last entry fills the hole, and then moves to where it belongs: up or down.
    let moved = unsafe heap[count]
    if place > 0, moved.isBefore(unsafe heap[(place - 1) / 4]) {
      siftUp(moved, from: place)
    } else {
      siftDown(moved, from: place)
    }
  }

  private mutating func put(_ entry: Entry, at place: Int) {
    unsafe heap[place] = entry
    unsafe places[Int(entry.slot)] = UInt32(place)
  }

  private mutating func siftUp(_ entry: Entry, from start: Int) {
    var hole = start
    while hole > 0 {
      let parent = (hole - 1) / 4
      let above = unsafe heap[parent]
      if !entry.isBefore(above) { break }
      put(above, at: hole)
      hole = parent
    }
    put(entry, at: hole)
  }

  private mutating func siftDown(_ entry: Entry, from start: Int) {
    var hole = start
    while let child = earliestChild(of: hole), unsafe heap[child].isBefore(entry) {
      unsafe put(heap[child], at: hole)
      hole = child
    }
    put(entry, at: hole)
  }

  private func earliestChild(of parent: Int) -> Int? {
    let start = 4 * parent + 1
    if start >= count { return nil }
    expectChildren(of: start)
    var best = start
    for child in (start + 1)..<max(start + 1, min(start + 4, count))
    where unsafe heap[child].isBefore(heap[best]) {
      best = child
    }
    return best
  }

  /// The next step down compares the children of one of these four: their lines are asked for meanwhile.
  private func expectChildren(of first: Int) {
    let start = 4 * first + 1
    if start + 15 >= count { return }
    for k in 0..<4 { unsafe ludi_prefetch(heap + start + 4 * k) }
  }

  /// The only allocation: everything doubles. It never shrinks (44 bytes for each of the most timers that ever
  /// ran at once).
  private mutating func grow() {
    let bigger = capacity * 2
    precondition(bigger < Int(UInt32.max), "more timers than a handle can name")
    let newMemory = unsafe TimerHeap.allocate(bigger)
    let newHeap = unsafe TimerHeap.entries(in: newMemory)
    unsafe newHeap.moveInitialize(from: heap, count: count)
    unsafe memory.deallocate()
    unsafe memory = unsafe newMemory
    unsafe heap = unsafe newHeap
    let newPlaces = UnsafeMutablePointer<UInt32>.allocate(capacity: bigger)
    unsafe newPlaces.moveInitialize(from: places, count: capacity)
    unsafe places.deallocate()
    unsafe places = unsafe newPlaces
    let newSlots = UnsafeMutablePointer<Slot>.allocate(capacity: bigger)
    unsafe newSlots.moveInitialize(from: slots, count: capacity)
    unsafe slots.deallocate()
    unsafe slots = unsafe newSlots
    let first = capacity
    capacity = bigger
    chainFreeSlots(from: first)
  }

  /// Makes the slots from `first` on free, one pointing to the next; the last one to `capacity`: none.
  private mutating func chainFreeSlots(from first: Int) {
    for i in first..<capacity {
      unsafe places[i] = UInt32(i + 1)
      unsafe slots[i] = Slot(generation: 1, first: 0, second: 0)
    }
    free = first
  }
}
