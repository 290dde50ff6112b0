import Glibc

/// What the program has used so far.
public struct Usage: Sendable {
  /// The processor's time of all threads, in nanoseconds: in the program, and in the system on its behalf.
  public let user: UInt64
  public let system: UInt64

  public static func now() -> Usage {
    var usage = rusage()
    unsafe getrusage(Int32(RUSAGE_SELF.rawValue), &usage)
    return Usage(user: nanoseconds(usage.ru_utime), system: nanoseconds(usage.ru_stime))
  }

  /// The most memory that was resident at a time, in bytes. Not `ru_maxrss`, which a program inherits from the one
  /// that started it. 0 if the system does not tell.
  public static func peakBytes() -> UInt64 {
    guard let text = try? Files.read("/proc/self/status") else { return 0 }
    for line in String(decoding: text, as: UTF8.self).split(separator: "\n") where line.hasPrefix("VmHWM:") {
      let digits = line.filter { $0.isNumber }
      return (UInt64(digits) ?? 0) * 1024
    }
    return 0
  }

  /// The memory that is resident now, in bytes. 0 if the system does not tell.
  public static func residentBytes() -> Int {
    guard let text = try? Files.read("/proc/self/statm") else { return 0 }
    let fields = String(decoding: text, as: UTF8.self).split(separator: " ")
    return fields.count < 2 ? 0 : (Int(fields[1]) ?? 0) * sysconf(Int32(_SC_PAGESIZE))
  }

  private static func nanoseconds(_ time: timeval) -> UInt64 {
    UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_usec) * 1000
  }
}
