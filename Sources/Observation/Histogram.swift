import Synchronization

/// Counts of values by size, in the manner of HDR histograms (Gil Tene): a row of buckets whose width grows with the
/// value, so that every quantile is known within about 3 %, from 1 to 2^42 (of nanoseconds: 73 minutes), in 10 KiB.
///
///     value      0 … 63          exact
///                2^k … 2^(k+1)   32 buckets of 2^(k-5) each
///
/// One thread records (two plain stores, no locked instruction); any thread may look at the same time, and sees each
/// count a moment old. Whatever several threads record is kept by each for itself, and merged as `Distribution`s.
@frozen public struct Histogram: ~Copyable, Sendable {
  /// Buckets of each power of two, as a power of two.
  @inlinable static var bits: Int { 5 }
  /// The first value that counts as the largest one.
  @inlinable static var ceiling: UInt64 { 1 << 42 }

  @usableFromInline let buckets: InlineArray<1216, Atomic<UInt64>>
  @usableFromInline let total = Atomic<UInt64>(0)
  @usableFromInline let greatest = Atomic<UInt64>(0)

  public init() {
    buckets = InlineArray { _ in Atomic(0) }
  }

  /// Counts a value. Only the one thread that owns this histogram may.
  @inlinable public func record(_ value: UInt64) {
    let place = Histogram.bucket(of: value)
    let count = buckets[place].load(ordering: .relaxed)
    buckets[place].store(count &+ 1, ordering: .relaxed)
    total.store(total.load(ordering: .relaxed) &+ value, ordering: .relaxed)
    if value > greatest.load(ordering: .relaxed) { greatest.store(value, ordering: .relaxed) }
  }

  /// What has been counted so far.
  public func distribution() -> Distribution {
    var counts: [UInt64] = []
    for place in 0..<buckets.count {
      let count = buckets[place].load(ordering: .relaxed)
      if count == 0 { continue }
      while counts.count < place { counts.append(0) }
      counts.append(count)
    }
    return Distribution(
      counts: counts, total: total.load(ordering: .relaxed), max: greatest.load(ordering: .relaxed))
  }

  /// The bucket that a value falls into.
  @inlinable static func bucket(of value: UInt64) -> Int {
    let clamped = min(value, ceiling - 1)
    if clamped < 1 << UInt64(bits + 1) { return Int(clamped) }
    let power = 63 - clamped.leadingZeroBitCount
    let shift = power - bits
    return shift << bits + Int(clamped >> UInt64(shift))
  }

  /// The smallest value of a bucket.
  static func start(ofBucket place: Int) -> UInt64 {
    let row = place >> bits
    if row < 2 { return UInt64(place) }
    let shift = UInt64(row - 1)
    return UInt64(place & (1 << bits - 1) | 1 << bits) << shift
  }
}
