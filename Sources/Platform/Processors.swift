import CLinux
import Glibc

/// How many processors the program may use.
public enum Processors {
  /// What the affinity mask and the quotas of the control groups allow; at least 1.
  public static var allowed: Int {
    let affinity = Int(ludi_affinity_count())
    guard let quota = quota(reading: Files.text) else { return affinity }
    // Rounded up: of a quota of 1.5 processors one scheduler would leave a third unused.
    return max(1, min(affinity, Int(quota.rounded(.up))))
  }

  /// The smallest quota, in processors, of the groups that the program is in; nil: none has one. `read` gives the text of
  /// a file, or nil.
  static func quota(reading read: (String) -> String?) -> Double? {
    let groups = (read("/proc/self/cgroup") ?? "").split(separator: "\n")
    let found = groups.flatMap { line -> [Double] in
      let fields = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
      guard fields.count == 3 else { return [] }
      return quotas(controllers: fields[1], path: fields[2], read)
    }
    return found.min()
  }

  /// The quotas of a group and of those around it, each of which holds for all that is in it.
  private static func quotas(
    controllers: Substring, path: Substring, _ read: (String) -> String?
  ) -> [Double] {
    let isUnified = controllers.isEmpty
    guard isUnified || controllers.split(separator: ",").contains("cpu") else { return [] }
    let root = isUnified ? "/sys/fs/cgroup" : "/sys/fs/cgroup/\(controllers)"
    var parts = path.split(separator: "/")
    var found: [Double] = []
    while true {
      let folder = parts.reduce(root) { "\($0)/\($1)" }
      if let quota = isUnified ? unifiedQuota(folder, read) : oldQuota(folder, read) { found.append(quota) }
      if parts.popLast() == nil { return found }
    }
  }

  /// Version 2: `max 100000`, or a quota and its period in microseconds.
  private static func unifiedQuota(_ folder: String, _ read: (String) -> String?) -> Double? {
    let words = (read(folder + "/cpu.max") ?? "").split { $0 == " " || $0 == "\n" }
    guard words.count == 2 else { return nil }
    return ratio(String(words[0]), String(words[1]))
  }

  /// Version 1: two files; the quota is -1 if there is none.
  private static func oldQuota(_ folder: String, _ read: (String) -> String?) -> Double? {
    guard let quota = read(folder + "/cpu.cfs_quota_us"), let period = read(folder + "/cpu.cfs_period_us")
    else { return nil }
    return ratio(quota.filter { $0 != "\n" }, period.filter { $0 != "\n" })
  }

  private static func ratio(_ quota: String, _ period: String) -> Double? {
    guard let quota = Double(quota), let period = Double(period), quota > 0, period > 0 else { return nil }
    return quota / period
  }
}
