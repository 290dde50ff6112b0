// TimerWheel.swift owns the timers of one scheduler: the earliest first, and any of them can be cancelled.
//
//   near     those of the current tick and before: a 4-ary min-heap, small and in the cache
//   far      all others: a hierarchical wheel of buckets in no order
//
//   level 0   64 buckets of a tick each (131 µs)
//   level 1   64 buckets of 64 ticks (8.4 ms)
//   level 2   64 buckets of 4,096 ticks (0.5 s), and so on
//
// A timer lies on the level of the highest digit (of base 64) in which its tick differs from the current one, in the bucket
// of that digit. So whatever lies on a level is due before all that lies on the next. When the time of a bucket comes, its
// timers go to lower levels or to the near ones: each is moved once a level, and every move reads and writes memory in
// order. After Varghese and Lauck, "Hashed and Hierarchical Timing Wheels" (1987); Linux, Erlang and tokio have such wheels.
// A heap of a million took a cache miss a level. Unlike most wheels, this one keeps the exact deadlines and their order.

/// Names a timer that was started; it becomes invalid when the timer runs out or is cancelled.
@frozen public struct TimerHandle: Sendable, Hashable {
  /// Slot and generation, so that the handle fits a word wherever it is kept. Never 0.
  public let bits: UInt64
  @inlinable public init(bits: UInt64) { self.bits = bits }
  @inlinable init(slot: UInt32, generation: UInt32) { bits = UInt64(generation) << 32 | UInt64(slot) }
  @inlinable var slot: Int { Int(bits & 0xFFFF_FFFF) }
  @inlinable var generation: UInt32 { UInt32(bits >> 32) }
}

/// A timer that has run out: the word that it was started with, and when it was due.
@frozen public struct ExpiredTimer: Sendable, Equatable {
  /// Nanoseconds of the scheduler's clock.
  public let deadline: UInt64
  /// For example the pid of the process that waits.
  public let first: UInt
}

/// The timers of one scheduler. One thread owns it; nothing in here is atomic.
///
/// - T1 Timers run out in the order of their deadlines, equal ones in the order of starting.
/// - T2 The place that a slot names holds the timer that names the slot.
/// - T3 A slot's generation changes whenever its timer ends, so that an old handle cancels nothing.
/// - T4 While no bucket is being emptied, every near timer's tick is at most `current`, and every far one's is greater.
@safe public struct TimerWheel: ~Copyable {
  /// Nanoseconds of a tick, as a power of two. It decides how many timers are near, not how exact they are.
  public static var standardTickBits: Int { 17 }
  static let digitBits = 6
  static let bucketsInLevel = 64
  static let noBucket = -1

  let tickBits: Int
  let levelCount: Int
  var slots = TimerSlots()
  var chunks = TimerChunks()

  var near: UnsafeMutablePointer<TimerEntry>
  var nearCapacity = 64
  /// How many timers are near.
  public internal(set) var nearCount = 0

  /// The topmost chunk of each bucket, 0: it is empty; and a time before which none of its timers is due.
  let heads: UnsafeMutablePointer<UInt32>
  let earliest: UnsafeMutablePointer<UInt64>
  /// Which buckets of a level hold timers, and which levels do.
  let occupied: UnsafeMutablePointer<UInt64>
  var levels: UInt64 = 0
  /// The tick that `near` belongs to.
  var current: UInt64 = 0
  /// The bucket that is being emptied, whose time has come.
  var emptying = TimerWheel.noBucket
  /// No far timer is due before.
  var farDeadline = UInt64.max

  /// How many timers were ever started, modulo 2^32: the order of equal deadlines.
  var started: UInt32 = 0
  /// How many timers run.
  public internal(set) var count = 0

  /// No timers. Tests take small ticks, so that every level is near.
  public init(tickBits: Int = TimerWheel.standardTickBits) {
    precondition((0..<58).contains(tickBits))
    self.tickBits = tickBits
    levelCount = (64 - tickBits + TimerWheel.digitBits - 1) / TimerWheel.digitBits
    let buckets = levelCount * TimerWheel.bucketsInLevel
    unsafe near = .allocate(capacity: nearCapacity)
    unsafe heads = .allocate(capacity: buckets)
    unsafe heads.initialize(repeating: 0, count: buckets)
    unsafe earliest = .allocate(capacity: buckets)
    unsafe earliest.initialize(repeating: UInt64.max, count: buckets)
    unsafe occupied = .allocate(capacity: levelCount)
    unsafe occupied.initialize(repeating: 0, count: levelCount)
  }

  deinit {
    unsafe near.deallocate()
    unsafe heads.deallocate()
    unsafe earliest.deallocate()
    unsafe occupied.deallocate()
  }
}

extension TimerWheel {
  /// When to call `advance` next: no timer is due before. Nil without timers.
  ///
  /// It is the first deadline, unless that timer was cancelled, or a bucket is half emptied (then it is over).
  public var nextDeadline: UInt64? {
    if count == 0 { return nil }
    if emptying != TimerWheel.noBucket { return current << UInt64(tickBits) }
    return nearCount > 0 ? unsafe near[0].deadline : farDeadline
  }

  /// Starts a timer that is due at `deadline` (nanoseconds of the caller's clock) and carries a word. `now` may be some
  /// time ago; it keeps timers off levels that they need not pass.
  public mutating func start(deadline: UInt64, first: UInt, now: UInt64) -> TimerHandle {
    let tick = now >> UInt64(tickBits)
    if tick > current { catchUp(with: tick) }
    let handle = slots.take()
    let entry = TimerEntry(
      deadline: deadline, first: first, order: started, slot: UInt32(handle.slot))
    started &+= 1
    count += 1
    put(entry)
    return handle
  }

  /// Ends a timer before its time. False: it has run out or was cancelled already.
  public mutating func cancel(_ handle: TimerHandle) -> Bool {
    guard let place = slots.place(of: handle) else { return false }
    if place & TimerWheel.farMark != 0 { removeFar(place) } else { removeNear(at: Int(place)) }
    slots.giveBack(UInt32(handle.slot))
    count -= 1
    return true
  }

  /// The earliest timer if it is due at `now`, which stays; nil if none is, or `advance` is to be called.
  public func firstExpired(at now: UInt64) -> ExpiredTimer? {
    guard emptying == TimerWheel.noBucket, nearCount > 0, unsafe near[0].deadline <= now else { return nil }
    return unsafe ExpiredTimer(deadline: near[0].deadline, first: near[0].first)
  }

  /// Removes the earliest timer, which `firstExpired` has just shown.
  public mutating func removeFirst() {
    let slot = unsafe near[0].slot
    removeNear(at: 0)
    slots.giveBack(slot)
    count -= 1
  }

  /// What the near timer at `place` in 0 ..< nearCount carries: for whoever wants to get ready for it.
  public func nearWord(_ place: Int) -> UInt { unsafe near[place].first }
}
