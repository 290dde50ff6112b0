import Glibc
import Platform

/// What a report says about the machine that it was measured on.
enum Machine {
  /// E.g. `2 × Intel(R) Xeon(R), 24 GB, Linux 6.1`.
  static var description: String {
    let processor = value(of: "model name", in: "/proc/cpuinfo") ?? "processor of unknown model"
    let kilobytes = value(of: "MemTotal", in: "/proc/meminfo").flatMap { Double($0.filter(\.isNumber)) } ?? 0
    let kernel = text("/proc/sys/kernel/osrelease").split(separator: "\n").first ?? "?"
    return
      "\(sysconf(Int32(_SC_NPROCESSORS_ONLN))) × \(processor), \(Int(kilobytes / 1e6)) GB, Linux \(kernel)"
  }

  /// Today, e.g. `2026-11-21`.
  static var date: String {
    let days = Int(Environment.milliseconds / 86_400_000)
    // The days' number as year, month and day (Howard Hinnant, chrono-compatible low-level date algorithms).
    let z = days + 719_468
    let era = z / 146_097
    let dayOfEra = z - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shifted = (5 * dayOfYear + 2) / 153
    let day = dayOfYear - (153 * shifted + 2) / 5 + 1
    let month = shifted < 10 ? shifted + 3 : shifted - 9
    let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    func two(_ n: Int) -> String { n < 10 ? "0\(n)" : "\(n)" }
    return "\(year)-\(two(month))-\(two(day))"
  }

  private static func text(_ path: String) -> String {
    (try? Files.read(path)).map { String(decoding: $0, as: UTF8.self) } ?? ""
  }

  private static func value(of key: String, in path: String) -> String? {
    for line in text(path).split(separator: "\n") where line.hasPrefix(key) {
      return line.split(separator: ":", maxSplits: 1).last.map { String($0.drop { $0 == " " }) }
    }
    return nil
  }
}
