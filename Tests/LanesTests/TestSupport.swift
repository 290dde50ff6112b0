// What the tests of this room share beyond the stress program's support: nodes to look into, and holds.

import Glibc
import Synchronization
import XCTest

@testable import Lanes
@testable import lanes_stress

extension Node {
  /// Frees a chain and returns the numbers in it, in its order.
  static func numbers(_ chain: InboxChain) -> [Int] {
    let fault = Fault()
    var numbers: [Int] = []
    _ = unsafe drain(chain, fault) { numbers.append($1) }
    XCTAssertNil(fault.message)
    return numbers
  }
}

/// Spins, letting others run, until `condition` holds; fails after some seconds.
func waitUntil(
  _ what: String, file: StaticString = #filePath, line: UInt = #line, _ condition: () -> Bool
) {
  for _ in 0..<100_000 {
    if condition() { return }
    usleep(50)
  }
  XCTFail("never happened: \(what)", file: file, line: line)
}

#if DEBUG
  /// Holds the first thread that reaches a seam until `release`. One at a time in the process.
  final class Hold: Sendable {
    private let arrived = Atomic<Bool>(false)
    private let released = Atomic<Bool>(false)

    init(at point: SeamPoint) {
      Seam.install { reached in
        guard reached == point, !self.arrived.exchange(true, ordering: .sequentiallyConsistent) else {
          return
        }
        while !self.released.load(ordering: .sequentiallyConsistent) { usleep(50) }
      }
    }
    func waitForArrival() {
      waitUntil("a thread at the seam") { arrived.load(ordering: .sequentiallyConsistent) }
    }
    func release() {
      released.store(true, ordering: .sequentiallyConsistent)
      Seam.remove()
    }

    /// Runs `held` on a thread of its own, which stops at `point`; `meanwhile` while it is stopped there; then
    /// lets it go and waits for its end.
    static func at(
      _ point: SeamPoint, _ held: @escaping @Sendable () -> Void, meanwhile: @escaping @Sendable () -> Void
    ) {
      let hold = Hold(at: point)
      onThreads(2) { me in
        if me == 0 { return held() }
        hold.waitForArrival()
        meanwhile()
        hold.release()
      }
    }
  }
#endif
