import Platform
import Reports
import Runtime
import Scenarios

/// `ludi stress`: strains the VM and watches it.
enum StressCommand: Subcommand {
  static let name = "stress"
  static let summary = "Strains the VM with scenarios whose invariants are watched while they run."
  static let operands = "[SCENARIO…]"
  static let details = """
    Plays scenarios one after the other (all of them, if none is named), each in rounds drawn from seeds. The exit
    status is 0 if all was sound, and 1 if not: then it says what was wrong, and the command that repeats it.
    Measurements are taken only if they are named.
    """
  static let mixesOptions = true
  static let options = [
    Option("seed", value: "S", help: "the seed of the first round; random if left out"),
    Option("duration", value: "T", help: "seconds that each scenario plays (2; a measurement has its own)"),
    .schedulers,
    .policy,
    Option("heap", value: "private|single", help: "a heap for each process, or one for all"),
    .slice,
    Option("gap-limit", value: "MS", help: "the processor time that a step may take (1); 0: any"),
    Option(
      "attempts", value: "N",
      help: "how often a scenario with a step or a wait that is too long is played before that counts (1)"),
    Option(
      "starvation-limit", value: "MS", help: "how long a runnable process may wait for its turn (50); 0: any"),
    Option(
      "sabotage", value: "KIND",
      help: "break the VM on purpose, to see it found out: \(ScenarioSettings.Sabotage.names)"),
    Option("json", help: "print the results as JSON"),
    Option("list", help: "list the scenarios and measurements"),
  ]

  static func run(_ arguments: ParsedArguments) throws(UsageError) -> ExitStatus {
    if arguments.has("list") {
      Terminal.print(list)
      return .success
    }
    let measurements = Measurement.all.filter { arguments.rest.contains($0.name) }
    let names = arguments.rest.filter { name in !measurements.contains { $0.name == name } }
    let scenarios = names.isEmpty && !measurements.isEmpty ? [] : try scenarios(named: names)
    let duration = try milliseconds("duration", of: arguments)
    let settings = try settings(arguments, duration)
    let attempts = try arguments.number("attempts", in: 1...100) ?? 1
    let report = StressReport(isJson: arguments.has("json"))
    for scenario in scenarios {
      let verdict = play(scenario, settings, attempts: attempts, isQuiet: report.isJson)
      report.add(verdict)
      if verdict.failure != nil { return report.end(.failure) }
    }
    for measurement in measurements {
      let result = measurement.run(milliseconds: duration, settings)
      report.add(result)
      if result.failure != nil { return report.end(.failure) }
    }
    return report.end(.success)
  }

  /// Plays a scenario. If nothing is wrong but that a step or a wait took too long, it is played again, with the same seed.
  private static func play(
    _ scenario: Scenario, _ settings: ScenarioSettings, attempts: Int, isQuiet: Bool
  ) -> Verdict {
    var line = StressLine(scenario.name, rowsOfMemory: settings.milliseconds, isQuiet: isQuiet)
    let verdict = ScenarioRun(scenario, settings).play { line.show($0) }
    line.clear()
    guard verdict.isOnlySlow, attempts > 1 else { return verdict }
    if !isQuiet { Terminal.print("again  \(scenario.name): \(verdict.failure ?? "")\n") }
    return play(scenario, settings, attempts: attempts - 1, isQuiet: isQuiet)
  }

  private static func settings(
    _ arguments: ParsedArguments, _ duration: Int?
  ) throws(UsageError) -> ScenarioSettings {
    var settings = ScenarioSettings()
    settings.seed = UInt64(
      try arguments.number("seed", in: 0...1_000_000_000) ?? Int.random(in: 0...999_999))
    settings.milliseconds = duration ?? 2000
    settings.schedulers = try arguments.number("schedulers", in: 1...256)
    settings.policy = try arguments.policy("policy")
    settings.heap = try arguments.heapMode()
    settings.slice = try arguments.number("slice", in: VMOptions.sliceRange)
    if let limit = try milliseconds("gap-limit", of: arguments, unit: 1) {
      settings.gapLimit = limit == 0 ? nil : UInt64(limit) * 1_000_000
    }
    if let limit = try milliseconds("starvation-limit", of: arguments, unit: 1) {
      settings.starvationLimit = limit == 0 ? nil : UInt64(limit) * 1_000_000
    }
    if let name = arguments["sabotage"] {
      guard let kind = ScenarioSettings.Sabotage(rawValue: name) else {
        throw UsageError("there is no sabotage \(name); there are \(ScenarioSettings.Sabotage.names)")
      }
      settings.sabotage = kind
    }
    return settings
  }

  private static func scenarios(named names: [String]) throws(UsageError) -> [Scenario] {
    do {
      return try Scenario.named(names)
    } catch {
      let known = Scenario.all.map(\.name) + Measurement.all.map(\.name)
      throw UsageError("there is no scenario \(error.name); there are \(known.joined(separator: ", "))")
    }
  }

  private static func milliseconds(
    _ option: String, of arguments: ParsedArguments, unit: Double = 1000
  ) throws(UsageError) -> Int? {
    guard let text = arguments[option] else { return nil }
    guard let number = Double(text), number >= 0, number * unit < 1e9 else {
      throw UsageError("--\(option) takes a number of 0 or more, not \(text)")
    }
    return Int((number * unit).rounded())
  }

  private static var list: String {
    let names = Scenario.all.map(\.name) + Measurement.all.map(\.name)
    let width = names.map(\.count).max() ?? 0
    var rows = Scenario.all.map { scenario in
      let only = scenario.isPlayedByDefault ? "" : " (only if named)"
      return "\(scenario.name.padded(to: width))  \(scenario.summary)\(only)\n"
    }
    rows.append("\nmeasurements:\n")
    rows += Measurement.all.map { "\($0.name.padded(to: width))  \($0.summary)\n" }
    return rows.joined()
  }
}

/// The progress line, where a person looks at standard error.
struct StressLine {
  private let name: String
  /// When the next row of the memory's curve is due, and how far rows lie apart, in nanoseconds.
  private var nextRow: UInt64 = 0
  private let rowInterval: UInt64
  private let isQuiet: Bool

  /// - Parameter rowsOfMemory: over how many milliseconds rows of the memory's curve are spread
  init(_ name: String, rowsOfMemory milliseconds: Int, isQuiet: Bool) {
    self.name = name
    self.isQuiet = isQuiet
    rowInterval = max(UInt64(milliseconds) * 1_000_000 / 30, 1)
  }

  mutating func show(_ progress: ScenarioProgress) {
    if let memory = progress.memory, !isQuiet, memory.time >= nextRow {
      clear()
      Terminal.print("       \(memory.text)\n")
      nextRow = memory.time + rowInterval
    }
    guard Terminal.showsErrors else { return }
    let seconds = Int(progress.nanoseconds / 1_000_000_000)
    let view = progress.view
    write(
      "\(name)  \(seconds) s  \(view.alive) processes  \(view.turns) turns  \(view.count - view.sleeping) busy"
    )
  }

  func clear() {
    if Terminal.showsErrors { write("") }
  }

  private func write(_ text: String) { Terminal.write("\r\u{1B}[K" + text) }
}
