import Observation

/// What a made-up load has come to.
public struct SyntheticResult: Sendable, Equatable {
  public var statistics: SimulationStatistics
  /// From the arrival of a request, or the time at which a process wanted to wake, to the end of its service, in virtual
  /// nanoseconds.
  public var responses: Distribution
  /// Jain's index of what the processes that compute for ever have had.
  public var fairness: Double
}
