/// A place in a file as people count it: lines and columns from 1, columns in Unicode scalars.
public struct SourcePosition: Hashable, Sendable {
  public let line: Int
  public let column: Int
}

/// The bytes of one source file and the way from byte offsets to lines and columns.
///
/// Asking for a position costs a binary search over the lines and at most one checkpoint block, however long
/// a line is: a table counts the UTF-8 continuation bytes before each block (only when there are any).
public final class SourceFile: Sendable {
  /// As the user wrote it on the command line; shown in diagnostics and panics.
  public let name: String
  public let bytes: [UInt8]
  /// Offsets of the first byte of each line, ascending; there is always a first line.
  private let lineStarts: [Int32]
  /// Continuation bytes before each block; empty when the text is ASCII.
  private let continuations: [Int32]

  /// Bytes between two checkpoints: small enough to scan, large enough to cost little memory.
  private static let blockSize = 64

  public init(name: String, bytes: [UInt8]) {
    self.name = name
    self.bytes = bytes
    (lineStarts, continuations) = SourceFile.index(bytes)
  }

  private static func index(_ bytes: [UInt8]) -> (lines: [Int32], continuations: [Int32]) {
    var lines: [Int32] = [0]
    var ascii = true
    for offset in bytes.indices {
      let byte = bytes[offset]
      if byte == Ascii.newline { lines.append(Int32(truncatingIfNeeded: offset + 1)) }
      if byte >= 0x80 { ascii = false }
    }
    guard !ascii else { return (lines, []) }
    var table: [Int32] = []
    var count: Int32 = 0
    for offset in bytes.indices {
      if offset % blockSize == 0 { table.append(count) }
      if isContinuation(bytes[offset]) { count += 1 }
    }
    if bytes.count % blockSize == 0 { table.append(count) }
    return (lines, table)
  }

  private static func isContinuation(_ byte: UInt8) -> Bool { byte & 0xC0 == 0x80 }

  /// Line and column of a byte offset; offsets beyond the text count as its end.
  public func position(of offset: Int32) -> SourcePosition {
    let offset = min(max(0, Int(offset)), bytes.count)
    let line = lineIndex(of: offset)
    let start = Int(lineStarts[line])
    let column = (offset - continuationsBefore(offset)) - (start - continuationsBefore(start))
    return SourcePosition(line: line + 1, column: column + 1)
  }

  /// The text of a range, with invalid UTF-8 repaired.
  public func text(in range: SourceRange) -> String {
    let start = min(max(0, Int(range.start)), bytes.count)
    let end = min(max(start, Int(range.end)), bytes.count)
    return String(decoding: bytes[start..<end], as: UTF8.self)
  }

  /// The range of a line (from 1) without its line break.
  func range(ofLine line: Int) -> SourceRange {
    let start = Int(lineStarts[line - 1])
    var end = line < lineStarts.count ? Int(lineStarts[line]) - 1 : bytes.count
    if end > start, bytes[end - 1] == Ascii.carriageReturn { end -= 1 }
    return SourceRange(start, max(start, end))
  }

  /// The index of the last line that starts at or before `offset`.
  private func lineIndex(of offset: Int) -> Int {
    var low = 0
    var high = lineStarts.count - 1
    while low < high {
      let middle = (low + high + 1) / 2
      if Int(lineStarts[middle]) <= offset { low = middle } else { high = middle - 1 }
    }
    return low
  }

  private func continuationsBefore(_ offset: Int) -> Int {
    guard !continuations.isEmpty else { return 0 }
    let block = offset / SourceFile.blockSize
    var count = Int(continuations[block])
    for index in (block * SourceFile.blockSize)..<offset where SourceFile.isContinuation(bytes[index]) {
      count += 1
    }
    return count
  }
}

extension SourceFile {
  /// A line's range, the nearest line's if there is no such line.
  func range(nearLine line: Int) -> SourceRange {
    range(ofLine: min(max(1, line), position(of: Int32.max).line))
  }
}
