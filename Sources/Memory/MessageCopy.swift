import Words

/// Copies message values: small ones into the cell itself, in one go; larger ones into chunks (`LargeCopy`).
public enum MessageCopy {
  /// The words that a copy of this value needs if they are at most `limit`; else something larger than `limit`.
  /// Graphs with environment records (which may be cyclic) count as large.
  @inlinable public static func measure(_ word: Word, upTo limit: Int) -> Int {
    word.isPrivatePointer ? measureObject(word, upTo: limit) : 0
  }

  @usableFromInline static func measureObject(_ word: Word, upTo limit: Int) -> Int {
    let object = HeapObject(word)
    let header = object.header
    var words = header.size + 1
    if words > limit || header.has(.environment) { return Int.max }
    let members = header.members
    var i = members.lowerBound
    while i < members.upperBound {
      let member = object[i]
      i &+= 1
      guard member.isPrivatePointer else { continue }
      let more = measureObject(member, upTo: limit &- words)
      if more > limit &- words { return Int.max }
      words &+= more
    }
    return words
  }

  /// Copies a measured object and what it reaches to `cursor`; moves the cursor behind the copy.
  @usableFromInline static func copyObject(_ word: Word, to cursor: inout UInt) -> Word {
    let source = HeapObject(word)
    let header = source.header
    let target = HeapObject(Word(bits: UInt64(cursor)))
    cursor += UInt(header.size + 1) * 8
    let members = header.members
    // SAFETY: the caller has room for all measured words. They are few: a call of memcpy would take longer.
    let (from, to) = unsafe (source.address, target.address)
    unsafe to.pointee = header.bits
    var i = 0
    while i < members.lowerBound {
      unsafe to[1 &+ i] = from[1 &+ i]
      i &+= 1
    }
    while i < members.upperBound {
      let member = unsafe Word(bits: from[1 &+ i])
      unsafe to[1 &+ i] = (member.isPrivatePointer ? copyObject(member, to: &cursor) : member).bits
      i &+= 1
    }
    return target.word
  }

  /// A cell that carries a small value; nil: the value is larger than a cell holds. For values without region pointers but
  /// to permanent roots.
  @inlinable public static func makeCell(
    _ value: Word, kind: UInt8, to destination: Word, pool: Pool
  ) -> MessageCell? {
    let words = measure(value, upTo: MessageCell.middlePayload)
    guard words <= MessageCell.middlePayload else { return nil }
    let cell = MessageCell.make(kind: kind, payload: words, to: destination, pool: pool)
    fill(cell, value, words)
    return cell
  }

  /// The same for any value: what holds region pointers travels in a scanned cell.
  public static func makeAnyCell(
    _ value: Word, kind: UInt8, to destination: Word, pool: Pool
  ) -> MessageCell? {
    let words = measure(value, upTo: MessageCell.middlePayload)
    guard words <= MessageCell.middlePayload else { return nil }
    guard reachesRegion(value) else {
      let cell = MessageCell.make(kind: kind, payload: words, to: destination, pool: pool)
      fill(cell, value, words)
      return cell
    }
    let cell = MessageCell.makeScanned(kind: kind, payload: words, to: destination, pool: pool)
    fill(cell, value, words)
    return cell
  }

  /// A cell that carries the pair of a key, which is an immediate, and a value, as `makeAnyCell` of a tuple of both would make it;
  /// nil: it is too large. Not in the single heap, which knows no payload.
  /// - Parameter mayReachRegion: false: the value holds no region pointer, and nobody need look
  public static func makePairCell(
    _ key: Word, _ value: Word, mayReachRegion: Bool, kind: UInt8, to destination: Word, pool: Pool
  ) -> MessageCell? {
    let room = MessageCell.middlePayload - 3
    let words = measure(value, upTo: room)
    guard words <= room else { return nil }
    let cell =
      mayReachRegion && reachesRegion(value)
      ? MessageCell.makeScanned(kind: kind, payload: words + 3, to: destination, pool: pool)
      : MessageCell.make(kind: kind, payload: words + 3, to: destination, pool: pool)
    var cursor = cell.address + UInt((MessageCell.headerWords + 3) * 8)
    // SAFETY: the cell has room for all measured words.
    let payload = unsafe cell.words + MessageCell.headerWords
    unsafe payload[0] = Header(.tuple, size: 2).bits
    unsafe payload[1] = key.bits
    unsafe payload[2] = (value.isPrivatePointer ? copyObject(value, to: &cursor) : value).bits
    cell.value = Word(bits: UInt64(UInt(bitPattern: payload)))
    return cell
  }

  @inlinable static func fill(_ cell: MessageCell, _ value: Word, _ words: Int) {
    if words == 0 {
      cell.value = value
    } else {
      var cursor = cell.address + UInt(MessageCell.headerWords * 8)
      cell.value = copyObject(value, to: &cursor)
    }
  }

  /// Whether a small value holds a region pointer.
  private static func reachesRegion(_ word: Word) -> Bool {
    guard word.isPrivatePointer else { return word.isRegionPointer }
    let object = HeapObject(word)
    return object.members.contains { reachesRegion(object[$0]) }
  }
}

extension Heap {
  /// Makes a received cell's value part of this heap: a small one is copied in, the chunks of a large one are taken
  /// over and merged by the next collection. Afterwards the value is a root until the cell is freed.
  @inlinable public func adopt(_ cell: MessageCell) {
    if cell.isAdopted { return }
    if cell.isScanned { return adoptScanned(cell) }
    let payload = cell.payloadWords
    if payload > 0 {
      var cursor = reserve(words: payload)
      cell.value = MessageCopy.copyObject(cell.value, to: &cursor)
    } else if cell.link != 0 {
      takeOver(cell)
    }
    cell.link = 0
    cell.markAdopted()
  }

  /// Like `adopt`; first this heap becomes a holder of all region objects that the cell points at (G2).
  @usableFromInline @inline(never) func adoptScanned(_ cell: MessageCell) {
    // In the single heap the cell and the stack are roots by themselves.
    if !isSingle { holdRegion(cell.value) }
    if cell.payloadWords > 0 {
      var cursor = reserve(words: cell.payloadWords)
      cell.value = MessageCopy.copyObject(cell.value, to: &cursor)
    }
    cell.link = 0
    cell.markAdopted()
  }

  private func holdRegion(_ word: Word) {
    guard word.isPrivatePointer else {
      if word.isRegionPointer { hold(word) }
      return
    }
    let object = HeapObject(word)
    for i in object.members { holdRegion(object[i]) }
  }

  /// Room for objects of so many words together, headers included.
  @inlinable func reserve(words: Int) -> UInt {
    let bytes = UInt(words) &* 8
    if unsafe Int(bitPattern: state.pointee.top &- state.pointee.stackTop) >= Int(bitPattern: bytes) {
      unsafe state.pointee.top &-= bytes
      return unsafe state.pointee.top
    }
    return allocateInChunk(bytes)
  }

  /// From so many words on a message becomes old as it is, if this heap has generations: copying it would take long.
  private static var fragmentWords: Int { Torture.isOn ? 32 : 2_048 }

  private func markFragment(_ first: UnsafeMutablePointer<Chunk>) {
    var chunk: UnsafeMutablePointer<Chunk>? = unsafe first
    while let current = unsafe chunk {
      unsafe current.pointee.isFragment = true
      unsafe chunk = current.pointee.next
    }
  }

  @usableFromInline @inline(never) func takeOver(_ cell: MessageCell) {
    guard let first = unsafe UnsafeMutablePointer<Chunk>(bitPattern: cell.link) else { return }
    var last = unsafe first
    var words = unsafe Chunk.words(last)
    if unsafe first.pointee.roots != 0 {
      unsafe hold(all: SharedRoots(table: first.pointee.roots))
      unsafe first.pointee.roots = 0
    }
    while let next = unsafe last.pointee.next {
      unsafe last = next
      words += unsafe Chunk.words(last)
    }
    if unsafe words >= Heap.fragmentWords && state.pointee.more != nil { unsafe markFragment(first) }
    unsafe last.pointee.next = state.pointee.chunks
    unsafe state.pointee.chunks = first
    unsafe state.pointee.chunkWords += words
    // A fragment as large as the heap itself: collecting now merges both at a cost that is in proportion.
    let block = unsafe Int(state.pointee.end - state.pointee.base) / 8
    if unsafe state.pointee.chunkWords > max(block, 1024) { requestCollection() }
  }
}
