import Memory
import Words

/// The occurrences of a text in a string, one after another, without overlaps, in steps.
///
/// Short needles are looked for in windows by the C library, whose preparation costs as much as the needle is long.
/// For long ones that would be paid for each window: they are looked for by a rolling hash (Karp and Rabin), which can
/// stop at any byte.
struct TextSearch {
  enum Step: Equatable {
    case found(Int)
    /// There are no more.
    case none
    /// The budget is used up.
    case more
  }

  private let text: StringView
  private let needle: StringView
  /// Where the next occurrence may begin.
  private(set) var position = 0
  private var rolling: RollingHash?

  /// Bytes up to which a needle counts as short.
  private static var short: Int { 4096 }

  /// - Parameter needle: not empty
  init(_ text: StringView, _ needle: StringView) {
    self.text = text
    self.needle = needle
  }

  /// Goes on behind the last occurrence, until there is another one or `work` has reached `budget`.
  mutating func step(_ budget: Int, _ work: inout Int) -> Step {
    let length = needle.byteCount
    if budget == Int.max { return windowed(upTo: text.byteCount, &work) }
    while position + length <= text.byteCount {
      if work >= budget { return .more }
      if length > TextSearch.short { return rolled(budget, &work) }
      let end = min(position + Text.block + 8 * length, text.byteCount)
      let step = windowed(upTo: end, &work)
      if step != .none || end == text.byteCount { return step }
      position = end - length + 1
    }
    return .none
  }

  private mutating func windowed(upTo end: Int, _ work: inout Int) -> Step {
    let found = text.firstIndex(of: needle, from: position, before: end)
    work += 1 + ((found ?? end) - position) >> 5
    guard let found else { return .none }
    position = found + needle.byteCount
    return .found(found)
  }

  private mutating func rolled(_ budget: Int, _ work: inout Int) -> Step {
    var hash = rolling ?? RollingHash(needle)
    let step = hash.step(text, needle, from: position, budget, &work)
    rolling = hash
    if case .found(let found) = step {
      position = found + needle.byteCount
      rolling?.restart()
    }
    return step
  }
}

/// The hash of as many bytes of a text as a needle has, at one place after another. Where it is the needle's, the bytes
/// are compared.
private struct RollingHash {
  private var wanted: UInt64 = 0
  private var hash: UInt64 = 0
  /// What the byte that leaves the window counts.
  private var power: UInt64 = 1
  /// Bytes of the needle, then of the window, that have been taken in.
  private var taken = 0
  private var isPrepared = false
  /// Bytes of a window that have been compared; nil: its hash is not the needle's, or not known yet.
  private var compared: Int?
  private var place: Int?

  /// A prime below 2^61; the base is any number.
  private static var prime: UInt64 { (1 << 61) - 1 }
  private static var base: UInt64 { 0x0B5A_D4EC_EDA1_CE2A }

  init(_ needle: StringView) {}

  mutating func restart() {
    (hash, taken, compared, place) = (0, 0, nil, nil)
  }

  private static func times(_ x: UInt64, _ y: UInt64) -> UInt64 {
    let (high, low) = x.multipliedFullWidth(by: y)
    return reduced((high << 3 | low >> 61) &+ (low & prime))
  }

  private static func reduced(_ x: UInt64) -> UInt64 { x >= prime ? x - prime : x }

  private static func taking(_ hash: UInt64, _ byte: UInt8) -> UInt64 {
    reduced(times(hash, base) + UInt64(byte))
  }

  /// Until there is an occurrence, `work` has reached `budget`, or the text is over.
  mutating func step(
    _ text: StringView, _ needle: StringView, from start: Int, _ budget: Int, _ work: inout Int
  ) -> TextSearch.Step {
    let length = needle.byteCount
    while !isPrepared {
      if work >= budget { return .more }
      prepare(needle)
      work += 256
    }
    var at = place ?? start
    defer { place = at }
    while at + length <= text.byteCount {
      if work >= budget { return .more }
      if taken < length {
        fill(text, at, length)
        work += 256
      } else if hash == wanted {
        let done = compared ?? 0
        if done == length { return .found(at) }
        let count = min(length - done, Text.block)
        let isEqual = text.equals(at + done..<at + done + count, of: needle, from: done)
        work += count >> 5
        if isEqual {
          compared = done + count
          continue
        }
        roll(text, &at, length)
      } else {
        let before = at
        repeat {
          roll(text, &at, length)
        } while hash != wanted && at - before < 512 && at + length <= text.byteCount
        work += (at - before) >> 1
      }
    }
    return .none
  }

  /// Takes in 1,024 bytes more of the needle.
  private mutating func prepare(_ needle: StringView) {
    let end = min(taken + 1024, needle.byteCount)
    for i in taken..<end {
      wanted = RollingHash.taking(wanted, needle.byte(i))
      if i > 0 { power = RollingHash.times(power, RollingHash.base) }
    }
    taken = end
    guard end == needle.byteCount else { return }
    isPrepared = true
    taken = 0
  }

  private mutating func fill(_ text: StringView, _ at: Int, _ length: Int) {
    let end = min(taken + 1024, length)
    for i in taken..<end { hash = RollingHash.taking(hash, text.byte(at + i)) }
    taken = end
  }

  /// Moves the window on by a byte.
  private mutating func roll(_ text: StringView, _ at: inout Int, _ length: Int) {
    compared = nil
    if at + length < text.byteCount {
      let leaving = RollingHash.times(UInt64(text.byte(at)), power)
      hash = RollingHash.reduced(hash + RollingHash.prime - leaving)
      hash = RollingHash.taking(hash, text.byte(at + length))
    }
    at += 1
  }
}

/// `index_of` and `contains?`: where a text stands first in a string.
struct TextFind: TextTask {
  private let text: StringView
  private let wantsIndex: Bool
  private var search: TextSearch
  /// The byte at which it was found, and how far the scalars before it are counted.
  private var found: Int?
  private var counted = 0
  private var scalars = 0

  /// - Parameter wantsIndex: the result is an index or nil; else true or false
  init(_ text: StringView, _ needle: StringView, wantsIndex: Bool) {
    self.text = text
    self.wantsIndex = wantsIndex
    search = TextSearch(text, needle)
    if needle.byteCount == 0 { found = 0 }
  }

  mutating func step(_ heap: Heap, _ budget: Int, _ work: inout Int) -> Word? {
    if found == nil {
      switch search.step(budget, &work) {
      case .more: return nil
      case .none: return wantsIndex ? .nil : .false
      case .found(let byte): found = byte
      }
    }
    guard wantsIndex else { return .true }
    guard let found, !text.isASCII else { return Word(found ?? 0) }
    while counted < found {
      if work >= budget { return nil }
      let end = min(counted + Text.block, found)
      scalars += text.scalarCount(in: counted..<end)
      work += 1 + (end - counted) >> 4
      counted = end
    }
    return Word(scalars)
  }
}

/// `starts_with?` and `ends_with?`: whether a text stands at a byte of a string.
struct TextComparison: TextTask {
  private let text: StringView
  private let part: StringView
  private let start: Int
  private var done = 0

  init(_ text: StringView, _ part: StringView, at start: Int) {
    self.text = text
    self.part = part
    self.start = start
  }

  mutating func step(_ heap: Heap, _ budget: Int, _ work: inout Int) -> Word? {
    guard start >= 0, start + part.byteCount <= text.byteCount else { return .false }
    while done < part.byteCount {
      if work >= budget { return nil }
      let count = min(part.byteCount - done, Text.block)
      let range = start + done..<start + done + count
      if !text.equals(range, of: part, from: done) { return .false }
      done += count
      work += 1 + count >> 5
    }
    return .true
  }
}
