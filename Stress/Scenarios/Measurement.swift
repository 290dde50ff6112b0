import Observation

/// A program that measures how late processes get their turn, while others compute. Its value is the list of all delays in
/// nanoseconds, each with the moment at which it ended behind it; empty where the VM measures what timers cost.
public struct Measurement: Sendable {
  public let name: String
  public let summary: String
  /// How long it goes on, in seconds, if nothing else is said.
  public let seconds: Double
  /// Ludus, for so many milliseconds.
  let source: @Sendable (Int) -> String
  var metersTimers = false
  let goals: [Goal]

  public static let all = [
    Measurement(
      name: "waker", summary: "8 processes compute, one wakes every millisecond: its delays, their shares",
      seconds: 5,
      source: waker,
      goals: [.p99(150_000), .worst(2_000_000), .jain]),
    Measurement(
      name: "echo", summary: "1,000 processes compute, two exchange messages: the time to the answer",
      seconds: 5,
      source: echo, goals: [.p99(500_000), .jain]),
    Measurement(
      name: "sleepers", summary: "100,000 processes sleep for random times: how late they wake", seconds: 5,
      source: sleepers,
      goals: [.p99(1_000_000), .worst(5_000_000)]),
    Measurement(
      name: "large-heap", summary: "a process replaces what it has of 200 MB, one wakes each millisecond",
      seconds: 5,
      source: largeHeap,
      goals: [.p99(2_000_000), .worst(10_000_000)]),
    Measurement(
      name: "large-sends",
      summary: "a process keeps sending 5,000,000 numbers, one wakes each millisecond",
      seconds: 5,
      source: largeSends, goals: [.worst(5_000_000)]),
    Measurement(
      name: "million-timers", summary: "a million timers run at once: what setting and firing one costs",
      seconds: 4, source: millionTimers, metersTimers: true,
      goals: [
        Goal("setting, mean", 500, .nanoseconds) { UInt64($0.timers?.setting.mean ?? 0) },
        Goal("firing, mean", 500, .nanoseconds) { UInt64($0.timers?.meanFiring ?? 0) },
      ]),
  ]

  private static let common = """
    fn hog () -> hog ()
    fn hogs (n) -> map (fn (_) -> spawn! (hog), range (n))
    fn stop (pids, delays) -> {
      each! (exit! (_, :kill), pids)
      delays
    }
    fn nanoseconds (ms) -> floor (mult (max (ms, 0), 1000000))
    fn add_delay (delays, delay, now) -> append (append (delays, nanoseconds (delay)), nanoseconds (now))
    fn ticks (next, end, delays) -> if gte? (next, end) then delays else {
      let now = monotonic! ()
      if gt? (next, now) then sleep! (sub (next, now)) else nil
      let woke = monotonic! ()
      ticks (inc (max (next, floor (woke))), end, add_delay (delays, sub (woke, next), woke))
    }
    fn ticks_for (ms) -> {
      let start = inc (floor (monotonic! ()))
      ticks (start, add (start, ms), [])
    }

    """

  private static func waker(_ milliseconds: Int) -> String {
    common + """
      let all = hogs (8)
      sleep! (200)
      stop (all, ticks_for (\(milliseconds)))

      """
  }

  private static func echo(_ milliseconds: Int) -> String {
    common + """
      fn server () -> receive {
        (from, n) -> {
          send (from, (:echo, n))
          server ()
        }
      }
      fn ask (to, n, end, delays) -> if gte? (monotonic! (), end) then delays else {
        sleep! (random (1, 3))
        let asked = monotonic! ()
        send (to, (self (), n))
        let heard = receive { (:echo, m) if eq? (m, n) -> monotonic! () }
        ask (to, inc (n), end, add_delay (delays, sub (heard, asked), heard))
      }
      let echoing = spawn! (server)
      let all = append (hogs (1000), echoing)
      sleep! (500)
      stop (all, ask (echoing, 0, add (monotonic! (), \(milliseconds)), []))

      """
  }

  private static func sleepers(_ milliseconds: Int) -> String {
    common + """
      fn sleeper (home, ms) -> {
        let end = add (monotonic! (), ms)
        sleep! (ms)
        send (home, (:woke, end, monotonic! ()))
      }
      fn gather (left, delays) -> if zero? (left) then delays else receive {
        (:woke, end, now) -> gather (dec (left), add_delay (delays, sub (now, end), now))
      }
      let home = self ()
      each! (fn (_) -> {
        let ms = random (100, \(milliseconds + 100))
        spawn! (fn () -> sleeper (home, ms))
      }, range (100000))
      gather (100000, [])

      """
  }

  /// 254 trees of 32,767 nodes, 24 bytes each.
  private static func largeHeap(_ milliseconds: Int) -> String {
    common + """
      fn grown {
        (0) -> nil
        (d) -> (grown (dec (d)), grown (dec (d)))
      }
      fn churn (live, i) -> churn (set_at (live, i, grown (15)), mod (inc (i), 254))
      let home = self ()
      let churning = spawn! (fn () -> {
        let live = map (fn (_) -> grown (15), range (254))
        send (home, :ready)
        churn (live, 0)
      })
      receive { :ready -> nil }
      stop ([churning], ticks_for (\(milliseconds)))

      """
  }

  private static func largeSends(_ milliseconds: Int) -> String {
    common + """
      fn sink () -> receive {
        xs -> {
          count (xs)
          sink ()
        }
      }
      fn feed (to, i) -> {
        send (to, range (i, add (i, 5000000)))
        feed (to, inc (i))
      }
      let to = spawn! (sink)
      let feeding = spawn! (fn () -> feed (to, 0))
      sleep! (500)
      stop ([feeding, to], ticks_for (\(milliseconds)))

      """
  }

  /// All are set before the first is due, unless the machine is slow.
  private static func millionTimers(_ milliseconds: Int) -> String {
    """
    fn round (size, ms) -> {
      let home = self ()
      each! (fn (i) -> spawn! (fn () -> {
        sleep! (add (ms, mod (mult (i, 7919), ms)))
        send (home, :woke)
      }), range (size))
      repeat size { receive { :woke -> nil } }
    }
    round (1000000, \(milliseconds))
    []

    """
  }
}

/// What a measurement is to reach.
struct Goal: Sendable {
  enum Unit: Sendable { case nanoseconds, share }
  let name: String
  let limit: Double
  let unit: Unit
  let value: @Sendable (MeasurementResult) -> Double

  init(
    _ name: String, _ limit: UInt64, _ unit: Unit, _ value: @escaping @Sendable (MeasurementResult) -> UInt64
  ) {
    self.name = name
    self.limit = Double(limit)
    self.unit = unit
    self.value = { Double(value($0)) }
  }

  private init(
    share name: String, _ limit: Double, _ value: @escaping @Sendable (MeasurementResult) -> Double
  ) {
    self.name = name
    self.limit = limit
    unit = .share
    self.value = value
  }

  /// Of delays, in nanoseconds.
  static func p99(_ limit: UInt64) -> Goal {
    Goal("delay p99", limit, .nanoseconds) { $0.delays.quantile(0.99) }
  }
  static func worst(_ limit: UInt64) -> Goal { Goal("delay max", limit, .nanoseconds) { $0.delays.max } }

  /// Shares are to be equal, delays small.
  static let jain = Goal(share: "Jain index", 0.999) { $0.shares?.jain ?? 0 }

  func isMet(by result: MeasurementResult) -> Bool {
    unit == .share ? value(result) >= limit : value(result) <= limit
  }
}
