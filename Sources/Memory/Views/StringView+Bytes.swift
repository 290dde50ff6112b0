import Glibc
import Words

/// What is faster over whole runs of bytes than byte by byte.
extension StringView {
  /// Appends a range of the bytes to an array.
  public func append(_ range: Range<Int>, to array: inout [UInt8]) {
    precondition(range.lowerBound >= 0 && range.upperBound <= byteCount)
    // SAFETY: the range lies within the string's bytes, which do not move while this runs (H1).
    unsafe array.append(contentsOf: UnsafeBufferPointer(start: bytes + range.lowerBound, count: range.count))
  }

  /// How many scalars begin within a range of bytes.
  public func scalarCount(in range: Range<Int>) -> Int {
    precondition(range.lowerBound >= 0 && range.upperBound <= byteCount)
    if isASCII { return range.count }
    var count = 0
    let start = unsafe bytes
    for i in range where unsafe start[i] & 0xC0 != 0x80 { count += 1 }
    return count
  }

  /// The byte at which scalar `n` begins; the byte count, if there are not so many. O(1) for ASCII.
  public func byteIndex(ofScalar n: Int) -> Int {
    if isASCII { return min(n, byteCount) }
    if n >= scalarCount { return byteCount }
    var left = n
    var i = 0
    let start = unsafe bytes
    while true {
      if unsafe start[i] & 0xC0 != 0x80 {
        if left == 0 { return i }
        left -= 1
      }
      i += 1
    }
  }

  /// Looks for the scalar that begins behind `scalars` others, from byte `start` on, but not further than `limit` bytes.
  /// Moves `start` to it, or, if it is not among those bytes, behind them; `scalars` falls by those that were passed.
  /// - Returns: whether it is there; the end of the text counts as a scalar
  public func seek(_ start: inout Int, scalars: inout Int, within limit: Int) -> Bool {
    precondition(start >= 0 && start <= byteCount && scalars >= 0)
    let end = min(start + limit, byteCount)
    let here = scalarCount(in: start..<end)
    if here <= scalars {
      scalars -= here
      start = end
      return scalars == 0 && end == byteCount
    }
    var i = start
    while true {
      if unsafe bytes[i] & 0xC0 != 0x80 {
        if scalars == 0 { break }
        scalars -= 1
      }
      i += 1
    }
    start = i
    return true
  }

  /// Whether a range of the bytes is that of another string, `part`, from its byte `start` on.
  public func equals(_ range: Range<Int>, of part: StringView, from start: Int) -> Bool {
    precondition(range.lowerBound >= 0 && range.upperBound <= byteCount)
    precondition(start >= 0 && start + range.count <= part.byteCount)
    return unsafe memcmp(bytes + range.lowerBound, part.bytes + start, range.count) == 0
  }
}

extension Heap {
  /// A string of these bytes, which are valid UTF-8.
  public func makeString(bytes: [UInt8]) -> StringView {
    var scalars = 0
    for byte in bytes where byte & 0xC0 != 0x80 { scalars += 1 }
    let view = makeString(byteCount: bytes.count, scalarCount: scalars)
    unsafe bytes.withUnsafeBufferPointer { source in
      guard let first = source.baseAddress else { return }
      unsafe view.bytes.update(from: first, count: source.count)
    }
    return view
  }
}
