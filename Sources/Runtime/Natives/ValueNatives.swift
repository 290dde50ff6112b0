import Bytecode
import Memory
import Words

/// What is asked of any value.
enum ValueNatives {
  /// The type keywords, in the order of `TypeCode`: interned once.
  private static let typeKeywords: [Word] = TypeCode.allCases.map { Keywords.intern($0.name) }

  static func typeOf(_ call: NativeCall) -> Word { typeKeywords[Int(TypeCode.of(call[0]).rawValue)] }

  static func equal(_ call: NativeCall) -> Word {
    call.attempt { Word(Equality.equal(call[0], call[1], &$0)) }
  }

  /// -1, 0 or 1, in the order of `sort`.
  static func compare(_ call: NativeCall) -> Word {
    call.attempt { Word(Ordering.compare(call[0], call[1], &$0).signum()) }
  }

  // MARK: Text

  /// Bytes that are shown in one step, some 100 µs; what is longer, the Prelude shows in parts.
  private static var shownAtOnce: Int { 1 << 15 }

  /// Nil if the text is long.
  static func show(_ call: NativeCall) -> Word {
    shown(call) { $0.show(call[0]) }
  }

  /// However long it is.
  static func showWhole(_ call: NativeCall) -> Word { call.charged { Show.show(call.heap, call[0], &$0) } }

  /// `(xs, from, to, arePairs)`: those members of a list, separated by commas, pairs as a dict's; nil if that is long.
  static func showMembers(_ call: NativeCall) -> Word {
    guard let xs = call.list(0), let range = call.bounds(1, 2, within: Lists.count(xs)) else {
      return call.misused(.showMembers)
    }
    let arePairs = call[3].isTruthy
    return shown(call) { text in
      for i in range {
        if i > range.lowerBound { text.separate(", ") }
        let member = Lists.at(xs, i)
        if arePairs && Tuples.count(ofTuple: member) == 2 {
          text.show(HeapObject(member)[0])
          text.separate(" ")
          text.show(HeapObject(member)[1])
        } else {
          text.show(member)
        }
      }
    }
  }

  @inline(__always) private static func shown(_ call: NativeCall, _ write: (inout TextWriter) -> Void) -> Word
  {
    call.charged { work in
      var text = TextWriter(call.heap, maxBytes: shownAtOnce)
      write(&text)
      return text.finish(&work)
    }
  }

  /// `(xs, separator)`: the members of a list as `string` shows them, with the separator between; nil if that is long.
  static func joinShown(_ call: NativeCall) -> Word {
    guard let xs = call.list(0), let separator = call.string(1) else { return call.misused(.joinShown) }
    return shown(call) { text in
      var cursor = MemberCursor(ordered: xs)
      while cursor.remaining > 0 && !text.isFull {
        text.string(cursor.next())
        if cursor.remaining > 0 { text.string(separator.word) }
      }
    }
  }

  // MARK: Collections

  /// The bytes of a string.
  static func byteCount(_ call: NativeCall) -> Word {
    guard let text = call.string(0) else { return call.misused(.byteCount) }
    return Word(text.byteCount)
  }

  static func count(_ call: NativeCall) -> Word {
    let word = call[0]
    switch TypeCode.of(word) {
    case .list: return Word(Lists.count(word))
    case .tuple: return Word(Tuples.count(word))
    case .string: return Word(StringView(word).scalarCount)
    case .dict: return Word(Dicts.count(word))
    case .set: return Word(Sets.count(word))
    case .struct: return Word(Structs.count(word))
    case .ns: return Word(Namespaces.count(word))
    default: return call.misused(.count)
    }
  }

  /// Member of a list or tuple, character of a string; nil outside.
  static func at(_ call: NativeCall) -> Word {
    let word = call[0]
    guard let i = call.index(1) else { return call.misused(.at) }
    switch TypeCode.of(word) {
    case .list: return i >= 0 && i < Lists.count(word) ? Lists.at(word, i) : .nil
    case .tuple: return i >= 0 && i < Tuples.count(word) ? HeapObject(word)[i] : .nil
    case .string: return StringNatives.at(call, StringView(word), i)
    default: return call.misused(.at)
    }
  }
}
