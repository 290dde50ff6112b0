import XCTest

@testable import Platform

final class SystemMemoryTests: XCTestCase {
  func testTheLeastLimitOfAllGroupsCounts() {
    func limit(_ files: [String: String]) -> Int? { SystemMemory.groupLimit { files[$0] } }
    XCTAssertNil(limit([:]))
    XCTAssertNil(limit(["/proc/self/cgroup": "0::/a/b\n", "/sys/fs/cgroup/a/b/memory.max": "max\n"]))
    XCTAssertEqual(
      limit([
        "/proc/self/cgroup": "0::/a/b\n", "/sys/fs/cgroup/a/b/memory.max": "2000\n",
        "/sys/fs/cgroup/a/memory.max": "1000\n", "/sys/fs/cgroup/memory.max": "3000\n",
      ]), 1000)
    XCTAssertEqual(
      limit([
        "/proc/self/cgroup": "5:cpu:/x\n4:memory:/y\n",
        "/sys/fs/cgroup/memory/y/memory.limit_in_bytes": "77\n",
        "/sys/fs/cgroup/cpu/x/memory.limit_in_bytes": "1\n",
      ]), 77)
    XCTAssertNil(limit(["/proc/self/cgroup": "nonsense\n:::\n"]))
  }

  func testThereIsMemory() { XCTAssertGreaterThan(SystemMemory.allowed, 1 << 20) }
}
