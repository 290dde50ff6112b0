import Bytecode
import Glibc
import Memory
import Words

/// Arithmetic. Doubles are strictly IEEE: no fused operations, and a remainder's sign is the language's.
enum NumberNatives {
  @inline(__always)
  private static func unary(_ call: NativeCall, _ native: Native, _ f: (Double) -> Double) -> Word {
    guard let x = call.number(0) else { return call.misused(native) }
    return Word(f(x))
  }

  @inline(__always)
  private static func binary(_ call: NativeCall, _ native: Native, _ f: (Double, Double) -> Double) -> Word {
    guard let x = call.number(0), let y = call.number(1) else { return call.misused(native) }
    return Word(f(x, y))
  }

  /// A division of some kind: by 0 it panics.
  @inline(__always)
  private static func division(_ call: NativeCall, _ native: Native, _ f: (Double, Double) -> Double) -> Word
  {
    guard let x = call.number(0), let y = call.number(1) else { return call.misused(native) }
    if y == 0 { return call.panic("division by zero") }
    return Word(f(x, y))
  }

  static func isWhole(_ call: NativeCall) -> Word {
    guard let x = call.number(0) else { return call.misused(.isWhole) }
    return Word(x.isFinite && x == x.rounded(.towardZero))
  }

  static func divide(_ call: NativeCall) -> Word { division(call, .divide) { $0 / $1 } }
  static func remainder(_ call: NativeCall) -> Word { division(call, .remainder) { fmod($0, $1) } }
  static func quotient(_ call: NativeCall) -> Word {
    division(call, .quotient) { ($0 / $1).rounded(.towardZero) }
  }

  /// The remainder with the sign of the divisor.
  static func modulo(_ call: NativeCall) -> Word {
    division(call, .modulo) { x, y in modulo(x, y) }
  }

  static func modulo(_ x: Double, _ y: Double) -> Double {
    let r = fmod(x, y)
    return r != 0 && (r < 0) != (y < 0) ? r + y : r
  }

  /// NaN if either is.
  static func minimum(_ call: NativeCall) -> Word {
    binary(call, .minimum) { x, y in minimum(x, y) }
  }

  static func maximum(_ call: NativeCall) -> Word {
    binary(call, .maximum) { x, y in maximum(x, y) }
  }

  static func minimum(_ x: Double, _ y: Double) -> Double { x.isNaN || y.isNaN ? .nan : y < x ? y : x }
  static func maximum(_ x: Double, _ y: Double) -> Double { x.isNaN || y.isNaN ? .nan : y > x ? y : x }

  static func absolute(_ call: NativeCall) -> Word { unary(call, .absolute) { $0.magnitude } }
  static func floor(_ call: NativeCall) -> Word { unary(call, .floor) { $0.rounded(.down) } }
  static func ceiling(_ call: NativeCall) -> Word { unary(call, .ceiling) { $0.rounded(.up) } }
  static func truncate(_ call: NativeCall) -> Word { unary(call, .truncate) { $0.rounded(.towardZero) } }

  /// Half away from zero.
  static func round(_ call: NativeCall) -> Word {
    unary(call, .round) { $0.rounded(.toNearestOrAwayFromZero) }
  }

  // MARK: Powers

  static func squareRoot(_ call: NativeCall) -> Word {
    guard let x = call.number(0) else { return call.misused(.squareRoot) }
    if x < 0 { return call.panic("sqrt of a negative number: \(Show.text(call[0]))") }
    return Word(x.squareRoot())
  }

  static func power(_ call: NativeCall) -> Word { binary(call, .power) { pow($0, $1) } }
  static func exponential(_ call: NativeCall) -> Word { unary(call, .exponential) { exp($0) } }

  static func logarithm(_ call: NativeCall) -> Word {
    guard let x = call.number(0) else { return call.misused(.logarithm) }
    if x <= 0 { return call.panic("log of a number that is not positive: \(Show.text(call[0]))") }
    return Word(log(x))
  }

  /// Exact for powers of 2 and 10.
  static func logarithmTo(_ call: NativeCall) -> Word {
    guard let x = call.number(0), let base = call.number(1) else { return call.misused(.logarithmTo) }
    if x <= 0 { return call.panic("log of a number that is not positive: \(Show.text(call[0]))") }
    if base <= 0 { return call.panic("log to a base that is not positive: \(Show.text(call[1]))") }
    if base == 2 { return Word(log2(x)) }
    if base == 10 { return Word(log10(x)) }
    return Word(log(x) / log(base))
  }

  // MARK: Angles, in radians

  static func sine(_ call: NativeCall) -> Word { unary(call, .sine) { sin($0) } }
  static func cosine(_ call: NativeCall) -> Word { unary(call, .cosine) { cos($0) } }
  static func tangent(_ call: NativeCall) -> Word { unary(call, .tangent) { tan($0) } }
  static func arcSine(_ call: NativeCall) -> Word { unary(call, .arcSine) { asin($0) } }
  static func arcCosine(_ call: NativeCall) -> Word { unary(call, .arcCosine) { acos($0) } }
  static func arcTangent(_ call: NativeCall) -> Word { unary(call, .arcTangent) { atan($0) } }
  static func arcTangent2(_ call: NativeCall) -> Word { binary(call, .arcTangent2) { atan2($0, $1) } }

  // MARK: Text

  /// `(:ok, number)`, or `(:err, message)`.
  static func parseNumber(_ call: NativeCall) -> Word {
    guard let text = call.string(0) else { return call.misused(.parseNumber) }
    return call.run(bytes: text.byteCount) { NumberReading(text) }
  }
}
