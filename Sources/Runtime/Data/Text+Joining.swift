import Memory
import Words

/// Putting strings together.
extension Text {
  static func concat(_ heap: Heap, _ x: Word, _ y: Word, _ work: inout Int) -> Word {
    let (a, b) = (StringView(x), StringView(y))
    if a.byteCount == 0 { return y }
    if b.byteCount == 0 { return x }
    let bytes = a.byteCount + b.byteCount
    guard let new = make(heap, bytes: bytes, scalars: a.scalarCount + b.scalarCount) else { return .nil }
    new.copyBytes(0..<a.byteCount, of: a, to: 0)
    new.copyBytes(0..<b.byteCount, of: b, to: a.byteCount)
    work += bytes >> 6
    return new.word
  }

  /// The strings of a list or tuple, with a separator between them; `absent`: a member is no string.
  static func join(_ heap: Heap, _ strings: Word, _ separator: Word, _ work: inout Int) -> Word {
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

  /// The string `n ≥ 0` times over.
  static func repeated(_ heap: Heap, _ string: Word, _ n: Int, _ work: inout Int) -> Word {
    let text = StringView(string)
    guard n > 0, text.byteCount > 0 else { return empty }
    if n == 1 { return string }
    let (bytes, overflow) = text.byteCount.multipliedReportingOverflow(by: n)
    guard let new = make(heap, bytes: overflow ? Int.max : bytes, scalars: text.scalarCount &* n) else {
      return .nil
    }
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

  /// The string with so much of `fill` before (or behind) it that it has `n` scalars; longer strings as they are.
  static func padded(
    _ heap: Heap, _ string: Word, _ n: Int, _ fill: Word, atStart: Bool, _ work: inout Int
  ) -> Word {
    let (text, filling) = (StringView(string), StringView(fill))
    let missing = n - text.scalarCount
    guard missing > 0, filling.byteCount > 0 else { return string }
    let (times, rest) = missing.quotientAndRemainder(dividingBy: filling.scalarCount)
    let (most, overflow) = times.multipliedReportingOverflow(by: filling.byteCount)
    let padding = overflow ? Int.max / 2 : most + filling.byteIndex(ofScalar: rest)
    guard let new = make(heap, bytes: padding &+ text.byteCount, scalars: n) else { return .nil }
    work += padding >> 6
    let start = atStart ? 0 : text.byteCount
    let first = min(padding, filling.byteCount)
    new.copyBytes(0..<first, of: filling, to: start)
    Text.fill(new, from: start, filled: first, upTo: start + padding)
    new.copyBytes(0..<text.byteCount, of: text, to: atStart ? padding : 0)
    return new.word
  }

  /// Each occurrence of `what` replaced.
  static func replace(
    _ heap: Heap, _ string: Word, _ what: Word, _ with: Word, _ work: inout Int
  ) -> Word {
    let (text, old, new) = (StringView(string), StringView(what), StringView(with))
    guard old.byteCount > 0, var found = text.firstIndex(of: old) else { return string }
    var buffer = ByteBuffer()
    var start = 0
    while true {
      buffer.append(text, start..<found)
      buffer.append(new)
      start = found + old.byteCount
      if buffer.count > 1 << 20, !heap.hasRoom(words: buffer.count / 8) { return .nil }
      guard let next = text.firstIndex(of: old, from: start) else { break }
      found = next
    }
    buffer.append(text, start..<text.byteCount)
    work += (buffer.count + text.byteCount) >> 5
    return buffer.makeString(heap)
  }

  /// The scalars in the opposite order.
  static func reverse(_ heap: Heap, _ string: Word, _ work: inout Int) -> Word {
    let text = StringView(string)
    let count = text.byteCount
    work += count >> 3
    let new = heap.makeString(byteCount: count, scalarCount: text.scalarCount)
    var i = 0
    while i < count {
      let length = text.scalarLength(at: i)
      for k in 0..<length { new.setByte(count - i - length + k, text.byte(i + k)) }
      i += length
    }
    return new.word
  }
}
