import Observation
import Reports

typealias HeapFigures = ComparisonFigures<HeapSetup>
typealias HeapMeasurement = Measured<HeapSetup>

extension Measured where Setup == HeapSetup {
  var collectionCount: Sample {
    sample { Double($0.statistics.collections.count + $0.statistics.smallCollections) }
  }
  var stopCount: Sample { sample { Double($0.statistics.stops.count) } }
  /// The longest pause of any kind in each run, in nanoseconds.
  var longestPause: Sample {
    sample { Double(max($0.statistics.collections.max, $0.statistics.stops.max)) }
  }
  /// Pauses of private collections, and Boehm's stops, of all runs together.
  var collections: Distribution { all { $0.statistics.collections } }
  var stops: Distribution { all { $0.statistics.stops } }

  /// Microseconds by size.
  var points: [String: [Int: Sample]] {
    var result: [String: [Int: Sample]] = [:]
    for run in runs {
      for (series, times) in run.points {
        for (size, time) in times { result[series, default: [:]][size, default: Sample()].add(time) }
      }
    }
    return result
  }
}

extension ComparisonFigures where Setup == HeapSetup {
  /// The private heaps that stand for all of them, and the single heap.
  var reference: HeapSetup? { HeapSetup.reference(among: setups) }
  var single: HeapSetup? { setups.first { $0.design == .single } }
}
