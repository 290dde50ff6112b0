import Memory
import Words

/// Reads a number literal: `-`, digits with single `_` between them, `.digits`, `e±digits`; the last two may be missing.
struct NumberParser {
  private let text: StringView
  private var index: Int
  private let end: Int
  /// What Swift's own reader gets: the literal without its `_`.
  private var plain = ""
  /// The value of the digits so far, while there is nothing else and they are few.
  private var whole: UInt64 = 0
  private var digits = 0

  init(text: StringView, index: Int, end: Int) {
    self.text = text
    self.index = index
    self.end = end
  }

  private var byte: UInt8 { index < end ? text.byte(index) : 0 }
  private var isAtDigit: Bool { byte >= 48 && byte <= 57 }

  mutating func parse() -> Double? {
    let isNegative = byte == 45
    if isNegative { take() }
    guard takeDigits(allowsUnderscore: true) else { return nil }
    if index == end, digits <= 15 { return isNegative ? -Double(whole) : Double(whole) }
    if byte == 46 {
      take()
      guard takeDigits(allowsUnderscore: false) else { return nil }
    }
    if byte == 101 {
      take()
      if byte == 45 || byte == 43 { take() }
      guard takeDigits(allowsUnderscore: false) else { return nil }
    }
    return index == end ? Double(plain) : nil
  }

  private mutating func take() {
    plain.unicodeScalars.append(Unicode.Scalar(byte))
    index += 1
  }

  /// Takes one digit or more; false: there is none where one must be.
  private mutating func takeDigits(allowsUnderscore: Bool) -> Bool {
    guard isAtDigit else { return false }
    while isAtDigit {
      whole = whole &* 10 &+ UInt64(byte - 48)
      digits += 1
      take()
      if allowsUnderscore && byte == 95 {
        index += 1
        guard isAtDigit else { return false }
      }
    }
    return true
  }
}
