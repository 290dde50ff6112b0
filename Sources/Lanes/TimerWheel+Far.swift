// TimerWheel+Far.swift owns the wheel: buckets of timers that are not due soon, and when these move on.
//
//   bucket ─► chunk (not full) ─► full chunk ─► full chunk …
//
//   place of a far timer:   [ 1 │ chunk:27 │ entry:4 ]

extension TimerWheel {
  /// How many timers move from a bucket in one go: some 10 µs.
  private static var batch: Int { 256 }
  static var farMark: UInt32 { 1 << 31 }

  /// What `advance` has brought about.
  @frozen public enum Advance: Equatable, Sendable {
    /// Timers have become near: `nearWord` tells which. They are not necessarily due.
    case arrived
    /// All that are due are near.
    case ready
    /// More must be moved first: to be called again soon.
    case behind
  }

  /// Lets time pass: makes those timers near that are due at `now`, at most a batch of some ten µs.
  ///
  /// While there are near ones, no others become near: those are due later.
  public mutating func advance(to now: UInt64) -> Advance {
    let tick = now >> UInt64(tickBits)
    var left = TimerWheel.batch
    let before = nearCount
    while true {
      if emptying != TimerWheel.noBucket {
        empty(&left)
        if emptying != TimerWheel.noBucket { return .behind }
      }
      if nearCount > 0 || levels == 0 { break }
      let bucket = firstBucket
      let start = startTick(of: bucket)
      if start > tick { break }
      current = start
      emptying = bucket
    }
    if tick > current { catchUp(with: tick) }
    return nearCount > before ? .arrived : .ready
  }

  /// Moves the current tick on as far as no bucket's time has come.
  mutating func catchUp(with tick: UInt64) {
    if emptying != TimerWheel.noBucket || levels != 0 && startTick(of: firstBucket) <= tick { return }
    current = tick
  }

  mutating func put(_ entry: TimerEntry) {
    if entry.deadline >> UInt64(tickBits) <= current { putNear(entry) } else { putFar(entry) }
  }

  // MARK: Buckets

  /// The bucket whose time comes first. There is one.
  private var firstBucket: Int {
    let level = levels.trailingZeroBitCount
    return unsafe level * TimerWheel.bucketsInLevel + occupied[level].trailingZeroBitCount
  }

  private func startTick(of bucket: Int) -> UInt64 {
    let shift = bucket / TimerWheel.bucketsInLevel * TimerWheel.digitBits
    let above = shift + TimerWheel.digitBits
    // Smart shifts: of the highest level nothing is above.
    return (current >> UInt64(above)) << UInt64(above) | UInt64(bucket % TimerWheel.bucketsInLevel)
      << UInt64(shift)
  }

  private func bucket(of tick: UInt64) -> Int {
    // Unchecked, and unsigned where it divides: a timer comes here three times or so.
    let level =
      UInt64(truncatingIfNeeded: 63 &- (tick ^ current).leadingZeroBitCount) / UInt64(TimerWheel.digitBits)
    let digit = tick &>> (level &* UInt64(TimerWheel.digitBits)) & UInt64(TimerWheel.bucketsInLevel &- 1)
    return Int(truncatingIfNeeded: level &* UInt64(TimerWheel.bucketsInLevel) | digit)
  }

  private mutating func putFar(_ entry: TimerEntry) {
    let bucket = bucket(of: entry.deadline >> UInt64(tickBits))
    var chunk = unsafe heads[bucket]
    if chunk == 0 || (unsafe chunks.header(chunk).pointee.count) == TimerChunks.entriesInChunk {
      if chunk == 0 { mark(bucket) }
      chunk = chunks.take(bucket: bucket, above: chunk)
      unsafe heads[bucket] = chunk
    }
    let header = unsafe chunks.header(chunk)
    let index = unsafe header.pointee.count
    unsafe header.pointee.count = index + 1
    unsafe chunks.entries(chunk)[Int(index)] = entry
    slots.setPlace(TimerWheel.farMark | chunk << 4 | index, of: entry.slot)
    unsafe earliest[bucket] = min(earliest[bucket], entry.deadline)
    farDeadline = min(farDeadline, entry.deadline)
  }

  private mutating func mark(_ bucket: Int) {
    let level = bucket / TimerWheel.bucketsInLevel
    // By way of a constant: the compiler (6.3) fails at such a change of a field's pointee under the thread sanitizer.
    let occupied = unsafe self.occupied
    unsafe occupied[level] |= 1 << UInt64(bucket % TimerWheel.bucketsInLevel)
    levels |= 1 << UInt64(level)
  }

  /// A bucket has become empty.
  private mutating func unmark(_ bucket: Int) {
    let level = bucket / TimerWheel.bucketsInLevel
    let occupied = unsafe self.occupied
    unsafe occupied[level] &= ~(1 << UInt64(bucket % TimerWheel.bucketsInLevel))
    if unsafe occupied[level] == 0 { levels &= ~(1 << UInt64(level)) }
    unsafe earliest[bucket] = UInt64.max
    if emptying == bucket { emptying = TimerWheel.noBucket }
    farDeadline = levels == 0 ? UInt64.max : unsafe earliest[firstBucket]
  }

  /// Takes the last entry off a bucket.
  private mutating func takeLast(of bucket: Int) -> TimerEntry {
    let chunk = unsafe heads[bucket]
    let header = unsafe chunks.header(chunk)
    let index = unsafe header.pointee.count - 1
    unsafe header.pointee.count = index
    let entry = unsafe chunks.entries(chunk)[Int(index)]
    if index == 0 { removeHead(of: bucket) }
    return entry
  }

  /// The topmost chunk of a bucket has become empty.
  private mutating func removeHead(of bucket: Int) {
    let chunk = unsafe heads[bucket]
    let next = unsafe chunks.header(chunk).pointee.next
    unsafe heads[bucket] = next
    chunks.giveBack(chunk)
    if next == 0 { unmark(bucket) } else { unsafe chunks.expect(chunks.header(next).pointee.next) }
  }

  /// Moves timers of the bucket whose time has come to where they belong now: never to the same bucket.
  private mutating func empty(_ left: inout Int) {
    let bucket = emptying
    while emptying == bucket && left > 0 {
      let chunk = unsafe heads[bucket]
      expectSlots(of: chunk)
      let entries = unsafe chunks.entries(chunk)
      var count = unsafe Int(chunks.header(chunk).pointee.count)
      let stop = max(0, count &- left)
      left &-= count &- stop
      while count > stop {
        count &-= 1
        put(unsafe entries[count])
      }
      unsafe chunks.header(chunk).pointee.count = UInt32(truncatingIfNeeded: count)
      if count == 0 { removeHead(of: bucket) }
    }
  }

  /// Asks for the slots of a chunk's timers, which are all over memory, side by side: each move writes one.
  private func expectSlots(of chunk: UInt32) {
    let entries = unsafe chunks.entries(chunk)
    for i in 0..<Int(unsafe chunks.header(chunk).pointee.count) { unsafe slots.expect(entries[i].slot) }
  }

  mutating func removeFar(_ place: UInt32) {
    let chunk = (place & ~TimerWheel.farMark) >> 4
    let index = place & 15
    let bucket = unsafe Int(chunks.header(chunk).pointee.bucket)
    let head = unsafe heads[bucket]
    let last = takeLast(of: bucket)
    // The bucket's last entry fills the hole, unless that is what was removed.
    if unsafe chunk == head && index == chunks.header(head).pointee.count { return }
    unsafe chunks.entries(chunk)[Int(index)] = last
    slots.setPlace(place, of: last.slot)
  }

  // MARK: For tests

  /// Checks T2 and T4 for every timer; traps with the number of what is broken.
  public func checkInvariants() {
    var seen = nearCount
    for i in 0..<nearCount {
      let entry = unsafe near[i]
      precondition(i == 0 || !entry.isBefore(unsafe near[(i - 1) / 4]), "T1: a child before its parent")
      precondition(slots.place(of: entry.slot) == UInt32(i), "T2: a slot that points elsewhere")
      precondition(
        emptying != TimerWheel.noBucket || entry.deadline >> UInt64(tickBits) <= current, "T4: near too early"
      )
    }
    for bucket in 0..<levelCount * TimerWheel.bucketsInLevel { seen += check(bucket) }
    precondition(seen == count, "a timer was lost")
  }

  private func check(_ bucket: Int) -> Int {
    var seen = 0
    var chunk = unsafe heads[bucket]
    let level = bucket / TimerWheel.bucketsInLevel
    let isMarked = unsafe occupied[level] >> UInt64(bucket % TimerWheel.bucketsInLevel) & 1 == 1
    precondition(isMarked == (chunk != 0), "a bucket's mark is wrong")
    while chunk != 0 {
      let header = unsafe chunks.header(chunk).pointee
      precondition(header.bucket == UInt32(bucket), "a chunk in a bucket that is not its own")
      for i in 0..<header.count {
        let entry = unsafe chunks.entries(chunk)[Int(i)]
        precondition(
          slots.place(of: entry.slot) == TimerWheel.farMark | chunk << 4 | i,
          "T2: a slot that points elsewhere")
        precondition(entry.deadline >= (unsafe earliest[bucket]), "a bucket's earliest is too late")
        precondition(
          bucket == emptying || self.bucket(of: entry.deadline >> UInt64(tickBits)) == bucket,
          "T4: not its bucket")
      }
      seen += Int(header.count)
      chunk = header.next
    }
    return seen
  }
}
