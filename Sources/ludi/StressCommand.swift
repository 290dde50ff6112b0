import Platform
import Scenarios

/// `ludi stress`: strains the VM and watches it.
enum StressCommand: Subcommand {
  static let name = "stress"
  static let summary = "Strains the VM with scenarios whose invariants are watched while they run."
  static let operands = "[SCENARIO…]"
  static let details = """
    Plays scenarios one after the other (all of them, if none is named), each in rounds drawn from seeds. The exit
    status is 0 if all was sound, and 1 if not: then it says what was wrong, and the command that repeats it.
    """
  static let mixesOptions = true
  static let options = [
    Option("seed", value: "S", help: "the seed of the first round; random if left out"),
    Option("duration", value: "T", help: "seconds that each scenario plays (2)"),
    Option("schedulers", value: "N", help: "threads that run processes; as many as processors if left out"),
    Option("gap-limit", value: "MS", help: "the processor time that a step may take (1); 0: any"),
    Option(
      "starvation-limit", value: "MS", help: "how long a runnable process may wait for its turn (50); 0: any"),
    Option("list", help: "list the scenarios"),
  ]

  static func run(_ arguments: ParsedArguments) throws(UsageError) -> ExitStatus {
    if arguments.has("list") {
      list()
      return .success
    }
    let scenarios = try scenarios(named: arguments.rest)
    var settings = ScenarioSettings()
    settings.seed = UInt64(try arguments.number("seed", in: 0...1_000_000_000) ?? Int.random(in: 0...999_999))
    settings.milliseconds = try milliseconds("duration", of: arguments) ?? 2000
    settings.schedulers = try arguments.number("schedulers", in: 1...256)
    if let limit = try milliseconds("gap-limit", of: arguments, unit: 1) {
      settings.gapLimit = limit == 0 ? nil : UInt64(limit) * 1_000_000
    }
    if let limit = try milliseconds("starvation-limit", of: arguments, unit: 1) {
      settings.starvationLimit = limit == 0 ? nil : UInt64(limit) * 1_000_000
    }
    for scenario in scenarios {
      if !play(scenario, settings) { return .failure }
    }
    return .success
  }

  private static func scenarios(named names: [String]) throws(UsageError) -> [Scenario] {
    do {
      return try Scenario.named(names)
    } catch {
      throw UsageError(
        "there is no scenario \(error.name); there are \(Scenario.all.map(\.name).joined(separator: ", "))")
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

  private static func list() {
    let width = Scenario.all.map(\.name.count).max() ?? 0
    let rows = Scenario.all.map { scenario in
      let only = scenario.isPlayedByDefault ? "" : " (only if named)"
      return "\(scenario.name.padded(to: width))  \(scenario.summary)\(only)\n"
    }
    Terminal.print(rows.joined())
  }

  private static func play(_ scenario: Scenario, _ settings: ScenarioSettings) -> Bool {
    let line = StressLine(scenario.name)
    let run = ScenarioRun(scenario, settings)
    let verdict = run.play { line.show($0) }
    line.clear()
    if let failure = verdict.failure {
      Terminal.print(
        "FAILED \(verdict.name) (seed \(verdict.seed)): \(failure)\n  again: \(verdict.command)\n")
      return false
    }
    Terminal.print("sound  \(verdict.name) (seed \(verdict.seed)): \(verdict.text)\n")
    return true
  }
}

/// The progress line, where a person looks at standard error.
struct StressLine {
  private let name: String
  init(_ name: String) { self.name = name }

  func show(_ progress: ScenarioProgress) {
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
