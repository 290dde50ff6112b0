import Observation
import Platform
import Reports

/// One run of a program under one design.
struct HeapTrial: Sendable {
  let workload: String
  let setup: HeapSetup
  let operations: Double
  let seconds: Double
  let answer: String
  /// Microseconds by size, for each series that the program printed.
  let points: [String: [Int: Double]]
  let statistics: RunStatistics

  struct Failure: Error {
    let message: String
  }

  /// Reads what a program printed, and the statistics of its run.
  init(_ workload: String, _ setup: HeapSetup, output: String, statistics: RunStatistics) throws(Failure) {
    var words: [String: String] = [:]
    var points: [String: [Int: Double]] = [:]
    for line in output.split(separator: "\n") {
      let parts = line.split(separator: " ").map(String.init)
      if parts.count == 4, parts[0] == "point", let size = Int(parts[2]), let time = Double(parts[3]) {
        points[parts[1], default: [:]][size] = time
      } else if parts.count == 2 {
        words[parts[0]] = parts[1]
      }
    }
    guard let operations = words["operations"].flatMap(Double.init), let answer = words["answer"],
      let milliseconds = words["milliseconds"].flatMap(Double.init), milliseconds > 0
    else { throw Failure(message: "it printed no result but: \(output.prefix(200))") }
    (self.workload, self.setup, self.operations, self.answer) = (workload, setup, operations, answer)
    (self.points, self.statistics) = (points, statistics)
    seconds = milliseconds / 1000
  }

  /// Operations a second.
  var throughput: Double { operations / seconds }
  /// The processor's time of the whole run, in seconds.
  var processorTime: Double { Double(statistics.user + statistics.system) / 1e9 }
}
