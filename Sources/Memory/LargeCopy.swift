import Words

/// A copy of a large value into chunks that can stop after any number of words and go on later: the sender is
/// preempted in between, but does not run, so that what it copies stays where it is.
///
/// The chunks are scanned in the order in which they were filled (Cheney); `scan` is how far that has come.
/// Environment records are the only objects that can close a cycle, so only they are remembered.
@safe public struct LargeCopy: ~Copyable {
  private var first: UnsafeMutablePointer<Chunk>?
  private var last: UnsafeMutablePointer<Chunk>?
  private var scanChunk: UnsafeMutablePointer<Chunk>?
  private var scan: UInt = 0
  /// Where environment records have gone, by the bits of their words.
  private var environments: [UInt64: Word] = [:]
  /// The copy of the root.
  public private(set) var value: Word = .nil
  /// Words copied so far.
  public private(set) var words = 0

  /// Begins to copy a value.
  public init(_ root: Word) {
    unsafe first = nil
    unsafe last = nil
    unsafe scanChunk = nil
    value = move(root)
  }

  deinit { unsafe Chunk.free(chain: first) }

  /// Copies about `budget` words more; true when all is copied.
  public mutating func step(budget: Int) -> Bool {
    let goal = words + budget
    while let chunk = unsafe scanChunk {
      while scan < (unsafe chunk.pointee.top) {
        if words >= goal { return false }
        scanObject()
      }
      guard let next = unsafe chunk.pointee.next else { break }
      unsafe scanChunk = next
      scan = Chunk.start(UInt(bitPattern: next))
    }
    return true
  }

  /// The finished copy's chunks, which the caller owns from now on.
  public mutating func takeChunks() -> UInt {
    defer { unsafe first = nil }
    return unsafe UInt(bitPattern: first)
  }

  private mutating func scanObject() {
    let object = HeapObject(Word(bits: UInt64(scan)))
    let header = object.header
    scan += UInt(header.size + 1) * 8
    words += 1
    let raw = header.kind.rawWords
    guard raw < header.size else { return }
    for i in raw..<header.size { object[i] = move(object[i]) }
  }

  private mutating func move(_ word: Word) -> Word {
    guard word.isPrivatePointer else { return word }
    let source = HeapObject(word)
    let header = source.header
    if header.has(.environment), let known = environments[word.bits] { return known }
    let size = header.size + 1
    let address = reserve(UInt(size) * 8)
    words += size
    unsafe UnsafeMutablePointer<UInt64>(bitPattern: address).unsafelyUnwrapped
      .update(from: source.address, count: size)
    let target = Word(bits: UInt64(address))
    if header.has(.environment) { environments[word.bits] = target }
    return target
  }

  private mutating func reserve(_ bytes: UInt) -> UInt {
    if let chunk = unsafe last, unsafe chunk.pointee.end - chunk.pointee.top >= bytes {
      defer { unsafe chunk.pointee.top += bytes }
      return unsafe chunk.pointee.top
    }
    // Chunks double, so that a large value lies in few and a small one wastes little.
    let size = max(Int(bytes) / 8, min(max(words, 60), 1 << 16))
    guard let chunk = unsafe Chunk.make(words: size, next: nil) else {
      fatalError("out of memory: the system refused \(size * 8) bytes for a message")
    }
    if let last = unsafe last {
      unsafe last.pointee.next = chunk
    } else {
      unsafe first = chunk
      unsafe scanChunk = chunk
      scan = Chunk.start(UInt(bitPattern: chunk))
    }
    unsafe last = chunk
    defer { unsafe chunk.pointee.top += bytes }
    return unsafe chunk.pointee.top
  }
}
