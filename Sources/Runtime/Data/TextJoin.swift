import Memory
import Words

/// `join`: the strings of a list, with a separator between them.
struct TextJoin: TextTask {
  private let strings: Word
  private let between: StringView
  private var cursor: MemberCursor
  private var bytes: Int
  private var scalars: Int
  private var target: StringView?
  private var position = 0
  /// What is being copied: a member, or the separator before the next one.
  private var source: StringView
  private var copied = 0
  private var isSeparator = false

  /// - Parameter strings: a list or tuple that is not empty
  init(_ strings: Word, _ between: StringView) {
    self.strings = strings
    self.between = between
    cursor = MemberCursor(ordered: strings)
    bytes = (cursor.remaining - 1) * between.byteCount
    scalars = (cursor.remaining - 1) * between.scalarCount
    source = between
  }

  var held: [Word] { target.map { [$0.word] } ?? [] }

  /// `absent`: a member is no string.
  mutating func step(_ heap: Heap, _ budget: Int, _ work: inout Int) -> Word? {
    guard let target else { return measure(heap, budget, &work) }
    while work < budget {
      if copied < source.byteCount {
        let count = min(source.byteCount - copied, Text.block)
        target.copyBytes(copied..<copied + count, of: source, to: position)
        copied += count
        position += count
        work += 1 + count >> 5
      } else if cursor.remaining == 0 {
        return target.word
      } else {
        work += 1
        isSeparator.toggle()
        source = isSeparator ? between : StringView(cursor.next())
        copied = 0
      }
    }
    return nil
  }

  private mutating func measure(_ heap: Heap, _ budget: Int, _ work: inout Int) -> Word? {
    while cursor.remaining > 0 {
      if work >= budget { return nil }
      let member = cursor.next()
      guard member.isObject(.string) else { return .absent }
      bytes += StringView(member).byteCount
      scalars += StringView(member).scalarCount
      work += 1
    }
    target = Text.make(heap, bytes: bytes, scalars: scalars)
    if target == nil { return .nil }
    cursor = MemberCursor(ordered: strings)
    source = StringView(cursor.next())
    return budget == Int.max ? step(heap, budget, &work) : nil
  }
}
