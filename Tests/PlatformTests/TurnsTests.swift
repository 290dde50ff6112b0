import Platform
import Synchronization
import XCTest

final class TurnsTests: XCTestCase {
  /// Linux tells the length of a turn since 6.12, and takes a wish for it from then on.
  func testAThreadGetsTheShortTurnsThatItAsksFor() throws {
    let seen = Lengths()
    let thread = try XCTUnwrap(
      Thread.startJoinable {
        seen.note()
        Turns.beShort()
        seen.note()
        Turns.beUsual()
        seen.note()
      })
    thread.join()
    let lengths = seen.all.withLock { $0 }
    guard let usual = lengths[0] else { throw XCTSkip("this kernel does not tell the length of a turn") }
    XCTAssertEqual(lengths, [usual, Turns.shortest, usual])
  }
}

/// What a thread has seen.
private final class Lengths: Sendable {
  let all = Mutex<[UInt64?]>([])
  func note() { all.withLock { $0.append(Turns.length) } }
}
