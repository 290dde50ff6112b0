import Memory
import Words

/// `replace`: each occurrence of a text replaced by another.
struct TextReplace: TextWriting {
  private let text: StringView
  private let new: StringView
  private let oldBytes: Int
  private var search: TextSearch
  /// What is to be written: a part of the text, and whether `new` comes behind it.
  private var rest = 0..<0
  private var restOfNew = 0..<0
  /// Behind the last occurrence.
  private var start = 0
  private var isLast = false

  /// Nothing was found.
  var unchanged: Word? { start == 0 ? text.word : nil }

  /// - Parameter old: not empty
  init(_ text: StringView, _ old: StringView, _ new: StringView) {
    self.text = text
    self.new = new
    oldBytes = old.byteCount
    search = TextSearch(text, old)
  }

  mutating func write(_ buffer: inout TextBuffer, _ budget: Int, _ work: inout Int) -> Bool {
    while work < budget {
      if !rest.isEmpty {
        work += TextReplace.put(text, &rest, &buffer)
      } else if !restOfNew.isEmpty {
        work += TextReplace.put(new, &restOfNew, &buffer)
      } else if isLast {
        return true
      } else {
        switch search.step(budget, &work) {
        case .more: return false
        case .none:
          isLast = true
          rest = start == 0 ? 0..<0 : start..<text.byteCount
        case .found(let found):
          rest = start..<found
          restOfNew = 0..<new.byteCount
          start = found + oldBytes
        }
      }
    }
    return false
  }

  private static func put(_ source: StringView, _ rest: inout Range<Int>, _ buffer: inout TextBuffer) -> Int {
    let count = min(rest.count, Text.block)
    buffer.append(source, rest.lowerBound..<rest.lowerBound + count)
    rest = rest.lowerBound + count..<rest.upperBound
    return 1 + count >> 4
  }
}
