import Memory
import Words

/// Numbers as text (language §1.3).
enum NumberText {
  // MARK: Printing

  /// Appends a number as JavaScript prints it; `inf`, `-inf`, `nan`, and 0 for -0.
  static func append(_ number: Double, to buffer: inout TextBuffer) {
    if number.magnitude < 9_007_199_254_740_992, number == number.rounded(.towardZero) {
      if number < 0 { buffer.append(45) }
      buffer.append(integer: UInt64(number.magnitude))
      return
    }
    if number.isNaN { return buffer.append("nan") }
    if number < 0 { buffer.append(45) }
    if number.isInfinite { return buffer.append("inf") }
    let decimal = Decimal(number.magnitude)
    decimal.append(to: &buffer)
  }
}

/// The shortest decimal that reads back as a number: `0.d₁d₂… × 10^point`.
private struct Decimal {
  /// At most 17 digits, and the zeros that Swift writes around them.
  private var digits: InlineArray<32, UInt8> = .init(repeating: 0)
  private var count = 0
  private var point = 0

  /// The digits are those of Swift's own description, which is the shortest and nearest too.
  init(_ number: Double) {
    var exponent = 0
    var sign = 1
    var isFraction = false
    var isExponent = false
    for byte in number.description.utf8 {
      switch byte {
      case 46: isFraction = true
      case 101: isExponent = true
      case 45: sign = -1
      case 43: break
      default:
        if isExponent {
          exponent = exponent * 10 + Int(byte) - 48
        } else {
          take(byte, isFraction)
        }
      }
    }
    point += sign * exponent
    while count > 0, digits[count - 1] == 48 { count -= 1 }
  }

  /// Takes a digit; zeros in front of the first other one only move the point.
  private mutating func take(_ digit: UInt8, _ isFraction: Bool) {
    if count == 0 && digit == 48 {
      if isFraction { point -= 1 }
      return
    }
    digits[count] = digit
    count += 1
    if !isFraction { point += 1 }
  }

  func append(to buffer: inout TextBuffer) {
    if point > 21 || point < -5 { return appendWithExponent(to: &buffer) }
    if point <= 0 {
      buffer.append("0.")
      for _ in 0..<(-point) { buffer.append(48) }
      for i in 0..<count { buffer.append(digits[i]) }
      return
    }
    for i in 0..<max(point, count) {
      if i == point { buffer.append(46) }
      buffer.append(i < count ? digits[i] : 48)
    }
  }

  private func appendWithExponent(to buffer: inout TextBuffer) {
    for i in 0..<count {
      if i == 1 { buffer.append(46) }
      buffer.append(digits[i])
    }
    buffer.append(point > 0 ? "e+" : "e-")
    buffer.append(integer: UInt64((point - 1).magnitude))
  }
}
