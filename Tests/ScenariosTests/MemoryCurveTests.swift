import Runtime
import XCTest

@testable import Scenarios

/// How memory is judged: curves that are made up, so that nothing depends on the machine.
final class MemoryCurveTests: XCTestCase {
  private static let mebibyte = 1 << 20

  /// A curve of a minute, whose resident memory in MiB is a function of the second.
  private func curve(points: Int = 300, _ resident: (Double) -> Double) -> MemoryCurve {
    var curve = MemoryCurve(milliseconds: 60_000)
    for i in 0..<points {
      let seconds = Double(i) * 60 / Double(points)
      let bytes = Int(resident(seconds) * Double(Self.mebibyte))
      let memory = MemoryReading(
        resident: bytes, own: 50 * Self.mebibyte, spare: 0, region: 20 * Self.mebibyte)
      curve.add(MemoryCurve.Point(time: UInt64(seconds * 1e9), memory: memory))
    }
    return curve
  }

  func testWhatIsFlatPasses() {
    XCTAssertNil(curve { _ in 200 }.complaint)
    // Sawteeth, as of a collector; and peaks now and then, however high.
    XCTAssertNil(curve { 100 + ($0 * 7).truncatingRemainder(dividingBy: 100) }.complaint)
    XCTAssertNil(curve { $0.truncatingRemainder(dividingBy: 9) < 1 ? 900 : 100 }.complaint)
  }

  func testWarmUpMayGrow() {
    XCTAssertNil(curve { min($0 * 20, 400) }.complaint)
  }

  func testAStepIsNoLeakUnlessItIsLarge() {
    XCTAssertNil(curve { $0 < 40 ? 200 : 220 }.complaint)
    // Late and once, however large: most pairs of points have no slope.
    XCTAssertNil(curve { $0 < 48 ? 100 : 300 }.complaint)
    XCTAssertNotNil(curve { $0 < 40 ? 100 : 300 }.complaint)
  }

  func testALeakIsFound() throws {
    let complaint = try XCTUnwrap(curve { 100 + $0 * 2 }.complaint)
    XCTAssertTrue(complaint.hasPrefix("resident memory grew from "), complaint)
    // Under the noise of a collector.
    XCTAssertNotNil(curve { 100 + $0 * 2 + ($0 * 7).truncatingRemainder(dividingBy: 60) }.complaint)
  }

  func testTooFewPointsSayNothing() {
    XCTAssertNil(curve(points: MemoryCurve.fewest - 1) { 100 + $0 * 100 }.complaint)
  }

  func testMemoryIsRead() {
    let reading = MemoryReading.now()
    XCTAssertGreaterThan(reading.resident, Self.mebibyte)
    XCTAssertGreaterThan(reading.own, 0)
  }
}
