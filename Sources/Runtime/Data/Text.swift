import Memory
import Words

/// The algorithms of strings (language §3 *Strings*). Strings are words of kind `.string`, which the caller has checked;
/// indexes and lengths count scalars. What can be long is a `TextTask`, which stops now and then.
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

  // MARK: Characters

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

  static func isWhiteSpace(_ scalar: Unicode.Scalar) -> Bool {
    if scalar.isASCII { return scalar == " " || (scalar.value >= 9 && scalar.value <= 13) }
    return scalar.properties.isWhitespace
  }
}
