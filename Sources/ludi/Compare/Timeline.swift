import Platform
import Reports
import Runtime

/// Which process ran where and when: a trace of a simulated run, in spans.
struct Timeline {
  /// A process on a scheduler without interruption, in nanoseconds.
  struct Span: Equatable {
    let scheduler: Int
    /// By the order in which processes were made; 0: the main one.
    let process: Int
    let start: Double
    var end: Double
  }

  static let schedulers = 4
  /// What is shown of the run: from when it has settled, in nanoseconds.
  static let window = 4e6..<7e6
  /// How many processes of each kind the program makes first, in its order.
  static let kinds = [(name: "computes", count: 6), (name: "wakes all the time", count: 4)]

  static let workload = Workload(
    name: "timeline", title: "The timeline's program", unit: "runs",
    explanation:
      "Six processes compute, four wake all the time, and one makes six short jobs every millisecond.",
    source: PackageResources.timeline_ld)

  let policy: PolicyName
  let spans: [Span]

  /// One for each policy, until the user interrupts.
  static func all(
    of policies: [PolicyName], seed: UInt64, _ runner: TrialRunner
  ) -> (timelines: [Timeline], failures: [String]) {
    var timelines: [Timeline] = []
    var failures: [String] = []
    for policy in policies where !Interrupt.wasRequested {
      let file = runner.folder.path + "/.trace.txt"
      defer { Files.remove(file) }
      do {
        _ = try runner.output(of: [
          "run", "--simulate", "\(schedulers)", "--seed", "\(seed)", "--policy", policy.rawValue, "--trace",
          file,
          runner.folder.program(workload.name),
        ])
        let spans = Timeline.spans(of: String(decoding: try Files.read(file), as: UTF8.self))
        timelines.append(Timeline(policy: policy, spans: spans))
      } catch  where !Interrupt.wasRequested {
        failures.append(
          "timeline, \(policy.rawValue): \((error as? ProgramRun.Failure)?.message ?? "\(error)")")
      } catch {}
    }
    return (timelines, failures)
  }

  /// Reads a trace. A process that goes on where it was stopped at once has one span.
  static func spans(of trace: String) -> [Span] {
    var numbers: [String: Int] = [:]
    var made = 0
    var running: [Int: Span] = [:]
    var spans: [Span] = []
    for line in trace.split(separator: "\n") where !line.hasPrefix("#") {
      let parts = line.split(separator: "\t").map(String.init)
      guard parts.count == 4, let time = Double(parts[0]), let scheduler = Int(parts[1]) else { continue }
      switch parts[2] {
      case "spawns":
        made += 1
        numbers[parts[3]] = made
      case "runs":
        running[scheduler] = Span(
          scheduler: scheduler, process: numbers[parts[3]] ?? 0, start: time, end: time)
      case "stops", "waits", "ends":
        guard var span = running.removeValue(forKey: scheduler) else { continue }
        span.end = time
        spans.append(span)
      default: break
      }
    }
    return joined(spans)
  }

  /// Breaks of less than this many nanoseconds, in which the scheduler took the same process again, are no breaks.
  private static let breath = 500.0

  private static func joined(_ spans: [Span]) -> [Span] {
    var result: [Span] = []
    var last: [Int: Int] = [:]
    for span in spans {
      if let place = last[span.scheduler], result[place].process == span.process,
        span.start - result[place].end < breath
      {
        result[place].end = span.end
      } else {
        last[span.scheduler] = result.count
        result.append(span)
      }
    }
    return result
  }
}
