import Bytecode
import Memory
import Words

/// Bits of whole numbers up to ±2^53, in two's complement.
enum BitNatives {
  static func and(_ call: NativeCall) -> Word { combined(call, "bit_and") { $0 & $1 } }
  static func or(_ call: NativeCall) -> Word { combined(call, "bit_or") { $0 | $1 } }
  static func xor(_ call: NativeCall) -> Word { combined(call, "bit_xor") { $0 ^ $1 } }

  /// To the left, or by a negative count to the right (keeping the sign).
  static func shift(_ call: NativeCall) -> Word {
    guard let x = call[0].integer else { return refused(call, "bit_shift", call[0]) }
    guard let n = call[1].integer else { return refused(call, "bit_shift", call[1]) }
    if n <= 0 { return Word(x >> min(-n, 63)) }
    if x == 0 { return Word(0) }
    guard n < 54 else { return refusedResult(call) }
    let (wide, overflow) = x.multipliedReportingOverflow(by: 1 << n)
    return overflow ? refusedResult(call) : bounded(call, wide)
  }

  private static func combined(_ call: NativeCall, _ name: String, _ f: (Int, Int) -> Int) -> Word {
    guard let x = call[0].integer else { return refused(call, name, call[0]) }
    guard let y = call[1].integer else { return refused(call, name, call[1]) }
    return bounded(call, f(x, y))
  }

  private static func bounded(_ call: NativeCall, _ n: Int) -> Word {
    n.magnitude <= 1 << 53 ? Word(n) : refusedResult(call)
  }

  private static func refused(_ call: NativeCall, _ name: String, _ word: Word) -> Word {
    call.panic("\(name) takes whole numbers up to 2^53, but got \(Show.text(word))")
  }

  private static func refusedResult(_ call: NativeCall) -> Word {
    call.panic("the bits do not fit in a whole number up to 2^53")
  }
}
