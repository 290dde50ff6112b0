import Memory
import Words

/// Reads a number literal byte by byte: `-`, digits with single `_` between them, `.digits`, `e±digits`; the last two may
/// be missing. It keeps a bounded number of digits, however many there are.
struct NumberParser {
  private enum State {
    case start, sign, whole, underscore, point, fraction, exponentMark, exponentSign, exponent
  }
  private var state = State.start
  private var isNegative = false
  /// The significant digits' value, while they are few.
  private var small: UInt64 = 0
  /// The significant digits, from the first that is not 0 on: `maxDigits` at most, and only once they are many.
  private var digits: [UInt8] = []
  private var count = 0
  /// A digit that was left out is not 0.
  private var hasMore = false
  /// The power of 10 of the last digit that counts.
  private var scale = 0
  private var exponent = 0
  private var isExponentNegative = false

  /// No double's decision needs more digits; whether others follow that are not 0 is kept apart.
  private static var maxDigits: Int { 800 }

  /// Takes the next byte; false: this is no number.
  mutating func take(_ byte: UInt8) -> Bool {
    if byte >= 48 && byte <= 57 { return takeDigit(byte) }
    switch (state, byte) {
    case (.start, 45):
      isNegative = true
      state = .sign
    case (.whole, 95): state = .underscore
    case (.whole, 46): state = .point
    case (.whole, 101), (.fraction, 101): state = .exponentMark
    case (.exponentMark, 43): state = .exponentSign
    case (.exponentMark, 45):
      isExponentNegative = true
      state = .exponentSign
    default: return false
    }
    return true
  }

  private mutating func takeDigit(_ byte: UInt8) -> Bool {
    switch state {
    case .start, .sign, .underscore, .whole:
      state = .whole
      addDigit(byte, isFraction: false)
    case .point, .fraction:
      state = .fraction
      addDigit(byte, isFraction: true)
    case .exponentMark, .exponentSign, .exponent:
      state = .exponent
      exponent = min(exponent * 10 + Int(byte - 48), 1 << 50)
    }
    return true
  }

  private mutating func addDigit(_ byte: UInt8, isFraction: Bool) {
    if isFraction { scale -= 1 }
    if count == 0 && byte == 48 { return }
    if count < 19 {
      small = small * 10 + UInt64(byte - 48)
    } else {
      if count == 19 { digits = Array(String(small).utf8) }
      guard count < NumberParser.maxDigits else {
        hasMore = hasMore || byte != 48
        scale += 1
        return
      }
      digits.append(byte)
    }
    count += 1
  }

  /// The number that the bytes spelled; nil: they spelled none.
  func finish() -> Double? {
    guard state == .whole || state == .fraction || state == .exponent else { return nil }
    let power = scale + (isExponentNegative ? -exponent : exponent)
    if power == 0 && count <= 15 { return isNegative ? -Double(small) : Double(small) }
    var text = isNegative ? "-" : ""
    text += count <= 19 ? String(small) : String(decoding: digits, as: UTF8.self)
    // One digit more than there are, lest a number in the middle between two is rounded as if it were just that.
    if hasMore { text += "1" }
    text += "e\(power - (hasMore ? 1 : 0))"
    return Double(text)
  }
}

/// `to_number`: `(:ok, number)`, or `(:err, message)`.
struct NumberReading: TextTask {
  private let text: StringView
  private var parser = NumberParser()
  private var index = 0

  init(_ text: StringView) { self.text = text }

  mutating func step(_ heap: Heap, _ budget: Int, _ work: inout Int) -> Word? {
    while index < text.byteCount {
      if work >= budget { return nil }
      let end = min(index + 256, text.byteCount)
      work += 1 + (end - index) >> 1
      while index < end {
        guard parser.take(text.byte(index)) else { return failure(heap) }
        index += 1
      }
    }
    return parser.finish().map { Results.ok(heap, Word($0)) } ?? failure(heap)
  }

  private func failure(_ heap: Heap) -> Word {
    Results.error(heap, "not a number: \(Show.text(text.word))")
  }
}
