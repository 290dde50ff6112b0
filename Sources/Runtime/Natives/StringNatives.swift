import Bytecode
import Memory
import Words

/// Strings: the faces of `Text`. Indexes of the language count scalars.
enum StringNatives {
  // MARK: Joining

  /// `(strings, separator)`
  static func join(_ call: NativeCall) -> Word {
    guard let list = call.list(0), let separator = call.string(1) else { return call.misused(.joinStrings) }
    if Lists.count(list) <= 512 {
      let short = call.charged { Text.joinShort(call.heap, list, separator.word, &$0) }
      if short != .absent { return short }
    }
    let result = call.process.sliced { TextWork(TextJoin(list, separator)) }
    return result == .absent ? call.misused(.joinStrings) : result
  }

  static func concat(_ call: NativeCall) -> Word {
    guard let x = call.string(0), let y = call.string(1) else { return call.misused(.stringConcat) }
    if x.byteCount == 0 { return y.word }
    if y.byteCount == 0 { return x.word }
    let bytes = x.byteCount + y.byteCount
    if bytes <= Text.block { return call.charged { Text.concatShort(call.heap, x, y, &$0) } }
    return call.run(bytes: bytes) {
      TextAssembly(
        call.heap, bytes: bytes, scalars: x.scalarCount + y.scalarCount,
        [.copy(x, 0..<x.byteCount), .copy(y, 0..<y.byteCount)])
    }
  }

  /// `(s, n)`
  static func `repeat`(_ call: NativeCall) -> Word {
    guard let s = call.string(0), let n = call.index(1), n >= 0 else { return call.misused(.stringRepeat) }
    guard n > 0, s.byteCount > 0 else { return Text.empty }
    if n == 1 { return s.word }
    if n <= Text.block, s.byteCount <= Text.block / n {
      return call.charged { Text.repeatShort(call.heap, s, n, &$0) }
    }
    return call.run(bytes: Int.max) { TextAssembly(call.heap, repeating: s, n) }
  }

  /// `(s, n, fill, atStart)`
  static func pad(_ call: NativeCall) -> Word {
    guard let s = call.string(0), let n = call.index(1), let fill = call.string(2) else {
      return call.misused(.stringPad)
    }
    guard n > s.scalarCount, fill.byteCount > 0 else { return s.word }
    let atStart = call[3].isTruthy
    if n <= Text.atOnce, fill.byteCount <= Text.atOnce {
      return call.charged { Text.padShort(call.heap, s, n, fill, atStart: atStart, &$0) }
    }
    return call.run(bytes: Int.max) { TextPad(s, n, fill, atStart: atStart) }
  }

  /// `(s, old, new)`
  static func replace(_ call: NativeCall) -> Word {
    guard let s = call.string(0), let old = call.string(1), let new = call.string(2) else {
      return call.misused(.stringReplace)
    }
    if old.byteCount == 0 { return s.word }
    return call.run(bytes: s.byteCount + new.byteCount) { TextMaking(TextReplace(s, old, new)) }
  }

  // MARK: Parts

  /// `(s, start, end)`, clamped.
  static func slice(_ call: NativeCall) -> Word {
    guard let s = call.string(0), let start = call.index(1), let end = call.index(2) else {
      return call.misused(.stringSlice)
    }
    let low = max(0, start)
    let high = min(end, s.scalarCount)
    guard low < high else { return Text.empty }
    return call.run(bytes: s.isASCII ? high - low : s.byteCount) { TextSlice(s, low, high) }
  }

  /// The character at an index; nil outside.
  static func at(_ call: NativeCall, _ s: StringView, _ i: Int) -> Word {
    guard i >= 0, i < s.scalarCount else { return .nil }
    if s.isASCII { return Text.character(s.byte(i)) }
    return call.run(bytes: s.byteCount) { TextSlice(s, i, i + 1) }
  }

  /// `(s, separator)`, which is not empty.
  static func split(_ call: NativeCall) -> Word {
    guard let s = call.string(0), let separator = call.string(1), separator.byteCount > 0 else {
      return call.misused(.stringSplit)
    }
    return call.run(bytes: s.byteCount) { TextSplit(call.heap, s, separator) }
  }

  /// `(s, atStart, atEnd)`
  static func trim(_ call: NativeCall) -> Word {
    guard let s = call.string(0) else { return call.misused(.stringTrim) }
    return call.run(bytes: s.byteCount) { TextTrim(s, atStart: call[1].isTruthy, atEnd: call[2].isTruthy) }
  }

  static func words(_ call: NativeCall) -> Word {
    guard let s = call.string(0) else { return call.misused(.stringWords) }
    return call.run(bytes: s.byteCount) { TextWords(call.heap, s) }
  }

  static func lines(_ call: NativeCall) -> Word {
    guard let s = call.string(0) else { return call.misused(.stringLines) }
    return call.run(bytes: s.byteCount) { TextSplit(call.heap, s, nil) }
  }

  // MARK: Mapping

  static func upcase(_ call: NativeCall) -> Word { cased(call, .stringUpcase, .upcase) }
  static func downcase(_ call: NativeCall) -> Word { cased(call, .stringDowncase, .downcase) }

  private static func cased(_ call: NativeCall, _ native: Native, _ change: TextMapping.Change) -> Word {
    guard let s = call.string(0) else { return call.misused(native) }
    if s.isASCII {
      return call.run(bytes: s.byteCount) { TextASCIICase(call.heap, s, up: change == .upcase) }
    }
    return call.run(bytes: s.byteCount) { TextMaking(TextMapping(s, change)) }
  }

  static func strip(_ call: NativeCall) -> Word {
    guard let s = call.string(0) else { return call.misused(.stringStrip) }
    return call.run(bytes: s.byteCount) { TextMaking(TextMapping(s, .strip)) }
  }

  static func reverse(_ call: NativeCall) -> Word {
    guard let s = call.string(0) else { return call.misused(.stringReverse) }
    return call.run(bytes: s.byteCount) { TextReverse(call.heap, s) }
  }

  // MARK: Searching

  static func has(_ call: NativeCall) -> Word {
    guard let s = call.string(0), let needle = call.string(1) else { return call.misused(.stringHas) }
    return call.run(bytes: s.byteCount) { TextFind(s, needle, wantsIndex: false) }
  }

  /// `(s, needle)`: an index, or nil.
  static func find(_ call: NativeCall) -> Word {
    guard let s = call.string(0), let needle = call.string(1) else { return call.misused(.stringFind) }
    return call.run(bytes: s.byteCount) { TextFind(s, needle, wantsIndex: true) }
  }

  static func starts(_ call: NativeCall) -> Word {
    guard let s = call.string(0), let prefix = call.string(1) else { return call.misused(.stringStarts) }
    return call.run(bytes: prefix.byteCount) { TextComparison(s, prefix, at: 0) }
  }

  static func ends(_ call: NativeCall) -> Word {
    guard let s = call.string(0), let suffix = call.string(1) else { return call.misused(.stringEnds) }
    let start = s.byteCount - suffix.byteCount
    return call.run(bytes: suffix.byteCount) { TextComparison(s, suffix, at: start) }
  }

  // MARK: Characters

  static func code(_ call: NativeCall) -> Word {
    guard let s = call.string(0) else { return call.misused(.stringCode) }
    return Text.code(s.word)
  }

  static func fromCode(_ call: NativeCall) -> Word {
    if let n = call[0].integer, let character = Text.fromCode(call.heap, n) { return character }
    return call.panic("from_code takes the number of a Unicode scalar, but got \(Show.text(call[0]))")
  }

  static func keywordName(_ call: NativeCall) -> Word {
    guard call[0].isKeyword else { return call.misused(.keywordName) }
    return Keywords.name(call[0]).word
  }
}
