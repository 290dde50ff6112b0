import Glibc
import Words

/// The old generation of one heap: segments in which objects lie from the start upwards. What is promoted goes to the
/// newest one; a full collection moves all that is alive into a new one and frees the others.
///
/// O1  Every word of [start, top) of a segment is in exactly one object.
/// O2  A segment ends where the next object to promote does not fit; its rest stays empty until the next full collection.
@safe struct OldSpace {
  /// Newest first.
  private(set) var newest: UnsafeMutablePointer<Chunk>?
  /// Words of objects in all segments.
  private(set) var words = 0
  /// Up to where the newest segment, if it is large, is known to have its pages.
  private var touched: UInt = 0

  init() { unsafe newest = nil }

  /// A new segment with room for at least so many words of objects. False: the system has no memory.
  mutating func addSegment(words: Int, pool: Pool) -> Bool {
    guard let segment = unsafe OldSpace.makeSegment(words: words, pool: pool) else { return false }
    unsafe segment.pointee.next = unsafe newest
    unsafe newest = segment
    touched = unsafe segment.pointee.top
    return true
  }

  private static func makeSegment(words: Int, pool: Pool) -> UnsafeMutablePointer<Chunk>? {
    let size = HeapBlock.size(atLeast: words + Chunk.headerBytes / 8)
    let base = HeapBlock.allocate(words: size, pool: pool)
    guard let segment = unsafe UnsafeMutablePointer<Chunk>(bitPattern: base) else { return nil }
    unsafe segment.initialize(
      to: Chunk(
        next: nil, top: Chunk.start(base), end: base + UInt(size * 8), roots: 0, blockWords: UInt32(size),
        isFragment: false))
    return unsafe segment
  }

  /// Bytes that are free in the newest segment.
  var room: Int {
    guard let segment = unsafe newest else { return 0 }
    return unsafe Int(segment.pointee.end - segment.pointee.top)
  }

  /// Where the next object goes; moves over what was promoted to there.
  var top: UInt {
    get { unsafe newest.unsafelyUnwrapped.pointee.top }
    set {
      words += unsafe Int(newValue - newest.unsafelyUnwrapped.pointee.top) / 8
      unsafe newest.unsafelyUnwrapped.pointee.top = newValue
    }
  }

  /// Whether promoting so many bytes touches pages that the system has to clear first: half a millisecond and more for each
  /// large one, in which the scheduler of whoever promotes stands still.
  func meetsFreshPages(bytes: Int) -> Bool {
    guard let segment = unsafe newest, unsafe Int(segment.pointee.blockWords) >= HeapBlock.largeWords else {
      return false
    }
    return unsafe min(segment.pointee.top + UInt(bytes), segment.pointee.end) > touched
  }

  /// Makes the system clear pages now, for so many bytes and some more.
  mutating func touch(bytes: Int) {
    guard meetsFreshPages(bytes: bytes), let segment = unsafe newest else { return }
    let page: UInt = 4096
    let from = unsafe max(touched, segment.pointee.top) & ~(page - 1)
    let to = unsafe min(segment.pointee.top + UInt(bytes) + OldSpace.ahead, segment.pointee.end)
    // Page by page: meanwhile no other thread can change what is mapped, and some do, growing malloc's memory or a log. Refused by
    // old systems: then each page is cleared when it is written to.
    var place = from
    while place < to {
      let next = min((place / OldSpace.largePage + 1) * OldSpace.largePage, to)
      _ = unsafe madvise(UnsafeMutableRawPointer(bitPattern: place), Int(next - place), PageAdvice.populate)
      place = next
    }
    touched = to
  }

  /// Bytes that are touched at a time.
  private static var ahead: UInt { 16 << 20 }
  private static var largePage: UInt { 2 << 20 }

  /// Takes over a chunk of a message as it is.
  mutating func adopt(_ chunk: UnsafeMutablePointer<Chunk>) {
    words += unsafe Int(chunk.pointee.top - Chunk.start(UInt(bitPattern: chunk))) / 8
    // Behind the newest one, so that this goes on being filled.
    if let newest = unsafe newest {
      unsafe chunk.pointee.next = newest.pointee.next
      unsafe newest.pointee.next = chunk
    } else {
      unsafe chunk.pointee.next = nil
      unsafe newest = chunk
    }
  }

  /// Whether an object lies here. Walks the segments: for checks and for stores into old objects, which are rare.
  func holds(_ address: UInt) -> Bool {
    var segment = unsafe newest
    while let current = unsafe segment {
      if unsafe address >= UInt(bitPattern: current) && address < current.pointee.top { return true }
      unsafe segment = current.pointee.next
    }
    return false
  }

  /// Frees all segments.
  mutating func release(pool: Pool?) {
    var segment = unsafe newest
    while let current = unsafe segment {
      unsafe segment = current.pointee.next
      let blockWords = unsafe Int(current.pointee.blockWords)
      if Torture.isOn { unsafe Torture.poison(objectsOf: current) }
      if let pool, blockWords != 0 {
        HeapBlock.free(UInt(bitPattern: current), words: blockWords, pool: pool)
      } else {
        unsafe Chunk.free(current)
      }
    }
    unsafe newest = nil
    words = 0
  }
}

/// Places in old objects that hold young pointers: growing, in no order.
@safe struct RememberedSlots {
  private var slots: UnsafeMutablePointer<UInt>?
  private(set) var count = 0
  private var capacity = 0

  init() { unsafe slots = nil }

  subscript(i: Int) -> UnsafeMutablePointer<UInt64> {
    unsafe UnsafeMutablePointer(bitPattern: slots.unsafelyUnwrapped[i]).unsafelyUnwrapped
  }

  mutating func append(_ slot: UInt) {
    if count == capacity { grow() }
    unsafe slots.unsafelyUnwrapped[count] = slot
    count += 1
  }

  private mutating func grow() {
    let wider = UnsafeMutablePointer<UInt>.allocate(capacity: max(16, capacity * 2))
    if let slots = unsafe slots { unsafe wider.update(from: slots, count: count) }
    unsafe slots?.deallocate()
    unsafe slots = wider
    capacity = max(16, capacity * 2)
  }

  /// Whether this place is among them. For checks.
  func contains(_ slot: UInt) -> Bool {
    for i in 0..<count where unsafe slots.unsafelyUnwrapped[i] == slot { return true }
    return false
  }

  mutating func removeAll() { count = 0 }

  mutating func release() {
    unsafe slots?.deallocate()
    self = RememberedSlots()
  }
}
