import Observation
import Reports

/// What one run of a workload printed, and what it cost.
struct ProgramRun: Sendable {
  let operations: Double
  /// As the program measured it; in a simulation virtual.
  let seconds: Double
  let answer: String
  /// Single figures by name, e.g. `jain`.
  let figures: [String: Double]
  /// Values of series, in the order in which they were printed.
  let samples: [String: [Double]]
  /// Microseconds by size, for each series that the program printed.
  let points: [String: [Int: Double]]
  /// Empty for made-up work.
  var statistics = RunStatistics()
  /// Nil: it ran on threads.
  var simulation: SimulationFigures?

  struct Failure: Error {
    let message: String
  }

  /// Reads what a program printed.
  init(output: String) throws(Failure) {
    var words: [String: String] = [:]
    var points: [String: [Int: Double]] = [:]
    var samples: [String: [Double]] = [:]
    for line in output.split(separator: "\n") {
      let parts = line.split(separator: " ").map(String.init)
      if parts.count == 4, parts[0] == "point", let size = Int(parts[2]), let time = Double(parts[3]) {
        points[parts[1], default: [:]][size] = time
      } else if parts.count == 3, parts[0] == "sample", let value = Double(parts[2]) {
        samples[parts[1], default: []].append(value)
      } else if parts.count == 2 {
        words[parts[0]] = parts[1]
      }
    }
    guard let operations = words["operations"].flatMap(Double.init), let answer = words["answer"],
      let milliseconds = words["milliseconds"].flatMap(Double.init), milliseconds > 0
    else { throw Failure(message: "it printed no result but: \(output.prefix(200))") }
    (self.operations, self.answer, self.points, self.samples) = (operations, answer, points, samples)
    figures = words.compactMapValues(Double.init)
    seconds = milliseconds / 1000
  }

  /// Reads what `ludi simulate --json` printed.
  init(simulated json: Json) throws(Failure) {
    guard let simulation = SimulationFigures(json), simulation.nanoseconds > 0 else {
      throw Failure(message: "the simulation's figures are incomplete")
    }
    self.simulation = simulation
    seconds = simulation.nanoseconds / 1e9
    operations = simulation.responses.isEmpty ? simulation.messages : Double(simulation.responses.count)
    figures = simulation.fairness.map { ["jain": $0] } ?? [:]
    // What comes of a load depends on time and on chance.
    answer = ""
    (points, samples) = ([:], [:])
  }

  /// Operations a second.
  var throughput: Double { operations / seconds }
  /// The processor's time of the whole run, in seconds.
  var processorTime: Double { Double(statistics.user + statistics.system) / 1e9 }

  /// How late what was waited for came, in nanoseconds: as the program measured it, or as the simulator did of made-up work.
  var delays: Distribution {
    if let simulation, !simulation.responses.isEmpty { return simulation.responses }
    var result = Distribution()
    for microseconds in samples["delay"] ?? [] { result.record(UInt64(microseconds * 1000)) }
    return result
  }
}
