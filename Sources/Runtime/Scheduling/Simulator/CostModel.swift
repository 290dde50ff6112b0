/// What things take on a machine like the one that was measured, in nanoseconds of virtual time.
///
/// `Stress/Bench/predict --calibrate` suggests the first five from runs of the real VM on one scheduler; the others are
/// estimates: what such steps usually take on Linux, not measured here yet. Docs/schedulers.md has how well they predict.
public struct CostModel: Sendable, Equatable {
  /// A reduction: a call or a turn of a loop.
  public var reduction = 6.1
  /// Taking a process and giving it back: a turn of the scheduler's loop.
  public var turn = 6.0
  /// A message on its way: copy, push, and what receiving it takes beyond reductions.
  public var message = 10.0
  /// What a message takes more that carries objects: measuring, two copies, and a place among the roots.
  public var payload = 33.0
  /// What a message takes more, of the sender and of the receiver each, if they run on different workers: its cell, and the
  /// inbox, come from the other's cache.
  public var far = 60.0
  /// Making a waiting process runnable.
  public var wake = 7.5
  /// A process made: control block, first heap, and its end.
  public var spawn = 93.0
  /// A look at another worker's queue.
  public var look = 25.0
  /// The same for one of many in a row, whether there is anything at all.
  public var glance = 3.0
  /// Taking tasks from another worker.
  public var steal = 120.0
  /// A first turn on another worker than the last one: what the caches lost.
  public var migration = 400.0
  /// Getting ready to sleep, and thinking better of it.
  public var prepare = 100.0
  /// Going to sleep.
  public var park = 100.0
  /// Waking one that has not left its processor yet.
  public var nudge = 800.0
  /// Making something runnable while another worker searches: it has the words of the queue in its cache.
  public var watched = 150.0
  /// Waking a sleeper: what the waker pays.
  public var call = 10_000.0
  /// From then until the sleeper looks for work.
  public var latency = 6_500.0
  /// A timer that is due.
  public var timer = 90.0

  public init() {}

  /// For people.
  public var text: String { table.map { "\($0.name) \($0.nanoseconds)" }.joined(separator: ", ") + " ns" }

  /// Names and values, in their order.
  public var table: [(name: String, nanoseconds: Double)] {
    [
      ("reduction", reduction), ("turn", turn), ("message", message), ("payload", payload), ("far", far),
      ("wake", wake), ("spawn", spawn),
      ("look", look), ("glance", glance), ("steal", steal), ("migration", migration), ("prepare", prepare),
      ("park", park), ("nudge", nudge), ("watched", watched), ("call", call), ("latency", latency),
      ("timer", timer),
    ]
  }
}
