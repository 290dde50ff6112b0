import Words

/// A copy of a value into chunks that keeps sharing and can stop after any number of words and go on later: the sender is
/// preempted in between, but does not run, so that what it copies stays where it is.
///
/// The chunks are scanned in the order in which they were filled (Cheney); `scan` is how far that has come. While the copy
/// is being made, the header of each copied object is the address of its copy, so that what is reached twice is copied
/// once and cycles end; a last pass sets the headers right again.
///
/// An object of very many words gets its room at once, but its words only when it is scanned, as many as the step allows. The
/// log has the objects in the order in which their copies are scanned, so it leads from these to those.
///
/// L1  Between the first step and the last, nobody but the copier reads the graph, and nothing collects it.
/// L2  Every copied object is in `log`; its copy has its true header.
@safe public struct LargeCopy: ~Copyable {
  public enum Progress {
    /// The budget is used up.
    case paused
    case done
    /// The copy would have more words than the limit. The graph is as it was.
    case tooLarge
  }

  private var first: UnsafeMutablePointer<Chunk>?
  private var last: UnsafeMutablePointer<Chunk>?
  private var scanChunk: UnsafeMutablePointer<Chunk>?
  private var scan: UInt = 0
  /// How many objects have been scanned, and how many members of the next one.
  private var scanned = 0
  private var scannedMembers = 0
  /// Words of objects whose words have not been copied yet.
  private var pending = 0
  private var log = AddressLog()
  private var restored = 0
  /// The region objects that the copy points at.
  private var roots = SharedRoots()
  /// What the sender has promoted: its region object goes in place of a copy.
  private let promotions: PromotionTable
  private let limit: Int
  /// The copy of the root.
  public private(set) var value: Word = .nil
  /// Words copied so far.
  public private(set) var words = 0

  /// What has been done, in the time that it takes to copy a word: what is to be charged.
  public var work: Int { words - pending + log.count * 4 + restored * 4 }

  /// Members from which on an object is copied as it is scanned.
  private static var manyMembers: Int { 4096 }

  /// Begins to copy a value.
  /// - Parameters:
  ///   - heap: whose value it is; nil: nobody's who could have promoted parts of it
  ///   - limit: words from which on the copy is given up
  public init(_ root: Word, of heap: Heap? = nil, limit: Int = Int.max) {
    unsafe first = nil
    unsafe last = nil
    unsafe scanChunk = nil
    promotions = heap?.promotions ?? PromotionTable()
    self.limit = limit
    value = move(root)
  }

  deinit {
    unsafe Chunk.free(chain: first)
    var roots = roots
    roots.release()
  }

  /// Copies about `budget` words more.
  public mutating func step(budget: Int) -> Progress {
    let goal = budget < Int.max / 2 ? work + budget : Int.max
    guard copy(until: goal) else { return .paused }
    if words > limit {
      _ = restore(count: log.count)
      return .tooLarge
    }
    return restore(count: max(1, (goal - work) / 4)) ? .done : .paused
  }

  /// The finished copy's chunks, which the caller owns from now on; 0: the value is no object of theirs.
  public mutating func takeChunks() -> UInt {
    if let first = unsafe first { unsafe first.pointee.roots = roots.table } else { roots.release() }
    roots = SharedRoots()
    defer { unsafe first = nil }
    return unsafe UInt(bitPattern: first)
  }

  /// True once everything is copied, or the limit passed.
  private mutating func copy(until goal: Int) -> Bool {
    while let chunk = unsafe scanChunk {
      while scan < (unsafe chunk.pointee.top) {
        if words > limit { return true }
        if work >= goal { return false }
        scanObject(until: goal)
      }
      guard let next = unsafe chunk.pointee.next else { break }
      unsafe scanChunk = next
      scan = Chunk.start(UInt(bitPattern: next))
    }
    return true
  }

  /// Gives up to `count` objects their headers back; true once all have them.
  private mutating func restore(count: Int) -> Bool {
    let end = restored + min(count, log.count - restored)
    for i in restored..<end {
      // SAFETY: L2.
      let object = unsafe UnsafeMutablePointer<UInt>(bitPattern: log[i]).unsafelyUnwrapped
      unsafe object.pointee =
        unsafe UnsafePointer<UInt>(bitPattern: object.pointee).unsafelyUnwrapped.pointee
    }
    restored = end
    return restored == log.count
  }

  private mutating func scanObject(until goal: Int) {
    let object = HeapObject(Word(bits: UInt64(scan)))
    let header = object.header
    if header.size >= LargeCopy.manyMembers {
      guard scanMany(object, header.members, until: goal) else { return }
    } else {
      for i in header.members { object[i] = move(object[i]) }
    }
    scan += UInt(header.size + 1) * 8
    scanned += 1
    words += 1
  }

  /// Copies and scans members as long as the step lasts; true once it has come to the last.
  @inline(never) private mutating func scanMany(
    _ object: HeapObject, _ members: Range<Int>, until goal: Int
  ) -> Bool {
    // The object's header is a forward by now, but its words are what they were (L1).
    let source = unsafe UnsafePointer<UInt64>(bitPattern: log[scanned]).unsafelyUnwrapped
    var i = members.lowerBound + scannedMembers
    while i < members.upperBound && work < goal && words <= limit {
      object[i] = unsafe move(Word(bits: source[1 + i]))
      pending -= 1
      i += 1
    }
    let isDone = i == members.upperBound
    scannedMembers = isDone ? 0 : i - members.lowerBound
    return isDone
  }

  private mutating func move(_ word: Word) -> Word {
    guard word.isPrivatePointer else {
      if word.isRegionPointer { roots.insert(word.bits) }
      return word
    }
    let source = HeapObject(word)
    let header = source.header
    if !header.isHeader { return Word(bits: header.bits) }
    if let promoted = promotions.word(for: word.bits) {
      roots.insert(promoted.bits)
      return promoted
    }
    let size = header.size + 1
    let address = reserve(UInt(size) * 8)
    words += size
    var count = size
    if header.size >= LargeCopy.manyMembers {
      count = 1 + header.members.lowerBound
      pending += size - count
    }
    unsafe UnsafeMutablePointer<UInt64>(bitPattern: address).unsafelyUnwrapped
      .update(from: source.address, count: count)
    unsafe source.address.pointee = UInt64(address)
    unsafe log.append(UInt(bitPattern: source.address))
    return Word(bits: UInt64(address))
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
