import Memory
import Words

/// `show` and `string` (language §1.3): values as text.
enum Show {
  /// What `show (x)` gives, for the edges of the VM.
  static func whole(_ word: Word) -> String { text(word, maxBytes: Int.max) }

  /// What `show (x)` gives, for reports: cut short, with an ellipsis, where it is very long.
  static func text(_ word: Word) -> String { text(word, maxBytes: mostBytes) }

  /// The same of several values with commas between, which are together no longer than one may be.
  static func text(of words: some Sequence<Word>) -> String {
    var text = ""
    for word in words {
      if !text.isEmpty { text += ", " }
      let left = mostBytes - text.utf8.count
      if left <= 0 { return text + "…" }
      text += Show.text(word, maxBytes: left)
    }
    return text
  }

  /// A string as it is, for reports: cut short as well.
  static func plain(_ string: StringView) -> String {
    var writer = TextWriter(maxBytes: mostBytes)
    var work = 0
    writer.copy(string)
    _ = writer.run(Int.max, &work)
    return writer.buffer.string + (writer.isFull ? "…" : "")
  }

  /// The length of a text in a report, about: some 100 µs.
  private static let mostBytes = 1 << 16

  private static func text(_ word: Word, maxBytes: Int) -> String {
    var writer = TextWriter(maxBytes: maxBytes)
    var work = 0
    writer.show(word)
    _ = writer.run(Int.max, &work)
    return writer.buffer.string + (writer.isFull ? "…" : "")
  }

  /// What stands for a process in its `pid N`.
  static func showNumber(of pid: Word) -> UInt64 { pid.immediateValue }
}

/// The values of a text, one after another.
protocol ShownItems: SendableMetatype {
  /// The next one; `absent`: there are no more.
  mutating func next() -> Word
}

extension MemberCursor: ShownItems {}

/// `show`, `string`, what `print!` writes, and the parts of an interpolated string: values as one text.
struct TextShow<Items: ShownItems>: TextTask {
  private var items: Items
  private let separator: StringView
  private var writer = TextWriter()
  private var isFirst = true
  /// An item that comes behind the separator that is being written.
  private var queued = Word.absent
  private var isDone = false
  private var end: TextBufferEnd?

  /// Items as `string` shows them: strings as they are.
  init(_ items: Items, separator: Word = Text.empty) {
    self.items = items
    self.separator = StringView(separator)
  }

  var held: [Word] { end?.held ?? [] }

  mutating func step(_ heap: Heap, _ budget: Int, _ work: inout Int) -> Word? {
    if end == nil {
      guard write(budget, &work) else { return heap.hasRoom(words: writer.buffer.count / 8) ? nil : .nil }
      end = writer.finish(heap)
      if end == nil { return .nil }
    }
    return end?.step(heap, budget, &work)
  }

  /// Writes until `work` has reached `budget`; true: all is written.
  private mutating func write(_ budget: Int, _ work: inout Int) -> Bool {
    while writer.run(budget, &work) {
      if isDone { return true }
      beginNext(&work)
      if work >= budget { return false }
    }
    return false
  }

  /// Begins to write the next item, or the separator before it.
  private mutating func beginNext(_ work: inout Int) {
    var item = queued
    queued = .absent
    if item == .absent {
      item = items.next()
      if item == .absent {
        isDone = true
        return
      }
      if !isFirst && separator.byteCount > 0 {
        queued = item
        item = separator.word
      }
    }
    isFirst = false
    work += 1
    guard item.isObject(.string) else { return writer.show(item) }
    let text = StringView(item)
    work += min(text.byteCount, TextWriter.block) >> 5
    writer.copy(text)
  }
}

/// One value, as `show` shows it.
struct TextShowOne: TextTask {
  private var writer = TextWriter()
  private var end: TextBufferEnd?

  init(_ word: Word) { writer.show(word) }

  var held: [Word] { end?.held ?? [] }

  mutating func step(_ heap: Heap, _ budget: Int, _ work: inout Int) -> Word? {
    if end == nil {
      guard writer.run(budget, &work) else {
        return heap.hasRoom(words: writer.buffer.count / 8) ? nil : .nil
      }
      end = writer.finish(heap)
      if end == nil { return .nil }
    }
    return end?.step(heap, budget, &work)
  }
}

extension Process {
  /// The result of a task whose length nobody knows before: in one step if that is enough, else in as many as it takes.
  @inline(__always) func begun<Task: TextTask>(_ make: () -> Task) -> Word {
    if work != nil { return sliced { nil } }
    var task = make()
    var work = 0
    let result = task.step(heap, SlicedWork.stepWork, &work)
    charge(work >> 3)
    return result ?? sliced { TextWork(task) }
  }
}
