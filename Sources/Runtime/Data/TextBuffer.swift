import Memory
import Words

/// A text of any length that is being written: UTF-8 bytes in pieces, so that nothing long is ever moved at once.
struct TextBuffer {
  /// Full pieces, and what has been written behind them.
  private(set) var full: [[UInt8]] = []
  private var tail: [UInt8] = []
  private var fullBytes = 0
  private var fullScalars = 0
  /// What the pieces count for, as long as any copy of this is there.
  private var account: AccountedBytes?

  /// Bytes of a piece.
  private static var pieceBytes: Int { 1 << 14 }

  var count: Int { fullBytes + tail.count }

  @inline(__always) mutating func append(_ byte: UInt8) {
    tail.append(byte)
    if tail.count >= TextBuffer.pieceBytes { seal() }
  }

  mutating func append(_ text: String) {
    tail.append(contentsOf: text.utf8)
    if tail.count >= TextBuffer.pieceBytes { seal() }
  }

  /// Appends a range of a string's bytes: a block of them, where it is to be done in steps.
  mutating func append(_ text: StringView, _ range: Range<Int>) {
    text.append(range, to: &tail)
    if tail.count >= TextBuffer.pieceBytes { seal() }
  }

  mutating func append(_ text: StringView) { append(text, 0..<text.byteCount) }
  mutating func append(number: Double) { NumberText.append(number, to: &self) }

  /// Appends a whole number ≥ 0.
  mutating func append(integer: UInt64) {
    var divisor: UInt64 = 1
    while integer / divisor >= 10 { divisor *= 10 }
    var rest = integer
    while divisor > 0 {
      append(UInt8(truncatingIfNeeded: 48 + rest / divisor))
      rest %= divisor
      divisor /= 10
    }
  }

  mutating func append(scalar: Unicode.Scalar) {
    if scalar.isASCII { return append(UInt8(truncatingIfNeeded: scalar.value)) }
    for byte in UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter { tail.append(byte) }
    if tail.count >= TextBuffer.pieceBytes { seal() }
  }

  mutating func append(_ bytes: [UInt8]) {
    tail += bytes
    if tail.count >= TextBuffer.pieceBytes { seal() }
  }

  /// Appends bytes that were read, as a piece of their own.
  mutating func append(piece bytes: [UInt8]) {
    seal()
    tail = bytes
    seal()
  }

  private mutating func seal() {
    if tail.isEmpty { return }
    fullBytes += tail.count
    fullScalars += TextBuffer.scalars(tail)
    full.append(tail)
    if account == nil { account = AccountedBytes() }
    account?.add(tail.count)
    tail = []
    tail.reserveCapacity(TextBuffer.pieceBytes + 256)
  }

  private static func scalars(_ bytes: [UInt8]) -> Int {
    var count = 0
    for byte in bytes where byte & 0xC0 != 0x80 { count += 1 }
    return count
  }

  /// Replaces a byte that was written before, at an index of the whole text that the last `append` of 2 bytes gave.
  mutating func setByte(_ place: Place, _ byte: UInt8) {
    if place.piece == full.count { tail[place.index] = byte } else { full[place.piece][place.index] = byte }
  }

  /// Where a byte stands; it stays true, for pieces are only ever added.
  struct Place {
    let piece: Int
    let index: Int
  }

  /// The place of the byte that is written next, if at least two more fit behind it.
  mutating func nextPlace() -> Place {
    if tail.count + 2 >= TextBuffer.pieceBytes { seal() }
    return Place(piece: full.count, index: tail.count)
  }

  // MARK: The string

  /// The bytes, for who puts them together elsewhere.
  var pieces: [[UInt8]] { full + [tail] }

  /// For reports.
  var string: String { String(decoding: pieces.joined(), as: UTF8.self) }

  /// Makes the string; nil: the heap has no room.
  mutating func finish(_ heap: Heap) -> TextBufferEnd? {
    guard !full.isEmpty else {
      guard heap.hasRoom(words: tail.count / 8) else { return nil }
      return TextBufferEnd(whole: heap.makeString(bytes: tail))
    }
    seal()
    tail = []
    guard let target = Text.make(heap, bytes: fullBytes, scalars: fullScalars) else { return nil }
    return TextBufferEnd(target, full)
  }
}

/// The copying of a finished text into its string.
struct TextBufferEnd: TextTask {
  private let target: StringView
  private var pieces: [[UInt8]]
  private var index = 0
  private var position = 0

  fileprivate init(whole: StringView) {
    target = whole
    pieces = []
  }

  fileprivate init(_ target: StringView, _ pieces: [[UInt8]]) {
    self.target = target
    self.pieces = pieces
  }

  var held: [Word] { [target.word] }

  mutating func step(_ heap: Heap, _ budget: Int, _ work: inout Int) -> Word? {
    while index < pieces.count {
      if work >= budget { return nil }
      target.setBytes(pieces[index], at: position)
      position += pieces[index].count
      work += 1 + pieces[index].count >> 5
      pieces[index] = []
      index += 1
    }
    return target.word
  }
}

/// A task that writes a text from the beginning to the end.
protocol TextWriting: SendableMetatype {
  /// Writes until `work` has reached `budget`; true: all is written.
  mutating func write(_ buffer: inout TextBuffer, _ budget: Int, _ work: inout Int) -> Bool

  /// A string that is the result as it is: nothing was to be changed.
  var unchanged: Word? { get }
}

extension TextWriting {
  var unchanged: Word? { nil }
}

/// Writes a text, then makes its string.
struct TextMaking<Writing: TextWriting>: TextTask {
  private var writing: Writing
  private var buffer = TextBuffer()
  private var end: TextBufferEnd?

  init(_ writing: Writing) { self.writing = writing }

  var held: [Word] { end?.held ?? [] }

  mutating func step(_ heap: Heap, _ budget: Int, _ work: inout Int) -> Word? {
    if end == nil {
      let isDone = writing.write(&buffer, budget, &work)
      guard heap.hasRoom(words: buffer.count / 8) else { return .nil }
      guard isDone else { return nil }
      if let same = writing.unchanged { return same }
      end = buffer.finish(heap)
      buffer = TextBuffer()
      if end == nil { return .nil }
    }
    return end?.step(heap, budget, &work)
  }
}
