/// A program that strains the VM and knows what must come out. It plays rounds, each drawn from a seed, until its time is
/// over; its oracle counts what goes in and out and needs no knowledge of the order of events.
public struct Scenario: Sendable {
  public let name: String
  public let summary: String
  /// Ludus: defines `round ()`, which panics if anything is wrong. What it spawns must have ended when it returns. Random
  /// numbers are a function of the round's seed.
  let source: String
  /// Ludus: what is done after the last round.
  var epilogue = ""
  /// Panics of its processes are part of the game.
  var hasPanics = false
  /// Its processes are held off the run queues at random.
  var suspends = false
  /// Its schedulers must sleep for a while, all of them, without a single turn.
  var needsStillness = false
  /// Off where a round takes long or much memory.
  public internal(set) var isPlayedByDefault = true
  /// Its rounds are all alike: memory must not grow after warm-up (`MemoryCurve`).
  public internal(set) var watchesMemory = false

  /// The scenarios, in the order in which they are played.
  public static let all =
    messageScenarios + processScenarios + timeScenarios + memoryScenarios + cheatScenarios
    + soakScenarios

  /// The scenarios with these names; of no names, all that are played by default.
  /// - Throws: `UnknownScenario` with the first name that is none
  public static func named(_ names: [String]) throws(UnknownScenario) -> [Scenario] {
    if names.isEmpty { return all.filter(\.isPlayedByDefault) }
    var found: [Scenario] = []
    for name in names {
      guard let scenario = all.first(where: { $0.name == name }) else { throw UnknownScenario(name: name) }
      found.append(scenario)
    }
    return found
  }
}

/// A name that no scenario has.
public struct UnknownScenario: Error {
  public let name: String
}

extension Scenario {
  /// The whole program: rounds with the seeds from `seed` on until `milliseconds` have passed, at least one. Its value is
  /// the number of rounds.
  func program(seed: UInt64, milliseconds: Int) -> String {
    """
    \(Scenario.common)
    \(source)
    fn rounds (seed, until, n) -> {
      let player = spawn! (fn () -> {
        seed! (seed)
        round ()
      })
      match await! (player) with {
        (:ok, _) -> nil
        (:err, reason) -> panic! ("a round with seed", seed, "failed:", reason)
      }
      if gte? (monotonic! (), until) then inc (n) else rounds (inc (seed), until, inc (n))
    }
    let played = rounds (\(seed), add (monotonic! (), \(milliseconds)), 0)
    \(epilogue)
    played

    """
  }

  /// What the scenarios share.
  private static let common = """
    fn check (what, expected, got) -> if eq? (expected, got) then :ok
      else panic! (string (what, ": expected ", show (expected), ", got ", show (got)))
    fn total (numbers) -> fold (add, numbers, 0)
    fn pick (low, high) -> add (low, random_int (inc (sub (high, low))))
    fn seeds (n) -> map (fn (_) -> random_int (1000000), range (n))
    fn start (seed, f) -> spawn! (fn () -> {
      seed! (seed)
      f ()
    })
    fn many (n, f) -> map (start (_, f), seeds (n))
    fn value (pid) -> match await! (pid) with {
      (:ok, x) -> x
      (:err, reason) -> panic! (string ("a process ended with ", show (reason)))
    }
    fn values (pids) -> map (value, pids)
    fn spin (n) -> if zero? (n) then :ok else spin (dec (n))
    fn next (s) -> mod (add (mult (s, 75), 74), 65537)
    """
}
