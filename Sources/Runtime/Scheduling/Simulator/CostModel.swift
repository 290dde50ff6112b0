/// What things take on a machine like the one that was measured, in nanoseconds of virtual time.
///
/// `Stress/Bench/predict --calibrate` suggests the first five from runs of the real VM on one scheduler; the others are
/// estimates: what such steps usually take on Linux, not measured here yet. Docs/schedulers.md has how well they predict.
public struct CostModel: Sendable, Equatable {
  /// A reduction: a call or a turn of a loop.
  public var reduction = 9.2
  /// Taking a process and giving it back: a turn of the scheduler's loop.
  public var turn = 10.0
  /// A message on its way: copy, push, and what receiving it takes beyond reductions.
  public var message = 4.0
  /// Making a waiting process runnable.
  public var wake = 11.0
  /// A process made: control block, first heap, and its end.
  public var spawn = 80.0
  /// A look at another worker's queue.
  public var look = 15.0
  /// Taking tasks from another worker.
  public var steal = 120.0
  /// A first turn on another worker than the last one: what the caches lost.
  public var migration = 400.0
  /// Going to sleep.
  public var park = 1_500.0
  /// Waking a sleeper: what the waker pays.
  public var call = 1_200.0
  /// From then until the sleeper looks for work.
  public var latency = 6_000.0
  /// A timer that is due.
  public var timer = 90.0

  public init() {}

  /// For people.
  public var text: String { table.map { "\($0.name) \($0.nanoseconds)" }.joined(separator: ", ") + " ns" }

  /// Names and values, in their order.
  public var table: [(name: String, nanoseconds: Double)] {
    [
      ("reduction", reduction), ("turn", turn), ("message", message), ("wake", wake), ("spawn", spawn),
      ("look", look), ("steal", steal), ("migration", migration), ("park", park), ("call", call),
      ("latency", latency), ("timer", timer),
    ]
  }
}
