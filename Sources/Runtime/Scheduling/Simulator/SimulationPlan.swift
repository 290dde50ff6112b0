/// How a program is to be simulated (`VMOptions.simulation`).
public struct SimulationPlan: Sendable {
  public static var schedulerRange: ClosedRange<Int> { 1...1024 }
  /// All that is random comes from it.
  public var seed: UInt64
  public var costs = CostModel()
  /// Whether what happens is written down.
  public var traces = false
  public init(seed: UInt64) { self.seed = seed }
}
