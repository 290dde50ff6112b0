/// What a `Histogram` has counted, as a value: it can be merged with others, asked, and written down.
public struct Distribution: Sendable, Equatable {
  /// How many values fell into each bucket; what would follow are zeros.
  var counts: [UInt64]
  /// The sum of all values.
  public private(set) var total: UInt64
  /// The largest value, exactly; 0 if there is none.
  public private(set) var max: UInt64

  public init() { self.init(counts: [], total: 0, max: 0) }

  init(counts: [UInt64], total: UInt64, max: UInt64) {
    self.counts = counts
    self.total = total
    self.max = max
  }

  /// How many values there are.
  public var count: UInt64 { counts.reduce(0, &+) }

  public var isEmpty: Bool { counts.isEmpty }

  /// The mean of all values; 0 if there is none.
  public var mean: Double {
    let count = count
    return count == 0 ? 0 : Double(total) / Double(count)
  }

  /// Counts a value.
  public mutating func record(_ value: UInt64) {
    let place = Histogram.bucket(of: value)
    grow(to: place + 1)
    counts[place] += 1
    total &+= value
    max = Swift.max(max, value)
  }

  /// Adds what another one has counted.
  public mutating func merge(_ other: Distribution) {
    grow(to: other.counts.count)
    for (place, count) in other.counts.enumerated() { counts[place] += count }
    total &+= other.total
    max = Swift.max(max, other.max)
  }

  private mutating func grow(to size: Int) {
    if counts.count < size { counts += Array(repeating: 0, count: size - counts.count) }
  }

  /// The value that the given share of all values does not exceed, e.g. 0.99, to within 3 %: the upper end of its
  /// bucket, and never more than `max`. 0 if there are no values.
  public func quantile(_ share: Double) -> UInt64 {
    let count = count
    if count == 0 { return 0 }
    let rank = Swift.max(1, UInt64((share * Double(count)).rounded(.up)))
    var seen: UInt64 = 0
    for (place, many) in counts.enumerated() {
      seen += many
      if seen >= rank { return min(max, Histogram.start(ofBucket: place + 1) - 1) }
    }
    return max
  }

  /// The buckets that hold anything, ascending: the largest value of each, and how many values it holds.
  public var buckets: [(upTo: UInt64, count: UInt64)] {
    counts.enumerated().filter { $0.element > 0 }
      .map { (Histogram.start(ofBucket: $0.offset + 1) - 1, $0.element) }
  }

  /// How many values are greater than a limit, to within a bucket.
  public func count(above limit: UInt64) -> UInt64 {
    buckets.filter { $0.upTo > limit }.reduce(0) { $0 + $1.count }
  }

  /// Merges buckets as `buckets` gave them: for reading what was written down.
  public init(buckets: [(upTo: UInt64, count: UInt64)], total: UInt64, max: UInt64) {
    self.init(counts: [], total: total, max: max)
    for (upTo, count) in buckets {
      let place = Histogram.bucket(of: upTo)
      grow(to: place + 1)
      counts[place] += count
    }
  }
}
