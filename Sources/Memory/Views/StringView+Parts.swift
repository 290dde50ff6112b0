import Glibc
import Words

/// Large strings, part by part.
extension StringView {
  /// The order of the same range of bytes of two strings, which both have.
  public func compare(_ range: Range<Int>, with other: StringView) -> Int {
    precondition(range.lowerBound >= 0 && range.upperBound <= min(byteCount, other.byteCount))
    return unsafe Int(memcmp(bytes + range.lowerBound, other.bytes + range.lowerBound, range.count))
  }

  /// Writes bytes of a string that was just made, from byte `target` on.
  public func setBytes(_ source: [UInt8], at target: Int) {
    precondition(target >= 0 && target + source.count <= byteCount)
    unsafe source.withUnsafeBufferPointer { source in
      guard let first = source.baseAddress else { return }
      unsafe (bytes + target).update(from: first, count: source.count)
    }
  }
}
