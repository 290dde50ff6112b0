import Memory
import Words

/// `show` and `string` (language §1.3): values as text.
enum Show {
  /// The string that `show (x)` gives; nil, if the heap has no room for it (the process has been marked then).
  static func show(_ heap: Heap, _ word: Word, _ work: inout Int) -> Word {
    var text = TextWriter(heap)
    text.show(word)
    return text.finish(&work)
  }

  /// The string that `string (x)` gives: strings as they are, other values shown; nil, if there is no room.
  static func string(_ heap: Heap, _ word: Word, _ work: inout Int) -> Word {
    word.isObject(.string) ? word : show(heap, word, &work)
  }

  /// The values that `element` gives by index, each as `string` shows it, joined; nil, if there is no room.
  @inline(__always) static func string(
    _ heap: Heap, count: Int, _ work: inout Int, element: (Int) -> Word
  ) -> Word {
    var text = TextWriter(heap)
    for i in 0..<count { text.string(element(i)) }
    return text.finish(&work)
  }

  /// What `show (x)` gives, for the edges of the VM.
  static func whole(_ word: Word) -> String {
    let scratch = Heap.standalone()
    defer { scratch.discard() }
    var text = TextWriter(scratch)
    text.show(word)
    return String(decoding: text.buffer.bytes, as: UTF8.self)
  }

  /// What `show (x)` gives, for reports: cut short, with an ellipsis, where it is very long.
  static func text(_ word: Word) -> String {
    let scratch = Heap.standalone()
    defer { scratch.discard() }
    var text = TextWriter(scratch, maxBytes: 1 << 16)
    text.show(word)
    return String(decoding: text.buffer.bytes, as: UTF8.self) + (text.isFull ? "…" : "")
  }

  /// What stands for a process in its `pid N`.
  static func showNumber(of pid: Word) -> UInt64 { pid.immediateValue }
}

/// Writes values as text into a buffer. Nested values are kept on a stack of its own: native calls do not nest.
///
/// It stops, and is `isFull`, where the text outgrows the memory of the process.
struct TextWriter {
  private let heap: Heap
  private(set) var buffer = ByteBuffer()
  /// The text has outgrown the heap, which has been told: what is in the buffer is cut short.
  private(set) var isFull = false

  /// An open bracket: the members that are left, and how they are written.
  private struct Frame {
    var members: MemberCursor
    let close: UInt8
    let isPairs: Bool
    var isFirst = true
    var isValue = false
  }
  private var frame = Frame(members: MemberCursor(ordered: .nil), close: 0, isPairs: false)
  /// Brackets around `frame`, outermost first; `depth` counts it too.
  private var outer: [Frame] = []
  private var depth = 0
  /// The members of large sets and dicts, in a row.
  private var scratch: Heap?
  /// The size at which the heap is asked for room next.
  private var checkAt = 4096

  private let maxBytes: Int

  /// - Parameter maxBytes: about so long a text is full, whatever room the heap has
  init(_ heap: Heap, maxBytes: Int = Int.max) {
    self.heap = heap
    self.maxBytes = maxBytes
  }

  /// The text as a string of the heap, or nil if there is no room.
  mutating func finish(_ work: inout Int) -> Word {
    work += buffer.count >> 3
    return isFull ? .nil : buffer.makeString(heap)
  }

  mutating func append(_ byte: UInt8) { buffer.append(byte) }

  /// Writes what stands between two values.
  mutating func separate(_ text: String) { buffer.append(text) }

  /// Writes a string as it is, another value as `show` does.
  mutating func string(_ word: Word) {
    guard word.isObject(.string) else { return show(word) }
    buffer.append(StringView(word))
    checkRoom()
  }

  mutating func show(_ word: Word) {
    begin(word)
    while depth > 0, !isFull {
      let next = frame.members.next()
      if next == .absent {
        close()
      } else {
        separate()
        begin(next)
        if buffer.count >= checkAt { checkRoom() }
      }
    }
    depth = 0
    outer.removeAll()
    scratch?.discard()
    scratch = nil
  }

  private mutating func close() {
    buffer.append(frame.close)
    depth -= 1
    if let around = outer.popLast() { frame = around }
  }

  private mutating func separate() {
    if frame.isValue {
      buffer.append(32)
      frame.isValue = false
      return
    }
    if !frame.isFirst {
      buffer.append(44)
      buffer.append(32)
    }
    frame.isFirst = false
    frame.isValue = frame.isPairs
  }

  private mutating func checkRoom() {
    guard buffer.count >= checkAt else { return }
    checkAt = buffer.count * 2
    isFull = isFull || buffer.count >= maxBytes || !heap.hasRoom(words: buffer.count / 8)
  }

  // MARK: One value

  /// Writes a value, or opens its bracket.
  private mutating func begin(_ word: Word) {
    if word.isNumber { return buffer.append(number: word.number) }
    if word.isPointer { return begin(HeapObject(word)) }
    switch word.immediateTag {
    case .keyword:
      buffer.append(58)
      buffer.append(Keywords.name(word))
    case .pid: show("pid ", Show.showNumber(of: word))
    case .token: show("token ", word.immediateValue)
    case .function: showFunction(Int(word.immediateValue))
    case .ref:
      buffer.append("ref ")
      buffer.append(RefNames.name(of: word)?.string ?? "anonymous")
    case .constant, .raw: buffer.append(TextWriter.constant(word))
    }
  }

  private static func constant(_ word: Word) -> String {
    switch word {
    case .nil: "nil"
    case .false: "false"
    case .true: "true"
    case .emptyTuple: "()"
    case .emptyList: "[]"
    case .emptySet: "${}"
    case .emptyDict: "#{}"
    case .emptyStruct: "@{}"
    default: "raw"
    }
  }

  private mutating func show(_ label: String, _ number: UInt64) {
    buffer.append(label)
    buffer.append(integer: number)
  }

  private mutating func showFunction(_ index: Int) {
    buffer.append("fn ")
    buffer.append(FunctionTable.name(index))
  }

  private mutating func begin(_ object: HeapObject) {
    let all = 0..<object.size
    switch object.kind {
    case .string: quote(StringView(object.word))
    case .tuple: open("(", MemberCursor(object, all), 41)
    case .list: open("[", MemberCursor(ordered: object.word), 93)
    case .smallSet: open("${", MemberCursor(object, all), 125)
    case .smallDict: open("#{", MemberCursor(object, all), 125, isPairs: true)
    case .structure: open("@{", MemberCursor(object, all), 125, isPairs: true)
    case .set: open("${", flat(Trie<SetShape>.self, object), 125)
    case .dict: open("#{", flat(Trie<DictShape>.self, object), 125, isPairs: true)
    case .namespace:
      buffer.append("ns ")
      buffer.append(Keywords.name(object[0]))
      open(" {", MemberCursor(object, 1..<object.size), 125, isPairs: true)
    case .closure: showFunction(Int(object.raw(0)))
    case .partial: buffer.append("fn anonymous")
    default: buffer.append("raw")
    }
  }

  private mutating func open(_ text: String, _ members: MemberCursor, _ close: UInt8, isPairs: Bool = false) {
    buffer.append(text)
    if depth > 0 { outer.append(frame) }
    frame = Frame(members: members, close: close, isPairs: isPairs)
    depth += 1
  }

  private mutating func flat<Shape: EntryShape>(_: Trie<Shape>.Type, _ object: HeapObject) -> MemberCursor {
    let heap = scratch ?? Heap.standalone()
    scratch = heap
    let row = Trie<Shape>.flat(heap, object)
    return MemberCursor(row, 0..<row.size)
  }

  /// Writes a string in quotes, with what must be escaped.
  private mutating func quote(_ text: StringView) {
    buffer.append(34)
    var start = 0
    for i in 0..<text.byteCount {
      let escape = TextWriter.escape(text.byte(i))
      if escape == 0 { continue }
      buffer.append(text, start..<i)
      buffer.append(92)
      buffer.append(escape)
      start = i + 1
    }
    buffer.append(text, start..<text.byteCount)
    buffer.append(34)
    checkRoom()
  }

  /// What stands behind the backslash for a byte; 0: it is written as it is.
  private static func escape(_ byte: UInt8) -> UInt8 {
    switch byte {
    case 10: 110
    case 9: 116
    case 13: 114
    case 0: 48
    case 34, 92, 123, 125: byte
    default: 0
    }
  }
}
