import Words

/// What travels through a mailbox: a message, or a signal of the VM, with the value that it carries.
///
///     word 0   next cell (the mailbox's link)
///          1   the destination's pid: a receiver drops what was meant for an earlier tenant of its slot; once
///              adopted: the previous adopted cell (0: none)
///          2   kind:8 │ pool class:8 │ adopted and age:8 │ held:8 │ payload words:32
///          3   the value: an immediate, a shared pointer, or a pointer into the payload, into `chunks`, or (once
///              adopted) into the receiver's heap
///          4   before adoption: the chain of chunks that holds a large value (0: none); afterwards: the next adopted cell
///          5…  payload: the objects of a small value
///
/// C1  Who made a cell owns it until it is pushed; then the receiver does.
/// C2  A cell whose value or payload holds region pointers is *scanned*: its memory is a root of the region, until the
///     receiver has adopted it into its own roots. Region pointers in chunks are roots by the chunks' own set.
@frozen public struct MessageCell: Equatable {
  public let address: UInt

  @inlinable public init(address: UInt) { self.address = address }

  @inlinable public static var headerWords: Int { 5 }
  /// Where machine code finds the parts of a message, in bytes from the cell's start.
  public static var nextOffset: Int { 0 }
  public static var kindOffset: Int { 16 }
  /// 0: not adopted.
  public static var adoptionOffset: Int { 18 }
  public static var valueOffset: Int { 24 }
  /// Payload words of the small and the middle cell.
  @inlinable public static var smallPayload: Int { 3 }
  @inlinable public static var middlePayload: Int { 11 }

  @inlinable @inline(__always) var words: UnsafeMutablePointer<UInt64> {
    // SAFETY: C1.
    unsafe UnsafeMutablePointer(bitPattern: address).unsafelyUnwrapped
  }

  @inlinable @inline(__always) public var next: UInt {
    get { unsafe UInt(words[0]) }
    nonmutating set { unsafe words[0] = UInt64(newValue) }
  }
  @inlinable @inline(__always) public var destination: Word {
    get { unsafe Word(bits: words[1]) }
    nonmutating set { unsafe words[1] = newValue.bits }
  }
  @inlinable @inline(__always) public var kind: UInt8 { unsafe UInt8(truncatingIfNeeded: words[2]) }
  /// A message of kind 0 that carries no object, or an immortal one: nothing is to be adopted, checked or copied.
  @inlinable @inline(__always) public var isPlainMessage: Bool { kind == 0 && !value.isCollectablePointer }
  /// C2.
  @inlinable public var isScanned: Bool { unsafe words[2] & 0xFF00 > 0x100 }
  @inlinable @inline(__always) public var isAdopted: Bool { unsafe words[2] & 0xFF0000 != 0 }
  @inlinable public var payloadWords: Int { unsafe Int(words[2] >> 32) }
  @inlinable @inline(__always) public var value: Word {
    get { unsafe Word(bits: words[3]) }
    nonmutating set { unsafe words[3] = newValue.bits }
  }
  /// The place of the value, as a root.
  @inlinable public var valuePlace: UnsafeMutablePointer<UInt64> { unsafe words + 3 }
  @inlinable public var link: UInt {
    get { unsafe UInt(words[4]) }
    nonmutating set { unsafe words[4] = UInt64(newValue) }
  }
  /// The adopted cell before this one; the place of the destination, which nobody asks any more.
  @inlinable public var previous: UInt {
    get { unsafe UInt(words[1]) }
    nonmutating set { unsafe words[1] = UInt64(newValue) }
  }

  /// A cell with a value that is no object, or an immortal one.
  @inlinable @inline(__always)
  public static func makePlain(_ value: Word, kind: UInt8, to destination: Word, pool: Pool) -> MessageCell {
    let cell = MessageCell(address: pool.take(.words8))
    unsafe cell.words[1] = destination.bits
    unsafe cell.words[2] = UInt64(kind)
    unsafe cell.words[3] = value.bits
    unsafe cell.words[4] = 0
    return cell
  }

  /// A cell with room for so many payload words (at most `middlePayload`), its value not set.
  @inlinable public static func make(kind: UInt8, payload: Int, to destination: Word, pool: Pool)
    -> MessageCell
  {
    let size: PoolClass = payload <= smallPayload ? .words8 : .words16
    let cell = MessageCell(address: pool.take(size))
    unsafe cell.words[1] = destination.bits
    unsafe cell.words[2] =
      UInt64(kind) | UInt64(truncatingIfNeeded: size.rawValue) << 8
      | UInt64(truncatingIfNeeded: payload) << 32
    unsafe cell.words[4] = 0
    return cell
  }

  /// A scanned cell (C2), its words zero but for the head.
  static func makeScanned(kind: UInt8, payload: Int, to destination: Word, pool: Pool) -> MessageCell {
    let size: PoolClass = payload <= smallPayload ? .scanned8 : .scanned16
    let cell = MessageCell(address: pool.take(size))
    unsafe cell.words[0] = 0
    unsafe cell.words[1] = destination.bits
    unsafe cell.words[2] =
      UInt64(kind) | UInt64(truncatingIfNeeded: size.rawValue) << 8
      | UInt64(truncatingIfNeeded: payload) << 32
    return cell
  }

  /// Gives the cell back. A value in chunks that nobody adopted goes with it.
  @inlinable @inline(__always) public func free(pool: Pool) {
    if link != 0 && !isAdopted { freeChunks() }
    if isScanned { return freeScanned(pool) }
    let size: PoolClass = unsafe words[2] >> 8 & 0xFF == 0 ? .words8 : .words16
    pool.give(address, size)
  }

  @usableFromInline @inline(never) func freeScanned(_ pool: Pool) {
    let size: PoolClass =
      unsafe words[2] >> 8 & 0xFF == UInt64(PoolClass.scanned8.rawValue) ? .scanned8 : .scanned16
    unsafe words.update(repeating: 0, count: size.words)
    pool.give(address, size)
  }

  @usableFromInline @inline(never) func freeChunks() {
    unsafe Chunk.free(chain: UnsafeMutablePointer(bitPattern: link))
  }

  /// Frees the first of the chunks that carry a value which nobody adopted: its words; nil: there is none. The value is
  /// not to be used afterwards.
  public func freeChunk() -> Int? {
    guard !isAdopted, let chunk = unsafe UnsafeMutablePointer<Chunk>(bitPattern: link) else { return nil }
    let words = unsafe Chunk.words(chunk)
    link = unsafe UInt(bitPattern: chunk.pointee.next)
    unsafe chunk.pointee.next = nil
    unsafe Chunk.free(chain: chunk)
    return words
  }

  /// Words of the chunks that carry its value, if nobody has adopted it.
  public var chunkWords: Int {
    var words = 0
    var chunk = unsafe UnsafeMutablePointer<Chunk>(bitPattern: isAdopted ? 0 : link)
    while let current = unsafe chunk {
      words += unsafe Chunk.words(current)
      unsafe chunk = current.pointee.next
    }
    return words
  }

  @inlinable func markAdopted() { unsafe words[2] |= 0x10000 }
}

/// An adopted message in the mailbox of a heap with generations. What it carries is old after two minor collections or one
/// full one; then minor collections need not visit it any more.
extension MessageCell {
  private static var survivedFlag: UInt64 { 0x2_0000 }
  private static var settledFlag: UInt64 { 0x4_0000 }

  /// Nothing that it carries is young.
  public var isSettled: Bool { unsafe words[2] & Self.settledFlag != 0 }

  /// A minor collection visits it.
  public func survive() { unsafe words[2] |= (words[2] & Self.survivedFlag) << 1 | Self.survivedFlag }

  /// A full collection visits it.
  public func settle() { unsafe words[2] |= Self.settledFlag }
}

/// A message whose `receive` runs a guard. Its value lies elsewhere by then or needs no payload, so the payload's first
/// word is free.
extension MessageCell {
  private static var heldFlag: UInt64 { 0x100_0000 }

  /// Remembers the limit of the receive, and that it is this very message that a receive has been left with.
  public func hold(limit: UInt64) {
    unsafe words[2] |= Self.heldFlag
    unsafe words[Self.headerWords] = limit
  }

  /// The limit if a receive has been left with this message; it is forgotten.
  public func resume() -> UInt64? {
    guard unsafe words[2] & Self.heldFlag != 0 else { return nil }
    unsafe words[2] &= ~Self.heldFlag
    return unsafe words[Self.headerWords]
  }
}
