import Memory
import Words

/// Writes values as text into a buffer. Nested values are kept on a stack of its own: native calls do not nest. It can
/// stop after any value, and within a long string.
struct TextWriter {
  private(set) var buffer = TextBuffer()
  /// The text is as long as it may be: what is in the buffer is cut short.
  private(set) var isFull = false
  private let maxBytes: Int

  /// An open bracket: the members that are left, and how they are written. Large sets and dicts have one for each node of
  /// their tries: it has children, and `close` is 0 but for the root.
  private struct Frame {
    var members: MemberCursor
    var close: UInt8
    var isPairs = false
    var isFirst = true
    var isValue = false
    /// The object whose words from `nextChild` on are nodes that come behind the members.
    var node = Word.nil
    var nextChild = 0
    var endChild = 0
  }
  private var frame = Frame(members: MemberCursor(ordered: .nil), close: 0)
  /// Brackets around `frame`, outermost first; `depth` counts it too.
  private var outer = FrameStack()
  private var depth = 0

  /// Frames in pieces: growing an array of a million would take long at once.
  private struct FrameStack {
    private var full: [[Frame]] = []
    private var top: [Frame] = []

    mutating func push(_ frame: Frame) {
      if top.count == 256 {
        full.append(top)
        top = []
      }
      top.append(frame)
    }

    mutating func pop() -> Frame? {
      if top.isEmpty, let before = full.popLast() { top = before }
      return top.popLast()
    }
  }

  /// A string that is being written, from a byte on, in quotes or as it is.
  private struct Rest {
    let text: StringView
    var index = 0
    let isQuoted: Bool
  }
  private var rest: Rest?

  /// Bytes of a string between two looks at the budget.
  static var block: Int { 1 << 11 }

  /// Units of work that opening or closing a bracket takes beside its text: its frame is put away or taken back.
  private static var bracketWork: Int { 5 }

  /// - Parameter maxBytes: about so long a text is full
  init(maxBytes: Int = Int.max) { self.maxBytes = maxBytes }

  /// The text as a string of the heap, or nil if there is no room.
  mutating func finish(_ heap: Heap) -> TextBufferEnd? { buffer.finish(heap) }

  /// Begins to write a string as it is.
  mutating func copy(_ text: StringView) {
    if text.byteCount <= TextWriter.block { return buffer.append(text, 0..<text.byteCount) }
    rest = Rest(text: text, isQuoted: false)
  }

  /// Begins to write a value as `show` does; `run` goes on.
  mutating func show(_ word: Word) { begin(word) }

  /// Writes until `work` has reached `budget`; true: all that was begun is written, or the text is full.
  mutating func run(_ budget: Int, _ work: inout Int) -> Bool {
    let start = buffer.count
    var values = 0
    defer { work += values + (buffer.count - start) >> 2 }
    while rest != nil || depth > 0 {
      if buffer.count >= maxBytes {
        isFull = true
        return true
      }
      // At least one, so that each step comes further.
      if values > 0 && work + values + (buffer.count - start) >> 2 >= budget { return false }
      values += 1
      if rest != nil {
        writeRest()
      } else {
        let before = depth
        writeNext()
        if depth != before { values += TextWriter.bracketWork }
      }
    }
    return true
  }

  private mutating func writeNext() {
    let next = frame.members.next()
    if next != .absent {
      separate()
      return begin(next)
    }
    if frame.nextChild < frame.endChild { return enterChild() }
    if frame.close != 0 { buffer.append(frame.close) }
    depth -= 1
    if let around = outer.pop() { frame = around }
  }

  /// Goes on with the entries of a trie's next node: it has some, or its children do (T2).
  private mutating func enterChild() {
    let child = HeapObject(HeapObject(frame.node)[frame.nextChild])
    frame.nextChild += 1
    let isFirst = frame.isFirst
    frame.isFirst = false
    if frame.isPairs { open(TrieNode<DictShape>(child), 0) } else { open(TrieNode<SetShape>(child), 0) }
    frame.isFirst = isFirst
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

  // MARK: One value

  /// Writes a value, or opens its bracket.
  private mutating func begin(_ word: Word) {
    if word.isNumber { return buffer.append(number: word.number) }
    if word.isPointer { return begin(HeapObject(word)) }
    switch word.immediateTag {
    case .keyword:
      buffer.append(58)
      copy(Keywords.name(word))
    case .pid: write("pid ", Show.showNumber(of: word))
    case .token: write("token ", word.immediateValue)
    case .function: writeFunction(Int(word.immediateValue))
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

  private mutating func write(_ label: String, _ number: UInt64) {
    buffer.append(label)
    buffer.append(integer: number)
  }

  private mutating func writeFunction(_ index: Int) {
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
    case .set:
      buffer.append("${")
      open(TrieNode<SetShape>(HeapObject(object[1])), 125)
    case .dict:
      buffer.append("#{")
      open(TrieNode<DictShape>(HeapObject(object[1])), 125)
    case .namespace:
      buffer.append("ns ")
      buffer.append(Keywords.name(object[0]))
      open(" {", MemberCursor(object, 1..<object.size), 125, isPairs: true)
    case .closure: writeFunction(Int(object.raw(0)))
    case .partial: buffer.append("fn anonymous")
    default: buffer.append("raw")
    }
  }

  private mutating func open(_ text: String, _ members: MemberCursor, _ close: UInt8, isPairs: Bool = false) {
    buffer.append(text)
    push(Frame(members: members, close: close, isPairs: isPairs))
  }

  private mutating func open<Shape: EntryShape>(_ node: TrieNode<Shape>, _ close: UInt8) {
    push(
      Frame(
        members: MemberCursor(node.object, node.entries), close: close, isPairs: Shape.step == 2,
        node: node.object.word, nextChild: node.firstChild, endChild: node.object.size))
  }

  private mutating func push(_ new: Frame) {
    if depth > 0 { outer.push(frame) }
    frame = new
    depth += 1
  }

  // MARK: Strings

  /// Writes a string in quotes, with what must be escaped.
  private mutating func quote(_ text: StringView) {
    buffer.append(34)
    if text.byteCount <= TextWriter.block {
      escape(text, 0..<text.byteCount)
      return buffer.append(34)
    }
    rest = Rest(text: text, isQuoted: true)
  }

  /// Writes a block more of a long string.
  private mutating func writeRest() {
    guard var rest else { return }
    let end = min(rest.index + TextWriter.block, rest.text.byteCount)
    if rest.isQuoted {
      escape(rest.text, rest.index..<end)
    } else {
      buffer.append(rest.text, rest.index..<end)
    }
    rest.index = end
    self.rest = end < rest.text.byteCount ? rest : nil
    if self.rest == nil && rest.isQuoted { buffer.append(34) }
  }

  private mutating func escape(_ text: StringView, _ range: Range<Int>) {
    var start = range.lowerBound
    for i in range {
      let escape = TextWriter.escape(text.byte(i))
      if escape == 0 { continue }
      buffer.append(text, start..<i)
      buffer.append(92)
      buffer.append(escape)
      start = i + 1
    }
    buffer.append(text, start..<range.upperBound)
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
