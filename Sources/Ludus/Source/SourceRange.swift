/// A stretch of a source file, as byte offsets: `start` is the first byte, `end` the one behind the last.
///
/// Offsets are 32 bits wide, so that a range is one machine word; `FrontEnd` refuses larger files.
public struct SourceRange: Hashable, Sendable {
  public let start: Int32
  public let end: Int32

  init(_ start: Int32, _ end: Int32) {
    self.start = start
    self.end = end
  }

  init(_ start: Int, _ end: Int) {
    self.init(Int32(truncatingIfNeeded: start), Int32(truncatingIfNeeded: end))
  }

  /// From the start of this range to the end of `other`.
  func through(_ other: SourceRange) -> SourceRange { SourceRange(start, max(end, other.end)) }

  func contains(_ other: SourceRange) -> Bool { start <= other.start && other.end <= end }

  /// The empty range at the start.
  var head: SourceRange { SourceRange(start, start) }
}
