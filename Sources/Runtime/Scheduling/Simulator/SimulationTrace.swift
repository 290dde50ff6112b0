/// What happened when, on which worker, to which task: lines of text, in the order of their times. Beyond a limit they are only counted.
struct SimulationTrace {
  enum Event: String { case spawns, wakes, runs, stops, waits, ends }

  /// About 100 MB.
  static let limit = 2_000_000

  private var entries: [(time: UInt64, worker: Int32, event: Event, task: Int32)] = []
  private var dropped = 0

  mutating func add(_ time: UInt64, _ worker: Int, _ event: Event, _ task: Int) {
    if entries.count == SimulationTrace.limit {
      dropped += 1
      return
    }
    entries.append((time, Int32(worker), event, Int32(task)))
  }

  /// A line an event: nanoseconds, scheduler, what happens, the process's slot.
  var text: [UInt8] {
    var text: [UInt8] = Array("# nanoseconds\tscheduler\tevent\tslot\n".utf8)
    // Each scheduler's are in order; equal times stay as they were played.
    let sorted = entries.enumerated().sorted { ($0.element.time, $0.offset) < ($1.element.time, $1.offset) }
    for (_, entry) in sorted {
      text += Array("\(entry.time)\t\(entry.worker)\t\(entry.event.rawValue)\t\(entry.task)\n".utf8)
    }
    if dropped > 0 { text += Array("# and \(dropped) more\n".utf8) }
    return text
  }
}
