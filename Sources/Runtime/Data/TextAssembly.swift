import Memory
import Words

/// What a new string is made of.
enum TextPiece {
  /// Bytes of another string.
  case copy(StringView, Range<Int>)
  /// The new string's own bytes `[start, start + period)`, which are there, over and over up to a byte.
  case tile(start: Int, period: Int, end: Int)
}

/// Writes the pieces of a new string, one behind another.
struct TextAssembly: TextTask {
  private let target: StringView
  private let pieces: [TextPiece]
  private var index = 0
  /// Bytes of the piece at `index` that are written.
  private var done = 0
  private var position = 0

  /// Nil: there is no room.
  init?(_ heap: Heap, bytes: Int, scalars: Int, _ pieces: [TextPiece]) {
    guard let target = Text.make(heap, bytes: bytes, scalars: scalars) else { return nil }
    self.target = target
    self.pieces = pieces
  }

  var held: [Word] { [target.word] }

  mutating func step(_ heap: Heap, _ budget: Int, _ work: inout Int) -> Word? {
    while index < pieces.count {
      if work >= budget { return nil }
      let count = copySome()
      work += 1 + count >> 5
    }
    return target.word
  }

  /// Copies a block of the piece at `index`; moves on behind its end.
  private mutating func copySome() -> Int {
    let count: Int
    let isOver: Bool
    switch pieces[index] {
    case .copy(let source, let range):
      count = min(range.count - done, Text.block)
      let start = range.lowerBound + done
      target.copyBytes(start..<start + count, of: source, to: position)
      isOver = done + count == range.count
    case .tile(let start, let period, let end):
      // What stands at `position` is what stands any number of periods before it.
      let source = start + (position - start) % period
      count = min(end - position, position - source, Text.block)
      target.copyBytes(source..<source + count, of: target, to: position)
      isOver = position + count == end
    }
    position += count
    done = isOver ? 0 : done + count
    if isOver { index += 1 }
    return count
  }
}

extension TextAssembly {
  /// A string `n` times over, n > 1. Nil: there is no room.
  init?(_ heap: Heap, repeating text: StringView, _ n: Int) {
    let (bytes, overflow) = text.byteCount.multipliedReportingOverflow(by: n)
    let whole = TextPiece.copy(text, 0..<text.byteCount)
    self.init(
      heap, bytes: overflow ? Int.max : bytes, scalars: text.scalarCount &* n,
      [whole, .tile(start: 0, period: text.byteCount, end: bytes)])
  }
}

/// Makes a string of a range of another's bytes, which begins and ends between scalars.
struct TextPart: TextTask {
  private let text: StringView
  private let range: Range<Int>
  private var scalars: Int
  /// Where the scalars of the range have been counted to.
  private var counted: Int
  private var assembly: TextAssembly?

  /// - Parameter scalars: how many scalars the range has, if that is known
  init(_ text: StringView, _ range: Range<Int>, scalars: Int? = nil) {
    self.text = text
    self.range = range
    let known = text.isASCII ? range.count : scalars
    self.scalars = known ?? 0
    counted = known == nil ? range.lowerBound : range.upperBound
  }

  var held: [Word] { assembly?.held ?? [] }

  mutating func step(_ heap: Heap, _ budget: Int, _ work: inout Int) -> Word? {
    if assembly == nil {
      if range.isEmpty { return Text.empty }
      if range.count <= Text.atOnce || range.count == text.byteCount {
        work += 1 + range.count >> 4
        return Text.part(heap, text, range)
      }
      while counted < range.upperBound {
        if work >= budget { return nil }
        let end = min(counted + Text.block, range.upperBound)
        scalars += text.scalarCount(in: counted..<end)
        work += (end - counted) >> 4
        counted = end
      }
      assembly = TextAssembly(heap, bytes: range.count, scalars: scalars, [.copy(text, range)])
      if assembly == nil { return .nil }
    }
    return assembly?.step(heap, budget, &work)
  }
}

/// `slice` and `at`: the scalars from one index up to another, both within the string.
struct TextSlice: TextTask {
  private let text: StringView
  private let scalars: Int
  /// Scalars that are still to be passed before the place that is looked for.
  private var left: Int
  private var byte = 0
  private var first: Int?
  private var part: TextPart?

  init(_ text: StringView, _ low: Int, _ high: Int) {
    self.text = text
    scalars = high - low
    left = low
    if text.isASCII { part = TextPart(text, low..<high) }
  }

  var held: [Word] { part?.held ?? [] }

  mutating func step(_ heap: Heap, _ budget: Int, _ work: inout Int) -> Word? {
    while part == nil {
      if work >= budget { return nil }
      let before = byte
      let isThere = text.seek(&byte, scalars: &left, within: Text.block)
      work += 1 + (byte - before) >> 4
      guard isThere else { continue }
      if let first {
        part = TextPart(text, first..<byte, scalars: scalars)
      } else {
        first = byte
        left = scalars
      }
    }
    return part?.step(heap, budget, &work)
  }
}

/// `pad_start` and `pad_end`: a string with so much of a fill before or behind it that it has `n` scalars.
struct TextPad: TextTask {
  private let text: StringView
  private let n: Int
  private let fill: StringView
  private let atStart: Bool
  /// Scalars of the fill's last part, which is not whole, that have not been passed, and the byte behind those that have.
  private var left: Int
  private var rest = 0
  private var assembly: TextAssembly?

  /// - Parameters:
  ///   - n: more scalars than the string has
  ///   - fill: not empty
  init(_ text: StringView, _ n: Int, _ fill: StringView, atStart: Bool) {
    self.text = text
    self.n = n
    self.fill = fill
    self.atStart = atStart
    left = (n - text.scalarCount) % fill.scalarCount
    if fill.isASCII { (rest, left) = (left, 0) }
  }

  var held: [Word] { assembly?.held ?? [] }

  mutating func step(_ heap: Heap, _ budget: Int, _ work: inout Int) -> Word? {
    while assembly == nil {
      if work >= budget { return nil }
      let before = rest
      let isThere =
        left == 0 && (rest == 0 || fill.isASCII) || fill.seek(&rest, scalars: &left, within: Text.block)
      work += 1 + (rest - before) >> 4
      guard isThere else { continue }
      assembly = makeAssembly(heap)
      if assembly == nil { return .nil }
    }
    return assembly?.step(heap, budget, &work)
  }

  private func makeAssembly(_ heap: Heap) -> TextAssembly? {
    let times = (n - text.scalarCount) / fill.scalarCount
    let (most, overflow) = times.multipliedReportingOverflow(by: fill.byteCount)
    let padding = overflow ? Int.max / 2 : most + rest
    let start = atStart ? 0 : text.byteCount
    let first = min(padding, fill.byteCount)
    let filling = [TextPiece.copy(fill, 0..<first), .tile(start: start, period: first, end: start + padding)]
    let whole = [TextPiece.copy(text, 0..<text.byteCount)]
    return TextAssembly(
      heap, bytes: padding &+ text.byteCount, scalars: n, atStart ? filling + whole : whole + filling)
  }
}
