// TimerChunks.swift owns the memory in which timers lie that are not due soon: chunks of ten.
//
//   chunk, 256 bytes:  [ next:32 │ bucket:32 │ count:32 │ – ] [ entry 0 ] … [ entry 9 ]
//
// Whoever walks a bucket reads memory in order, ten timers at a time, which the processor can fetch ahead; a list of single
// timers would be a cache miss after the other.

import CLinux

/// A timer that runs.
struct TimerEntry {
  var deadline: UInt64
  var first: UInt
  var order: UInt32
  var slot: UInt32

  /// Orders wrap around: of two that run at once, the one that was started first is less than half a round before.
  func isBefore(_ other: TimerEntry) -> Bool {
    deadline < other.deadline
      || (deadline == other.deadline && Int32(bitPattern: order &- other.order) < 0)
  }
}

/// Numbered chunks, from 1 on. They lie in slabs that are never moved nor given back.
@safe struct TimerChunks: ~Copyable {
  struct Header {
    /// The chunk below it in its bucket, or the next free one; 0: none.
    var next: UInt32
    var bucket: UInt32
    var count: UInt32
  }

  static let entriesInChunk = 10
  private static let bytes = 256
  private static let slabSize = 256

  private var slabs: UnsafeMutablePointer<UnsafeMutableRawPointer>
  private var slabCapacity = 4
  /// Chunks that were ever used, and the first free one of these.
  private var made = 0
  private var free: UInt32 = 0

  init() { unsafe slabs = .allocate(capacity: slabCapacity) }

  deinit {
    for i in 0..<(made + TimerChunks.slabSize - 1) / TimerChunks.slabSize { unsafe slabs[i].deallocate() }
    unsafe slabs.deallocate()
  }

  private func address(_ chunk: UInt32) -> UnsafeMutableRawPointer {
    let index = UInt(chunk) &- 1
    return unsafe slabs[Int(bitPattern: index / UInt(TimerChunks.slabSize))]
      + Int(bitPattern: index % UInt(TimerChunks.slabSize) &* UInt(TimerChunks.bytes))
  }

  func header(_ chunk: UInt32) -> UnsafeMutablePointer<Header> {
    unsafe address(chunk).assumingMemoryBound(to: Header.self)
  }

  func entries(_ chunk: UInt32) -> UnsafeMutablePointer<TimerEntry> {
    unsafe (address(chunk) + 16).assumingMemoryBound(to: TimerEntry.self)
  }

  /// Asks for the memory of a chunk ahead.
  func expect(_ chunk: UInt32) {
    if chunk == 0 { return }
    let start = unsafe address(chunk)
    for line in 0..<TimerChunks.bytes / 64 { unsafe ludi_prefetch(start + 64 * line) }
  }

  /// An empty chunk for a bucket, above `next`.
  mutating func take(bucket: Int, above next: UInt32) -> UInt32 {
    var chunk = free
    if chunk == 0 {
      if made % TimerChunks.slabSize == 0 { addSlab() }
      made += 1
      chunk = UInt32(made)
    } else {
      unsafe free = header(chunk).pointee.next
    }
    unsafe header(chunk).initialize(to: Header(next: next, bucket: UInt32(bucket), count: 0))
    return chunk
  }

  mutating func giveBack(_ chunk: UInt32) {
    unsafe header(chunk).pointee.next = free
    free = chunk
  }

  private mutating func addSlab() {
    let count = made / TimerChunks.slabSize
    if count == slabCapacity {
      let bigger = UnsafeMutablePointer<UnsafeMutableRawPointer>.allocate(capacity: 2 * slabCapacity)
      unsafe bigger.moveInitialize(from: slabs, count: slabCapacity)
      unsafe slabs.deallocate()
      unsafe slabs = unsafe bigger
      slabCapacity *= 2
    }
    unsafe (slabs + count).initialize(
      to: .allocate(byteCount: TimerChunks.slabSize * TimerChunks.bytes, alignment: 64))
  }
}
