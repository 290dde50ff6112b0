import Bytecode
import Memory
import Words

/// Strings: the faces of `Text`. Indexes of the language count scalars.
enum StringNatives {
  // MARK: Joining

  /// `(strings, separator)`
  static func join(_ call: NativeCall) -> Word {
    guard let list = call.list(0), let separator = call.string(1) else { return call.misused(.joinStrings) }
    var work = 0
    defer { call.charge(work: work) }
    let result = Text.join(call.heap, list, separator.word, &work)
    return result == .absent ? call.misused(.joinStrings) : result
  }

  static func concat(_ call: NativeCall) -> Word {
    guard let x = call.string(0), let y = call.string(1) else { return call.misused(.stringConcat) }
    return call.charged { Text.concat(call.heap, x.word, y.word, &$0) }
  }

  /// `(s, n)`
  static func `repeat`(_ call: NativeCall) -> Word {
    guard let s = call.string(0), let n = call.index(1), n >= 0 else { return call.misused(.stringRepeat) }
    return call.charged { Text.repeated(call.heap, s.word, n, &$0) }
  }

  /// `(s, n, fill, atStart)`
  static func pad(_ call: NativeCall) -> Word {
    guard let s = call.string(0), let n = call.index(1), let fill = call.string(2) else {
      return call.misused(.stringPad)
    }
    let atStart = call[3].isTruthy
    return call.charged { Text.padded(call.heap, s.word, n, fill.word, atStart: atStart, &$0) }
  }

  /// `(s, old, new)`
  static func replace(_ call: NativeCall) -> Word {
    guard let s = call.string(0), let old = call.string(1), let new = call.string(2) else {
      return call.misused(.stringReplace)
    }
    return call.charged { Text.replace(call.heap, s.word, old.word, new.word, &$0) }
  }

  // MARK: Parts

  /// `(s, start, end)`, clamped.
  static func slice(_ call: NativeCall) -> Word {
    guard let s = call.string(0), let start = call.index(1), let end = call.index(2) else {
      return call.misused(.stringSlice)
    }
    return call.charged { Text.slice(call.heap, s.word, start, end, &$0) }
  }

  /// `(s, separator)`
  static func split(_ call: NativeCall) -> Word {
    guard let s = call.string(0), let separator = call.string(1) else { return call.misused(.stringSplit) }
    guard call.heap.hasRoom(words: s.byteCount / 8) else { return .nil }
    return call.charged { Text.split(call.heap, s.word, separator.word, &$0) }
  }

  /// `(s, atStart, atEnd)`
  static func trim(_ call: NativeCall) -> Word {
    guard let s = call.string(0) else { return call.misused(.stringTrim) }
    let (atStart, atEnd) = (call[1].isTruthy, call[2].isTruthy)
    return call.charged { Text.trim(call.heap, s.word, atStart: atStart, atEnd: atEnd, &$0) }
  }

  // MARK: All of a string

  static func words(_ call: NativeCall) -> Word { whole(call, .stringWords, Text.words) }
  static func lines(_ call: NativeCall) -> Word { whole(call, .stringLines, Text.lines) }
  static func strip(_ call: NativeCall) -> Word { whole(call, .stringStrip, Text.strip) }
  static func upcase(_ call: NativeCall) -> Word { whole(call, .stringUpcase, Text.upcase) }
  static func downcase(_ call: NativeCall) -> Word { whole(call, .stringDowncase, Text.downcase) }
  static func reverse(_ call: NativeCall) -> Word { whole(call, .stringReverse, Text.reverse) }

  private static func whole(
    _ call: NativeCall, _ native: Native, _ f: (Heap, Word, inout Int) -> Word
  ) -> Word {
    guard let s = call.string(0) else { return call.misused(native) }
    guard call.heap.hasRoom(words: s.byteCount / 4) else { return .nil }
    return call.charged { f(call.heap, s.word, &$0) }
  }

  // MARK: Searching

  static func has(_ call: NativeCall) -> Word {
    guard let s = call.string(0), let needle = call.string(1) else { return call.misused(.stringHas) }
    return call.charged { Word(Text.contains(s.word, needle.word, &$0)) }
  }

  /// `(s, needle)`: an index, or nil.
  static func find(_ call: NativeCall) -> Word {
    guard let s = call.string(0), let needle = call.string(1) else { return call.misused(.stringFind) }
    return call.charged { Text.indexOf(s.word, needle.word, &$0) }
  }

  static func starts(_ call: NativeCall) -> Word {
    guard let s = call.string(0), let prefix = call.string(1) else { return call.misused(.stringStarts) }
    call.charge(work: prefix.byteCount >> 3)
    return Word(Text.startsWith(s.word, prefix.word))
  }

  static func ends(_ call: NativeCall) -> Word {
    guard let s = call.string(0), let suffix = call.string(1) else { return call.misused(.stringEnds) }
    call.charge(work: suffix.byteCount >> 3)
    return Word(Text.endsWith(s.word, suffix.word))
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
