import Words

/// Who waits where, when nothing can go on.
enum DeadlockReport {
  private static let shownProcesses = 10

  static func text(of shared: UnsafeMutablePointer<SharedState>) -> String {
    var report = "ludi: every process waits for what cannot come:\n"
    var shown = 0
    var others = 0
    unsafe shared.pointee.table.forEach { process in
      guard unsafe process.block.pointee.status.load(ordering: .relaxed) == ProcessStatus.waiting.rawValue
      else {
        return
      }
      if unsafe process.block.pointee.isRef { return }
      if shown == shownProcesses {
        others += 1
        return
      }
      shown += 1
      let place = Stacks.places(of: process, limit: 1).first?.text ?? "?"
      report += "  process \(Show.showNumber(of: process.pid)) in \(place)\n"
    }
    if others > 0 { report += "  … and \(others) more\n" }
    return String(report.dropLast())
  }
}
