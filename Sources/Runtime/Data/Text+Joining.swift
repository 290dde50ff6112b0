import Memory
import Words

/// Putting strings together.
extension Text {
  /// Two strings, neither of them empty, that are not long together.
  static func concatShort(_ heap: Heap, _ a: StringView, _ b: StringView, _ work: inout Int) -> Word {
    let bytes = a.byteCount + b.byteCount
    guard let new = make(heap, bytes: bytes, scalars: a.scalarCount + b.scalarCount) else { return .nil }
    new.copyBytes(0..<a.byteCount, of: a, to: 0)
    new.copyBytes(0..<b.byteCount, of: b, to: a.byteCount)
    work += bytes >> 6
    return new.word
  }

  /// The strings of a list or tuple of some hundreds, with a separator between them; `absent`: a member is no string, or
  /// the whole is long: `TextJoin` deals with both.
  static func joinShort(_ heap: Heap, _ strings: Word, _ separator: Word, _ work: inout Int) -> Word {
    var cursor = MemberCursor(ordered: strings)
    guard cursor.remaining > 0 else { return empty }
    let between = StringView(separator)
    var bytes = (cursor.remaining - 1) * between.byteCount
    var scalars = (cursor.remaining - 1) * between.scalarCount
    while cursor.remaining > 0 {
      let member = cursor.next()
      guard member.isObject(.string) else { return .absent }
      bytes += StringView(member).byteCount
      scalars += StringView(member).scalarCount
      work += 1
    }
    if bytes > block { return .absent }
    guard let new = make(heap, bytes: bytes, scalars: scalars) else { return .nil }
    work += bytes >> 6
    cursor = MemberCursor(ordered: strings)
    var at = put(new, 0, StringView(cursor.next()))
    while cursor.remaining > 0 {
      at = put(new, at, between)
      at = put(new, at, StringView(cursor.next()))
    }
    return new.word
  }

  /// Copies a string's bytes to a place of a new one; returns the place behind them.
  private static func put(_ new: StringView, _ at: Int, _ text: StringView) -> Int {
    new.copyBytes(0..<text.byteCount, of: text, to: at)
    return at + text.byteCount
  }

  /// The string `n` times over, where neither is long.
  static func repeatShort(_ heap: Heap, _ text: StringView, _ n: Int, _ work: inout Int) -> Word {
    let bytes = text.byteCount * n
    guard let new = make(heap, bytes: bytes, scalars: text.scalarCount * n) else { return .nil }
    work += bytes >> 6
    new.copyBytes(0..<text.byteCount, of: text, to: 0)
    fill(new, from: 0, filled: text.byteCount, upTo: bytes)
    return new.word
  }

  /// Repeats the bytes `[start, start + filled)` of a new string up to a byte, doubling them.
  private static func fill(_ new: StringView, from start: Int, filled: Int, upTo end: Int) {
    var filled = filled
    while start + filled < end {
      let more = min(filled, end - start - filled)
      new.copyBytes(start..<start + more, of: new, to: start + filled)
      filled += more
    }
  }

  /// The string with so much of `fill` before (or behind) it that it has `n` scalars, where neither is long.
  static func padShort(
    _ heap: Heap, _ text: StringView, _ n: Int, _ filling: StringView, atStart: Bool, _ work: inout Int
  ) -> Word {
    let (times, rest) = (n - text.scalarCount).quotientAndRemainder(dividingBy: filling.scalarCount)
    let padding = times * filling.byteCount + filling.byteIndex(ofScalar: rest)
    guard let new = make(heap, bytes: padding + text.byteCount, scalars: n) else { return .nil }
    work += padding >> 6
    let start = atStart ? 0 : text.byteCount
    let first = min(padding, filling.byteCount)
    new.copyBytes(0..<first, of: filling, to: start)
    Text.fill(new, from: start, filled: first, upTo: start + padding)
    new.copyBytes(0..<text.byteCount, of: text, to: atStart ? padding : 0)
    return new.word
  }
}
