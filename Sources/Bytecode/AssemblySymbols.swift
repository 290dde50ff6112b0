/// A name in assembly text: `fib`, `anonymous#3`, `fib/1`, `print!/*`, `"odd name"/2#7`. Compared by bytes.
struct AssemblySymbol: Hashable {
  var name: [UInt8]
  /// Tells apart what has the same name.
  var suffix: Int?

  init(_ name: [UInt8], suffix: Int? = nil) {
    self.name = name
    self.suffix = suffix
  }
}

/// A procedure of a function, or of the Prelude.
struct ProcedureSymbol: Hashable {
  var function: AssemblySymbol
  /// nil: variadic.
  var arity: Int?
  var suffix: Int?
}

/// How names and texts are written in assembly.
enum AssemblyText {
  /// A name as it is where it can be, else in quotes.
  static func name(_ text: String) -> String { isPlain(text) ? text : quoted(text) }

  static func isPlain(_ text: String) -> Bool {
    guard let first = text.utf8.first, isLetter(first) else { return false }
    return text.utf8.allSatisfy {
      isLetter($0) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0)
        || $0 == UInt8(ascii: "?") || $0 == UInt8(ascii: "!")
    }
  }

  private static func isLetter(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
      || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) || byte == UInt8(ascii: "_")
  }

  static func quoted(_ text: String) -> String {
    var out = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\n": out += "\\n"
      case "\r": out += "\\r"
      case "\t": out += "\\t"
      case "\"": out += "\\\""
      case "\\": out += "\\\\"
      case _ where scalar.value < 32 || scalar.value == 127:
        out += "\\u{\(String(scalar.value, radix: 16))}"
      default: out.unicodeScalars.append(scalar)
      }
    }
    return out + "\""
  }

  /// A number so that reading it gives the same bits.
  static func number(_ value: Double) -> String {
    if value.isNaN { return "nan(0x\(String(value.bitPattern, radix: 16)))" }
    if value.isInfinite { return value < 0 ? "-inf" : "inf" }
    if value == 0 { return value.sign == .minus ? "-0" : "0" }
    if value.magnitude < 9_007_199_254_740_992, Double(Int(value)) == value { return "\(Int(value))" }
    return "\(value)"
  }
}
