import Observation
import Reports

/// All trials of one program under one design.
struct HeapMeasurement: Sendable {
  let workload: HeapWorkload
  let setup: HeapSetup
  private(set) var throughput = Sample()
  private(set) var processorTime = Sample()
  private(set) var peakBytes = Sample()
  private(set) var collectionCount = Sample()
  private(set) var stopCount = Sample()
  /// The longest pause of any kind in each trial, in nanoseconds.
  private(set) var longestPause = Sample()
  /// Pauses of private collections, and Boehm's stops, of all trials together.
  private(set) var collections = Distribution()
  private(set) var stops = Distribution()
  /// Microseconds by size.
  private(set) var points: [String: [Int: Sample]] = [:]
  private(set) var answers: Set<String> = []

  init(_ workload: HeapWorkload, _ setup: HeapSetup, _ trials: [HeapTrial]) {
    self.workload = workload
    self.setup = setup
    for trial in trials where trial.workload == workload.name && trial.setup == setup { add(trial) }
  }

  var trials: Int { throughput.values.count }

  private mutating func add(_ trial: HeapTrial) {
    let cost = trial.statistics
    throughput.add(trial.throughput)
    processorTime.add(trial.processorTime)
    peakBytes.add(Double(cost.peakBytes))
    collectionCount.add(Double(cost.collections.count + cost.smallCollections))
    stopCount.add(Double(cost.stops.count))
    longestPause.add(Double(max(cost.collections.max, cost.stops.max)))
    collections.merge(cost.collections)
    stops.merge(cost.stops)
    answers.insert(trial.answer)
    for (series, times) in trial.points {
      for (size, time) in times { points[series, default: [:]][size, default: Sample()].add(time) }
    }
  }
}

/// Everything that was measured, in the order of programs, then of designs.
struct HeapFigures: Sendable {
  let workloads: [HeapWorkload]
  let setups: [HeapSetup]
  let measurements: [HeapMeasurement]
  /// What went wrong: which run, and how.
  let failures: [String]

  init(workloads: [HeapWorkload], setups: [HeapSetup], trials: [HeapTrial], failures: [String]) {
    self.workloads = workloads
    self.setups = setups
    measurements = workloads.flatMap { workload in
      setups.map { HeapMeasurement(workload, $0, trials) }
    }
    let wrong = workloads.compactMap { workload -> String? in
      let answers = Set(trials.filter { $0.workload == workload.name }.map { $0.answer })
      return answers.count > 1 ? "\(workload.name): the answers differ: \(answers.sorted())" : nil
    }
    self.failures = failures + wrong
  }

  func measurement(_ workload: HeapWorkload, _ setup: HeapSetup) -> HeapMeasurement? {
    measurements.first { $0.workload.name == workload.name && $0.setup == setup && $0.trials > 0 }
  }

  /// The private heaps that stand for all of them, and the single heap.
  var reference: HeapSetup? { HeapSetup.reference(among: setups) }
  var single: HeapSetup? { setups.first { $0.design == .single } }
}
