import Observation
import Reports
import Runtime

/// What a simulation came to, as it is written down and read back: `ludi simulate --json`, and part of what
/// `ludi run --simulate N --statistics FILE` writes. Times in virtual nanoseconds.
struct SimulationFigures: Sendable, Equatable {
  var nanoseconds: Double
  /// The share of the schedulers' time in which processes ran.
  var running: Double
  var reductions: Double
  var messages: Double
  var turns: Double
  /// Turns on another scheduler than the last one.
  var migrations: Double
  var steals: Double
  var parks: Double
  /// From becoming runnable to running.
  var delays: Distribution
  /// Of made-up work: from the arrival of a request, or the time at which a process wanted to wake, to the end of its service.
  var responses = Distribution()
  /// Jain's index of the shares of made-up processes that compute for ever; nil: there are none.
  var fairness: Double?

  init(
    _ statistics: SimulationStatistics, responses: Distribution = Distribution(), fairness: Double? = nil
  ) {
    func total(_ part: KeyPath<SimulationStatistics.Worker, UInt64>) -> Double {
      Double(statistics.workers.reduce(0) { $0 + $1[keyPath: part] })
    }
    nanoseconds = Double(statistics.end)
    let time = nanoseconds * Double(statistics.workers.count)
    running = time > 0 ? total(\.busy) / time : 0
    reductions = Double(statistics.reductions)
    messages = Double(statistics.messages)
    (turns, steals, parks) = (total(\.turns), total(\.steals), total(\.parks))
    migrations = Double(statistics.migrations)
    delays = statistics.delays
    self.responses = responses
    self.fairness = fairness
  }

  var json: Json {
    .object([
      "virtual_nanoseconds": .number(nanoseconds), "running": .number(running),
      "reductions": .number(reductions), "messages": .number(messages), "turns": .number(turns),
      "migrations": .number(migrations), "steals": .number(steals), "parks": .number(parks),
      "delays": delays.json, "responses": responses.json, "jain": fairness.map { .number($0) } ?? .null,
    ])
  }

  /// Nil if something is missing.
  init?(_ json: Json?) {
    guard let json, let nanoseconds = json["virtual_nanoseconds"]?.number,
      let running = json["running"]?.number, let reductions = json["reductions"]?.number,
      let messages = json["messages"]?.number, let turns = json["turns"]?.number,
      let migrations = json["migrations"]?.number, let steals = json["steals"]?.number,
      let parks = json["parks"]?.number, let delays = Distribution(json["delays"]),
      let responses = Distribution(json["responses"])
    else { return nil }
    (self.nanoseconds, self.running, self.reductions) = (nanoseconds, running, reductions)
    (self.messages, self.turns, self.migrations) = (messages, turns, migrations)
    (self.steals, self.parks, self.delays, self.responses) = (steals, parks, delays, responses)
    fairness = json["jain"]?.number
  }
}
