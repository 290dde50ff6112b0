import Memory
import Words

/// The algorithms of strings (language §3 *Strings*). Strings are words of kind `.string`, which the caller has checked;
/// indexes and lengths count scalars.
///
/// Where a result may be larger than its parts, `nil` says that the heap has no room for it (and has been told).
enum Text {
  // MARK: Making

  /// A new string whose bytes the caller writes; nil: there is no room.
  static func make(_ heap: Heap, bytes: Int, scalars: Int) -> StringView? {
    // Byte counts have 32 bits (StringView).
    guard heap.hasRoom(words: bytes <= Int(UInt32.max) ? bytes / 8 : Int.max / 4) else { return nil }
    return heap.makeString(byteCount: bytes, scalarCount: scalars)
  }

  /// The string of a range of bytes, which begins and ends between scalars.
  static func part(_ heap: Heap, _ text: StringView, _ range: Range<Int>) -> Word {
    if range.count == text.byteCount { return text.word }
    if range.count == 1 { return character(text.byte(range.lowerBound)) }
    let new = heap.makeString(byteCount: range.count, scalarCount: text.scalarCount(in: range))
    new.copyBytes(range, of: text, to: 0)
    return new.word
  }

  /// The string of one ASCII character: one of a table that all processes share.
  @inline(__always) static func character(_ byte: UInt8) -> Word { HeapObject(characters)[Int(byte)] }

  private static let characters: Word = {
    let scratch = Heap.standalone()
    defer { scratch.discard() }
    return ImmortalArea.publish(
      Tuples.make(scratch, count: 128) { scratch.makeString(utf8: CollectionOfOne(UInt8($0))).word })
  }()

  /// The empty string.
  static let empty: Word = {
    let scratch = Heap.standalone()
    defer { scratch.discard() }
    return ImmortalArea.publish(scratch.makeString("").word)
  }()

  // MARK: Parts

  /// The scalar at index `n` as a string, or nil outside.
  static func at(_ heap: Heap, _ string: Word, _ n: Int, _ work: inout Int) -> Word {
    let text = StringView(string)
    guard n >= 0, n < text.scalarCount else { return .nil }
    if text.isASCII { return character(text.byte(n)) }
    work += n >> 3
    let start = text.byteIndex(ofScalar: n)
    return part(heap, text, start..<start + text.scalarLength(at: start))
  }

  /// The scalars from `start` up to but not including `end`, both clamped.
  static func slice(_ heap: Heap, _ string: Word, _ start: Int, _ end: Int, _ work: inout Int) -> Word {
    let text = StringView(string)
    let low = max(0, start)
    let high = min(end, text.scalarCount)
    guard low < high else { return empty }
    if !text.isASCII { work += high >> 3 }
    let first = text.byteIndex(ofScalar: low)
    let last = text.byteIndex(ofScalar: high)
    work += (last - first) >> 6
    return part(heap, text, first..<last)
  }

  /// The code of the first scalar, or nil.
  static func code(_ string: Word) -> Word {
    let text = StringView(string)
    return text.byteCount == 0 ? .nil : Word(Int(text.scalar(at: 0).value))
  }

  /// The string of one scalar; nil: there is no such scalar.
  static func fromCode(_ heap: Heap, _ code: Int) -> Word? {
    guard let value = UInt32(exactly: code), let scalar = Unicode.Scalar(value) else { return nil }
    return fromScalar(heap, scalar)
  }

  static func fromScalar(_ heap: Heap, _ scalar: Unicode.Scalar) -> Word {
    if scalar.isASCII { return character(UInt8(scalar.value)) }
    return heap.makeString(utf8: String(scalar).utf8).word
  }

  // MARK: Searching

  /// The index of the first occurrence, or nil.
  static func indexOf(_ string: Word, _ needle: Word, _ work: inout Int) -> Word {
    let text = StringView(string)
    work += text.byteCount >> 5
    guard let byte = text.firstIndex(of: StringView(needle)) else { return .nil }
    return Word(text.scalarCount(in: 0..<byte))
  }

  static func contains(_ string: Word, _ needle: Word, _ work: inout Int) -> Bool {
    let text = StringView(string)
    work += text.byteCount >> 5
    return text.firstIndex(of: StringView(needle)) != nil
  }

  static func startsWith(_ string: Word, _ prefix: Word) -> Bool {
    hasBytes(StringView(string), StringView(prefix), at: 0)
  }

  static func endsWith(_ string: Word, _ suffix: Word) -> Bool {
    let (text, end) = (StringView(string), StringView(suffix))
    return hasBytes(text, end, at: text.byteCount - end.byteCount)
  }

  private static func hasBytes(_ text: StringView, _ part: StringView, at start: Int) -> Bool {
    guard start >= 0, start + part.byteCount <= text.byteCount else { return false }
    for i in 0..<part.byteCount where text.byte(start + i) != part.byte(i) { return false }
    return true
  }
}
