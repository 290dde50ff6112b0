import Words

/// A copy of what a cell carries in chunks, made in steps, while others may read it or copy it as well: unlike `LargeCopy` it
/// writes nothing into the original. Objects that lie in a row are copied in a row; a pointer to one of them is moved by as
/// much as the chunk that it leads to.
///
/// K1  The cell is not adopted, and stays until the copy is whole.
@safe public final class ChunkCopy {
  /// A chunk of the original: its first object, the end of the last, and the address of the copy of the first.
  private struct Piece {
    let start: UInt
    let top: UInt
    let target: UInt
  }

  private let cell: MessageCell
  /// In the order of the chain, and by address.
  private var pieces: [Piece] = []
  private var byAddress: [Piece] = []
  private var first: UnsafeMutablePointer<Chunk>?
  private var last: UnsafeMutablePointer<Chunk>?
  /// The chunk of the original that has no copy yet; nil: all have.
  private var unmade: UnsafeMutablePointer<Chunk>?
  /// Where it is: a piece, an object of it, and a word of that.
  private var piece = 0
  private var object: UInt = 0
  private var word = 0

  public init(of cell: MessageCell) {
    self.cell = cell
    unsafe first = nil
    unsafe last = nil
    unsafe unmade = UnsafeMutablePointer(bitPattern: cell.link)
  }

  deinit { unsafe Chunk.free(chain: first) }

  /// Copies about so many words more; true: all is copied.
  public func step(words: Int) -> Bool {
    var left = words
    while let chunk = unsafe unmade {
      if left <= 0 { return false }
      left -= ChunkCopy.wordsPerChunk
      unsafe make(copyOf: chunk)
    }
    while piece < pieces.count {
      let current = pieces[piece]
      object = max(object, current.start)
      while object < current.top {
        if left <= 0 { return false }
        left -= 1
        copyObject(current, &left)
      }
      piece += 1
      object = 0
    }
    return true
  }

  /// A cell with the tuple of `key` and the copy, once that is whole.
  public func finish(kind: UInt8, to destination: Word, with key: Word, pool: Pool) -> MessageCell {
    let made = MessageCell.make(kind: kind, payload: 0, to: destination, pool: pool)
    made.value = moved(cell.value)
    made.link = unsafe UInt(bitPattern: first)
    var roots = SharedRoots()
    if let original = unsafe UnsafeMutablePointer<Chunk>(bitPattern: cell.link),
      unsafe original.pointee.roots != 0
    {
      roots.insert(all: unsafe SharedRoots(table: original.pointee.roots))
    }
    unsafe first?.pointee.roots = roots.table
    unsafe first = nil
    made.wrap(with: key)
    return made
  }

  /// Getting a chunk takes about as long as copying so many words.
  private static var wordsPerChunk: Int { 256 }

  private func make(copyOf chunk: UnsafeMutablePointer<Chunk>) {
    let start = Chunk.start(UInt(bitPattern: chunk))
    let top = unsafe chunk.pointee.top
    guard let copy = unsafe Chunk.make(words: Int(top - start) / 8, next: nil) else {
      fatalError("out of memory: the system refused \(top - start) bytes for a message")
    }
    unsafe copy.pointee.top = unsafe copy.pointee.end
    let made = Piece(start: start, top: top, target: Chunk.start(UInt(bitPattern: copy)))
    pieces.append(made)
    byAddress.insert(made, at: byAddress.firstIndex { $0.start > start } ?? byAddress.count)
    if let last = unsafe last { unsafe last.pointee.next = copy } else { unsafe first = copy }
    unsafe last = copy
    unsafe unmade = unsafe chunk.pointee.next
  }

  /// Goes on with an object; large ones take several steps.
  private func copyObject(_ piece: Piece, _ left: inout Int) {
    let source = HeapObject(Word(bits: UInt64(object)))
    let header = source.header
    let copy = piece.target + (object - piece.start)
    unsafe UnsafeMutablePointer<UInt64>(bitPattern: copy).unsafelyUnwrapped.pointee = header.bits
    let target = HeapObject(Word(bits: UInt64(copy)))
    let end = min(header.size, word + max(left, 1))
    let raw = min(max(word, header.members.lowerBound), end)
    target.copy(raw - word, from: source, at: word, to: word)
    for i in raw..<end { target[i] = moved(source[i]) }
    left -= end - word
    word = end
    guard end == header.size else { return }
    object += UInt(header.size + 1) * 8
    word = 0
  }

  /// What a word of the original is in the copy.
  private func moved(_ word: Word) -> Word {
    guard word.isPrivatePointer else { return word }
    let address = UInt(word.bits)
    var low = 0
    var high = byAddress.count
    while high - low > 1 {
      let middle = (low + high) / 2
      if byAddress[middle].start <= address { low = middle } else { high = middle }
    }
    return Word(bits: UInt64(byAddress[low].target + (address - byAddress[low].start)))
  }
}

extension MessageCell {
  /// Makes the tuple of `key`, which is no private object, and the value that this cell carries in chunks its value.
  public func wrap(with key: Word) {
    guard let old = unsafe UnsafeMutablePointer<Chunk>(bitPattern: link),
      let chunk = unsafe Chunk.make(words: 3, next: old)
    else { fatalError("out of memory: the system refused 24 bytes, or there are no chunks") }
    let address = unsafe chunk.pointee.top
    unsafe chunk.pointee.top = unsafe chunk.pointee.end
    unsafe chunk.pointee.roots = unsafe old.pointee.roots
    unsafe old.pointee.roots = 0
    let words = unsafe UnsafeMutablePointer<UInt64>(bitPattern: address).unsafelyUnwrapped
    unsafe words[0] = Header(.tuple, size: 2).bits
    unsafe words[1] = key.bits
    unsafe words[2] = value.bits
    value = Word(bits: UInt64(address))
    link = UInt(bitPattern: chunk)
  }
}
