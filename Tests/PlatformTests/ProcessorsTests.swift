import XCTest

@testable import Platform

/// Quotas of control groups, in the files of both versions.
final class ProcessorsTests: XCTestCase {
  private func quota(_ files: [String: String]) -> Double? { Processors.quota { files[$0] } }

  func testNoGroupHasNoQuota() {
    XCTAssertNil(quota([:]))
    XCTAssertNil(quota(["/proc/self/cgroup": "0::/\n"]))
    XCTAssertNil(quota(["/proc/self/cgroup": "0::/\n", "/sys/fs/cgroup/cpu.max": "max 100000\n"]))
    XCTAssertNil(quota(["/proc/self/cgroup": "nonsense\n", "/sys/fs/cgroup/cpu.max": "1 2 3"]))
  }

  func testUnifiedQuotaOfTheGroupAndOfThoseAroundIt() {
    var files = ["/proc/self/cgroup": "0::/user/a:b\n", "/sys/fs/cgroup/user/a:b/cpu.max": "150000 100000\n"]
    XCTAssertEqual(quota(files), 1.5)
    files["/sys/fs/cgroup/user/cpu.max"] = "50000 100000\n"
    XCTAssertEqual(quota(files), 0.5)
    files["/sys/fs/cgroup/cpu.max"] = "max 100000\n"
    XCTAssertEqual(quota(files), 0.5)
  }

  func testOldQuota() {
    var files = [
      "/proc/self/cgroup": "5:cpuset:/x\n4:cpu,cpuacct:/docker/1\n0::/\n",
      "/sys/fs/cgroup/cpu,cpuacct/docker/1/cpu.cfs_quota_us": "-1\n",
      "/sys/fs/cgroup/cpu,cpuacct/docker/1/cpu.cfs_period_us": "100000\n",
      "/sys/fs/cgroup/cpuset/x/cpu.cfs_quota_us": "1\n", "/sys/fs/cgroup/cpuset/x/cpu.cfs_period_us": "1\n",
    ]
    XCTAssertNil(quota(files))
    files["/sys/fs/cgroup/cpu,cpuacct/docker/1/cpu.cfs_quota_us"] = "300000\n"
    XCTAssertEqual(quota(files), 3)
    // In a container the path is that of the host, and the files are at the root.
    files["/sys/fs/cgroup/cpu,cpuacct/cpu.cfs_quota_us"] = "200000\n"
    files["/sys/fs/cgroup/cpu,cpuacct/cpu.cfs_period_us"] = "100000\n"
    XCTAssertEqual(quota(files), 2)
  }

  func testAllowedIsAtLeastOne() {
    XCTAssertGreaterThanOrEqual(Processors.allowed, 1)
    XCTAssertLessThanOrEqual(Processors.allowed, 4096)
  }
}
