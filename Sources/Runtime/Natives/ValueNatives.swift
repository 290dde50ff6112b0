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

  static func show(_ call: NativeCall) -> Word { call.process.begun { TextShowOne(call[0]) } }

  /// `(xs, separator)`: the members of a list as `string` shows them, with the separator between.
  static func joinShown(_ call: NativeCall) -> Word {
    guard let xs = call.list(0), let separator = call.string(1) else { return call.misused(.joinShown) }
    if xs == .emptyList { return Text.empty }
    let only = Lists.count(xs) == 1 ? Lists.at(xs, 0) : .nil
    if only.isObject(.string) { return only }
    return call.process.begun { TextShow(MemberCursor(ordered: xs), separator: separator.word) }
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
