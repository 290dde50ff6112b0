/// What things take on a machine like the one that was measured, in nanoseconds of virtual time.
///
/// `Stress/Bench/calibrate` measures them on the real VM and prints this table; Docs/schedulers.md says how, and how well
/// runs of the real VM are predicted by them.
public struct CostModel: Sendable, Equatable {
  /// A reduction: a call or a turn of a loop.
  public var reduction = 9.0
  /// Taking a process and giving it back: a turn of the scheduler's loop.
  public var turn = 25.0
  /// A message on its way: copy, push, and what receiving it takes beyond reductions.
  public var message = 22.0
  /// Making a waiting process runnable.
  public var wake = 6.0
  /// A process made: control block, first heap, and its end.
  public var spawn = 160.0
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

  /// Names and values, in their order.
  public var table: [(name: String, nanoseconds: Double)] {
    [
      ("reduction", reduction), ("turn", turn), ("message", message), ("wake", wake), ("spawn", spawn),
      ("look", look), ("steal", steal), ("migration", migration), ("park", park), ("call", call),
      ("latency", latency), ("timer", timer),
    ]
  }
}
