/// What things take on a machine like the one that was measured (2 vCPU AMD EPYC under KVM, 2026-11-22), in nanoseconds of
/// virtual time. Docs/schedulers.md has how well they predict.
///
/// The figures of the first part are differences of programs, by the least processor time of several runs
/// (`Stress/Bench/costs`): what others do on the host only adds. Those of the second were measured by a thread that wakes
/// another one by a futex, again and again (medians of 3,000, at a distance of 0.3 to 3 µs from its falling asleep). Of the
/// third only `far` comes from a measurement; what stands as an estimate is what such steps usually take.
public struct CostModel: Sendable, Equatable {
  // MARK: On one scheduler

  /// A reduction of plain code: a call, or a turn of a loop, with its arithmetic and comparisons. The geometric mean of a
  /// recursion with two calls, one with four, a loop that counts, and one that adds besides (2.2, 2.5, 3.25, 3.4). Who knows
  /// better says so (`ludi run --simulate N --reduction NS`).
  public var reduction = 2.8
  /// What a division of whole numbers takes more: a loop with `mod` less one with `add`.
  public var division = 10.2
  /// What a look into a list takes more (`first`, `rest`, an index, a pattern): half of a turn of a loop that adds up a list,
  /// less its reductions.
  public var listing = 9.5
  /// Taking a process and giving it back: a turn of the scheduler's loop. Ring less reduction and message is turn and wake; how
  /// these two share that was told by their instructions.
  public var turn = 6.5
  /// A message on its way: copy, push, and what receiving it takes beyond reductions (flood, less three reductions).
  public var message = 10.8
  /// What a message takes more that carries objects: measuring, two copies, and a place among the roots (twice what ping-pong,
  /// every second of whose messages does, takes more than ring, less the reductions of its three words).
  public var payload = 22.1
  /// Making a waiting process runnable (see `turn`), and a reduction that its message does not cost then.
  public var wake = 10.7
  /// A process made: control block, first heap, and its end (spawn, less all else in it).
  public var spawn = 126.0
  /// A timer that is due (an estimate).
  public var timer = 90.0

  // MARK: Sleep

  /// Getting ready to sleep, and thinking better of it (an estimate: a lock, a fence).
  public var prepare = 100.0
  /// From the last look before a sleep until the processor is left, on average: a call that came 100 ns behind it found
  /// the sleeper gone every second time.
  public var park = 100.0
  /// Waking a sleeper: what the waker pays for the system call (from 7.6 to 12.8 µs).
  public var call = 12_000.0
  /// From then until the sleeper looks for work (14 to 18 µs after the call's beginning).
  public var latency = 6_500.0
  /// Waking one that has not left its processor yet: the system call (220), and the lock of the sleepers (an estimate).
  public var nudge = 800.0

  // MARK: Between schedulers

  /// What a message takes more, of the sender and of the receiver each, if they run on different workers: its cell, and the
  /// inbox, come from the other's cache (flood on two, 29 to 34 by the median when others are quiet, less flood on one).
  public var far = 30.0
  /// A look at another worker's queue (an estimate: half of what a line from another cache takes).
  public var look = 25.0
  /// The same for one of many in a row, whether there is anything at all (an estimate).
  public var glance = 3.0
  /// Taking tasks from another worker (an estimate).
  public var steal = 120.0
  /// A first turn on another worker than the last one: what the caches lost (an estimate: ten lines).
  public var migration = 400.0
  /// Making something runnable while another worker searches: it has the words of the queue in its cache (an estimate).
  public var watched = 150.0

  public init() {}

  /// A reduction of code that is made of this.
  func reduction(_ share: CodeMix.Share) -> Double {
    reduction + share.divisions * division + share.looks * listing
  }

  /// For people.
  public var text: String { table.map { "\($0.name) \($0.nanoseconds)" }.joined(separator: ", ") + " ns" }

  /// Names and values, in their order.
  public var table: [(name: String, nanoseconds: Double)] {
    [
      ("reduction", reduction), ("division", division), ("listing", listing), ("turn", turn),
      ("message", message), ("payload", payload), ("wake", wake),
      ("spawn", spawn), ("timer", timer), ("prepare", prepare), ("park", park), ("call", call),
      ("latency", latency), ("nudge", nudge), ("far", far), ("look", look), ("glance", glance),
      ("steal", steal), ("migration", migration), ("watched", watched),
    ]
  }
}
