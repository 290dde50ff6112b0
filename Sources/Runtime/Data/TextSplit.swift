import Memory
import Words

/// `split` and `lines`: the list of the parts between separators.
struct TextSplit: TextTask {
  private let text: StringView
  /// The separators are line ends, which may have a carriage return before them; an empty last part does not count.
  private let isLines: Bool
  private let separatorBytes: Int
  private var search: TextSearch
  private var parts: ListBuilder
  private var start = 0
  /// A part that is being copied.
  private var part: TextPart?
  private var isLast = false

  private static let lineFeed = Text.character(10)

  /// - Parameter separator: not empty; nil: into lines
  init(_ heap: Heap, _ text: StringView, _ separator: StringView?) {
    self.text = text
    isLines = separator == nil
    let between = separator ?? StringView(TextSplit.lineFeed)
    separatorBytes = between.byteCount
    search = TextSearch(text, between)
    parts = ListBuilder(heap)
  }

  var held: [Word] { parts.held + (part?.held ?? []) }

  mutating func step(_ heap: Heap, _ budget: Int, _ work: inout Int) -> Word? {
    guard heap.hasRoom(words: min(2 * SlicedWork.stepWork, text.byteCount / 8)) else { return .nil }
    while work < budget {
      if part != nil {
        guard let word = part?.step(heap, budget, &work) else { return nil }
        parts.append(word)
        part = nil
      }
      if isLast { return parts.finish() }
      switch search.step(budget, &work) {
      case .more: return nil
      case .none:
        isLast = true
        if !isLines || start < text.byteCount { take(heap, start..<text.byteCount, &work) }
      case .found(let found):
        let hasReturn = isLines && found > start && text.byte(found - 1) == 13
        take(heap, start..<(hasReturn ? found - 1 : found), &work)
        start = found + separatorBytes
      }
    }
    return nil
  }

  @inline(__always) private mutating func take(_ heap: Heap, _ range: Range<Int>, _ work: inout Int) {
    if range.isEmpty {
      parts.append(Text.empty)
    } else if range.count <= Text.atOnce {
      work += 2 + range.count >> 4
      parts.append(Text.part(heap, text, range))
    } else {
      part = TextPart(text, range)
    }
  }
}

/// `words`: the list of the parts between runs of white space.
struct TextWords: TextTask {
  private let text: StringView
  private var parts: ListBuilder
  private var start = 0
  private var index = 0
  private var part: TextPart?

  init(_ heap: Heap, _ text: StringView) {
    self.text = text
    parts = ListBuilder(heap)
  }

  var held: [Word] { parts.held + (part?.held ?? []) }

  mutating func step(_ heap: Heap, _ budget: Int, _ work: inout Int) -> Word? {
    guard heap.hasRoom(words: min(2 * SlicedWork.stepWork, text.byteCount / 4)) else { return .nil }
    let end = text.byteCount
    while work < budget {
      if part != nil {
        guard let word = part?.step(heap, budget, &work) else { return nil }
        parts.append(word)
        part = nil
      }
      if start == end { return parts.finish() }
      let from = index
      let stop = min(end, from + Text.atOnce)
      while index < stop && !Text.isWhiteSpace(text.scalar(at: index)) {
        index += text.scalarLength(at: index)
      }
      work += 1 + (index - from) >> 2
      if index >= stop && index < end { continue }
      if start < index { take(heap, start..<index, &work) }
      start = index < end ? index + text.scalarLength(at: index) : end
      index = start
    }
    return nil
  }

  private mutating func take(_ heap: Heap, _ range: Range<Int>, _ work: inout Int) {
    if range.count <= Text.atOnce {
      work += 2
      parts.append(Text.part(heap, text, range))
    } else {
      part = TextPart(text, range)
    }
  }
}

/// `trim`, `trim_start`, `trim_end`: the string without white space at its ends.
struct TextTrim: TextTask {
  private let text: StringView
  private var low = 0
  private var high: Int
  private var isLowDone: Bool
  private var isHighDone: Bool
  /// Scalars that were trimmed.
  private var trimmed = 0
  private var part: TextPart?

  init(_ text: StringView, atStart: Bool, atEnd: Bool) {
    self.text = text
    high = text.byteCount
    isLowDone = !atStart
    isHighDone = !atEnd
  }

  var held: [Word] { part?.held ?? [] }

  mutating func step(_ heap: Heap, _ budget: Int, _ work: inout Int) -> Word? {
    while part == nil {
      if work >= budget { return nil }
      if !isLowDone {
        isLowDone = !trimLow(&work)
      } else if !isHighDone {
        isHighDone = !trimHigh(&work)
      } else {
        part = TextPart(text, low..<high, scalars: text.scalarCount - trimmed)
      }
    }
    return part?.step(heap, budget, &work)
  }

  /// Goes on with some white space at the start; false: there is no more.
  private mutating func trimLow(_ work: inout Int) -> Bool {
    let before = trimmed
    defer { work += 1 + trimmed - before }
    while trimmed < before + 1024 {
      guard low < high, Text.isWhiteSpace(text.scalar(at: low)) else { return false }
      low += text.scalarLength(at: low)
      trimmed += 1
    }
    return true
  }

  private mutating func trimHigh(_ work: inout Int) -> Bool {
    let before = trimmed
    defer { work += 1 + trimmed - before }
    while trimmed < before + 1024 {
      guard low < high else { return false }
      let last = text.scalarStart(before: high)
      guard Text.isWhiteSpace(text.scalar(at: last)) else { return false }
      high = last
      trimmed += 1
    }
    return true
  }
}
