import Bytecode
import Glibc
import Words

/// Random numbers from a state of 64 bits that each process has for itself (SplitMix64): cheap, and the same everywhere
/// for the same seed. Not for secrets.
enum RandomNatives {
  /// In [0, 1), 53 random bits.
  static func random(_ call: NativeCall) -> Word { Word(fraction(call)) }

  /// Whole, in [0, n).
  static func randomBelow(_ call: NativeCall) -> Word {
    guard let n = call.number(0), n >= 1 else { return call.misused(.randomBelow) }
    return Word((fraction(call) * n).rounded(.down))
  }

  static func seed(_ call: NativeCall) -> Word {
    guard call[0].isNumber else { return call.misused(.seed) }
    // Seeds that are small numbers differ in a few high bits only: mix them well.
    call.process.extra.random = mixed(call[0].bits &+ increment) | 1
    return .nil
  }

  private static func fraction(_ call: NativeCall) -> Double {
    Double(next(call) >> 11) * 0x1p-53
  }

  private static func next(_ call: NativeCall) -> UInt64 {
    // 0: not seeded yet. A seeded state may come by 0 once in 2^64 draws; then it starts afresh.
    if call.process.extra.random == 0 { call.process.extra.random = Clock.randomSeed() }
    call.process.extra.random &+= increment
    return mixed(call.process.extra.random)
  }

  /// 2^64 divided by the golden ratio, odd: every state comes once in 2^64 draws.
  private static var increment: UInt64 { 0x9E37_79B9_7F4A_7C15 }

  private static func mixed(_ state: UInt64) -> UInt64 {
    var z = state
    z = (z ^ z >> 30) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ z >> 27) &* 0x94D0_49BB_1331_11EB
    return z ^ z >> 31
  }
}
