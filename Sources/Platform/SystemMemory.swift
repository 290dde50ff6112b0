import Glibc

/// How much memory the program may use.
public enum SystemMemory {
  /// What the machine has and the control groups that the program is in allow, in bytes.
  public static var allowed: Int {
    let machine = sysconf(Int32(_SC_PHYS_PAGES)) * sysconf(Int32(_SC_PAGESIZE))
    return min(machine, groupLimit(reading: Files.text) ?? Int.max)
  }

  /// The least limit of the groups that the program is in and of those around them; nil: none has one. `read` gives the text
  /// of a file, or nil.
  static func groupLimit(reading read: (String) -> String?) -> Int? {
    let groups = (read("/proc/self/cgroup") ?? "").split(separator: "\n")
    let found = groups.flatMap { line -> [Int] in
      let fields = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
      guard fields.count == 3 else { return [] }
      if fields[1].isEmpty { return limits("/sys/fs/cgroup", fields[2], "memory.max", read) }
      guard fields[1].split(separator: ",").contains("memory") else { return [] }
      return limits("/sys/fs/cgroup/\(fields[1])", fields[2], "memory.limit_in_bytes", read)
    }
    return found.min()
  }

  /// The limits of a group and of those around it; `max`, or a number that no machine has, where there is none.
  private static func limits(
    _ root: String, _ path: Substring, _ file: String, _ read: (String) -> String?
  ) -> [Int] {
    var parts = path.split(separator: "/")
    var found: [Int] = []
    while true {
      let folder = parts.reduce(root) { "\($0)/\($1)" }
      let text = (read("\(folder)/\(file)") ?? "").filter { $0 != "\n" }
      if let limit = Int(text), limit > 0 { found.append(limit) }
      if parts.popLast() == nil { return found }
    }
  }
}
