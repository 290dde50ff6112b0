extension Lexer {
  /// `-1_000.5e-3`. What is wrong with it is reported, and it is a number all the same.
  mutating func scanNumber(_ token: inout Token) {
    let start = position
    if peek() == Ascii.minus { position += 1 }
    let separatorsAreGood = skipDigitsAndSeparators()
    if peek() == Ascii.point, Ascii.isDigit(peek(1)) {
      position += 1
      skipDigits()
    }
    skipExponent()
    let end = position
    token.kind = .number
    if !separatorsAreGood {
      skipRestOfMistake()
      report(start, "a `_` in a number stands between two digits")
    } else if Ascii.isWordByte(peek()) || isNonAsciiLetter {
      skipRestOfMistake()
      report(start, "a letter directly after a number", hint: "put a blank or a comma between them")
    } else if peek() == Ascii.point, !(peek(1) == Ascii.point && peek(2) == Ascii.point) {
      let first = bytes[start..<end].contains(Ascii.point)
      skipRestOfMistake()
      report(start, first ? "a number has one point at most" : "a point in a number needs digits behind it")
    } else {
      token.number = value(start, end)
    }
  }

  private func report(_ start: Int, _ message: String, hint: String? = nil) {
    problems.syntaxError(SourceRange(start, position), message, hint: hint)
  }

  private mutating func skipDigits() {
    while Ascii.isDigit(peek()) { position += 1 }
  }

  /// The digits before the point. Returns whether each `_` stands between two digits.
  private mutating func skipDigitsAndSeparators() -> Bool {
    while true {
      skipDigits()
      guard peek() == Ascii.underscore else { return true }
      guard Ascii.isDigit(peek(1)) else { return false }
      position += 1
    }
  }

  private mutating func skipExponent() {
    guard peek() == Ascii.exponent else { return }
    let signed = peek(1) == Ascii.plus || peek(1) == Ascii.minus
    guard Ascii.isDigit(peek(signed ? 2 : 1)) else { return }
    position += signed ? 2 : 1
    skipDigits()
  }

  /// Goes on over everything that was meant to be part of the number.
  private mutating func skipRestOfMistake() {
    while true {
      skipLetters()
      if bytes[position - 1] == Ascii.exponent, peek() == Ascii.plus || peek() == Ascii.minus {
        position += 1
      }
      guard peek() == Ascii.point, peek(1) != Ascii.point || peek(2) != Ascii.point else { return }
      position += 1
    }
  }

  private func value(_ start: Int, _ end: Int) -> Double {
    if end - start <= 15, let whole = wholeNumber(start, end) { return whole }
    var text: [UInt8] = []
    text.reserveCapacity(end - start)
    for byte in bytes[start..<end] where byte != Ascii.underscore { text.append(byte) }
    let decoded = String(decoding: text, as: UTF8.self)
    return Double(decoded) ?? (text.first == Ascii.minus ? -Double.infinity : Double.infinity)
  }

  /// The common case, exact in a double: up to fifteen digits and nothing else.
  private func wholeNumber(_ start: Int, _ end: Int) -> Double? {
    var value = 0
    let negative = bytes[start] == Ascii.minus
    for index in (negative ? start + 1 : start)..<end {
      guard Ascii.isDigit(bytes[index]) else { return nil }
      value = value * 10 + Int(bytes[index] - Ascii.zero)
    }
    return negative ? -Double(value) : Double(value)
  }
}
