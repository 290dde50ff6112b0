import Synchronization
import Words

/// Unique tokens. The number of a token that `call!` made is odd and carries part of its maker's slot, so that a late
/// reply is known as one wherever it turns up.
///
///     token value (44 bits): [ count:30 | maker's slot, low bits:13 | call:1 ]
enum Tokens {
  private static let count = Atomic<UInt64>(1)

  private static func next() -> UInt64 { count.wrappingAdd(1, ordering: .relaxed).newValue & 0x3FFF_FFFF }

  static func make() -> Word { Word(.token, next() << 14) }

  static func makeForCall(by process: Process) -> Word {
    Word(.token, next() << 14 | (process.pid.immediateValue & 0x1FFF) << 1 | 1)
  }

  static func isOfCall(_ word: Word) -> Bool { word.isImmediate(.token) && word.immediateValue & 1 == 1 }

  /// Whether a call's token may be this process's own.
  static func isOfCall(_ word: Word, by process: Process) -> Bool {
    word.immediateValue >> 1 & 0x1FFF == process.pid.immediateValue & 0x1FFF
  }
}
