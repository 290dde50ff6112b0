import Memory
import Words

/// Taking strings apart.
extension Text {
  /// The list of the parts between separators, empty ones too; an empty separator splits into characters.
  static func split(_ heap: Heap, _ string: Word, _ separator: Word, _ work: inout Int) -> Word {
    let (text, between) = (StringView(string), StringView(separator))
    guard between.byteCount > 0 else { return characters(heap, string, &work) }
    var parts = ListBuilder(heap)
    var start = 0
    while let found = text.firstIndex(of: between, from: start) {
      parts.append(nonemptyPart(heap, text, start..<found))
      start = found + between.byteCount
    }
    parts.append(nonemptyPart(heap, text, start..<text.byteCount))
    work += parts.count + text.byteCount >> 5
    return parts.finish()
  }

  private static func nonemptyPart(_ heap: Heap, _ text: StringView, _ range: Range<Int>) -> Word {
    range.isEmpty ? empty : part(heap, text, range)
  }

  /// The list of the scalars as strings.
  static func characters(_ heap: Heap, _ string: Word, _ work: inout Int) -> Word {
    let text = StringView(string)
    work += text.scalarCount
    if text.isASCII {
      return Lists.make(heap, count: text.byteCount) { character(text.byte($0)) }
    }
    var i = 0
    return Lists.make(heap, count: text.scalarCount) { _ in
      let end = i + text.scalarLength(at: i)
      defer { i = end }
      return part(heap, text, i..<end)
    }
  }

  /// The list of the parts between runs of white space.
  static func words(_ heap: Heap, _ string: Word, _ work: inout Int) -> Word {
    let text = StringView(string)
    var parts = ListBuilder(heap)
    var start = 0
    var i = 0
    while i < text.byteCount {
      let length = text.scalarLength(at: i)
      if isWhiteSpace(text.scalar(at: i)) {
        if start < i { parts.append(part(heap, text, start..<i)) }
        start = i + length
      }
      i += length
    }
    if start < i { parts.append(part(heap, text, start..<i)) }
    work += parts.count + text.byteCount >> 3
    return parts.finish()
  }

  /// The list of the lines, without their breaks (LF or CRLF) and without an empty last one.
  static func lines(_ heap: Heap, _ string: Word, _ work: inout Int) -> Word {
    let text = StringView(string)
    var parts = ListBuilder(heap)
    var start = 0
    for i in 0..<text.byteCount where text.byte(i) == 10 {
      let end = i > start && text.byte(i - 1) == 13 ? i - 1 : i
      parts.append(nonemptyPart(heap, text, start..<end))
      start = i + 1
    }
    if start < text.byteCount { parts.append(part(heap, text, start..<text.byteCount)) }
    work += parts.count + text.byteCount >> 3
    return parts.finish()
  }

  /// The string without white space at its start, its end, or both.
  static func trim(
    _ heap: Heap, _ string: Word, atStart: Bool, atEnd: Bool, _ work: inout Int
  ) -> Word {
    let text = StringView(string)
    var low = 0
    var high = text.byteCount
    while atStart, low < high, isWhiteSpace(text.scalar(at: low)) { low += text.scalarLength(at: low) }
    while atEnd, low < high {
      let last = text.scalarStart(before: high)
      guard isWhiteSpace(text.scalar(at: last)) else { break }
      high = last
    }
    work += text.byteCount >> 5
    return nonemptyPart(heap, text, low..<high)
  }

  static func isWhiteSpace(_ scalar: Unicode.Scalar) -> Bool {
    if scalar.isASCII { return scalar == " " || (scalar.value >= 9 && scalar.value <= 13) }
    return scalar.properties.isWhitespace
  }
}
