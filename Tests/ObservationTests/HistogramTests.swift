import XCTest

@testable import Observation

final class HistogramTests: XCTestCase {
  func testEveryBucketStartsWhereItSaysAndTheyJoin() {
    for place in 0..<1216 {
      let start = Histogram.start(ofBucket: place)
      XCTAssertEqual(Histogram.bucket(of: start), place)
      if place > 0 { XCTAssertEqual(Histogram.bucket(of: start - 1), place - 1) }
    }
    XCTAssertEqual(Histogram.bucket(of: .max), 1215)
  }

  func testQuantilesAreNearThoseOfTheSortedValues() {
    var random = SplitMix(state: UInt64.random(in: 0 ... .max))
    let seed = random.state
    for _ in 0..<50 {
      let histogram = Histogram()
      let values = (0..<Int.random(in: 1...2000, using: &random)).map { _ in
        UInt64.random(in: 0...(1 << UInt64.random(in: 0...41, using: &random)), using: &random)
      }
      for value in values { histogram.record(value) }
      let distribution = histogram.distribution()
      let sorted = values.sorted()
      XCTAssertEqual(distribution.count, UInt64(values.count), "seed \(seed)")
      XCTAssertEqual(distribution.max, sorted.last, "seed \(seed)")
      XCTAssertEqual(distribution.total, values.reduce(0, +), "seed \(seed)")
      for share in [0.0, 0.5, 0.9, 0.99, 0.999, 1] {
        let exact = sorted[max(0, Int((share * Double(sorted.count)).rounded(.up)) - 1)]
        let told = distribution.quantile(share)
        XCTAssertGreaterThanOrEqual(told, exact, "seed \(seed)")
        XCTAssertLessThanOrEqual(told, exact + exact / 31 + 1, "seed \(seed)")
      }
    }
  }

  func testMergingIsCountingTogether() {
    var random = SplitMix(state: UInt64.random(in: 0 ... .max))
    let seed = random.state
    var one = Distribution()
    var other = Distribution()
    let together = Histogram()
    for _ in 0..<5000 {
      let value = UInt64.random(in: 0...(1 << UInt64.random(in: 0...45, using: &random)), using: &random)
      if Bool.random(using: &random) { one.record(value) } else { other.record(value) }
      together.record(value)
    }
    one.merge(other)
    XCTAssertEqual(one, together.distribution(), "seed \(seed)")
    XCTAssertEqual(
      Distribution(buckets: one.buckets, total: one.total, max: one.max), one, "seed \(seed)")
  }

  func testNothingCounted() {
    let empty = Histogram().distribution()
    XCTAssertTrue(empty.isEmpty)
    XCTAssertEqual(empty.quantile(0.99), 0)
    XCTAssertEqual(empty.mean, 0)
  }
}

/// A random source that a seed repeats.
private struct SplitMix: RandomNumberGenerator {
  var state: UInt64
  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ z >> 30) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ z >> 27) &* 0x94D0_49BB_1331_11EB
    return z ^ z >> 31
  }
}
