import Platform
import Runtime

/// `ludi simulate`: plays made-up work on virtual schedulers.
enum SimulateCommand: Subcommand {
  static let name = "simulate"
  static let summary = "Plays made-up work on up to 1,024 virtual schedulers, and tells what came of it."
  static let operands = ""
  static let details = """
    The same arguments give the same figures, to the last digit. Say at least one kind of work: --hogs, --wakers,
    --arrivals, or --nodes with --tokens. To play a real program: ludi run --simulate N FILE.
    """
  static let options = [
    Option("schedulers", value: "N", help: "virtual schedulers, 1 to 1024; 2 if left out"),
    .policy,
    .slice,
    Option("seed", value: "S", help: "all that is random comes from it; 1 if left out"),
    Option("hogs", value: "N", help: "processes that compute for ever"),
    Option("wakers", value: "N", help: "processes that wake every --every ms and take one service"),
    Option("every", value: "MS", help: "1 if left out"),
    Option("arrivals", value: "RATE", help: "requests a second, at random times (Poisson)"),
    Option("nodes", value: "N", help: "processes that send tokens to each other at random"),
    Option("tokens", value: "N", help: "tokens under way; as many as nodes if left out"),
    Option("messages", value: "N", help: "the simulation ends after so many messages"),
    Option("service", value: "NAME", help: "how services vary: constant, exponential (if left out) or heavy"),
    Option("reductions", value: "N", help: "the mean of a service; 100 if left out"),
    Option(
      "duration", value: "MS", help: "virtual time of the simulation without --messages; 1000 if left out"),
    Option("json", help: "print the figures as JSON"),
  ]

  static func run(_ arguments: ParsedArguments) throws(UsageError) -> ExitStatus {
    if let operand = arguments.rest.first { throw UsageError("no file is needed, but there is \(operand)") }
    let load = try workload(arguments)
    let result = load.simulate(
      schedulers: try arguments.number("schedulers", in: SimulationPlan.schedulerRange) ?? 2,
      policy: try arguments.policy("policy") ?? .workStealing,
      slice: try arguments.number("slice", in: VMOptions.sliceRange), seed: try arguments.seed() ?? 1)
    Terminal.print(arguments.has("json") ? json(of: result, load) : text(of: result, load))
    return .success
  }

  private static func workload(_ arguments: ParsedArguments) throws(UsageError) -> SyntheticWorkload {
    var load = SyntheticWorkload()
    let many = 0...1_000_000
    load.hogs = try arguments.number("hogs", in: many) ?? 0
    load.wakers = try arguments.number("wakers", in: many) ?? 0
    load.wakeMilliseconds = try arguments.positive("every") ?? load.wakeMilliseconds
    load.arrivals = try arguments.positive("arrivals") ?? 0
    load.nodes = try arguments.number("nodes", in: many) ?? 0
    load.tokens = try arguments.number("tokens", in: many) ?? load.nodes
    load.messages = try arguments.number("messages", in: 1...1_000_000_000) ?? 0
    load.reductions = try arguments.number("reductions", in: 1...1_000_000_000) ?? load.reductions
    load.milliseconds = try arguments.positive("duration") ?? load.milliseconds
    if let text = arguments["service"] {
      guard let service = SyntheticWorkload.Service(rawValue: text) else {
        let all = SyntheticWorkload.Service.allCases.map(\.rawValue).joined(separator: ", ")
        throw UsageError("there is no service \(text); the services are \(all)")
      }
      load.service = service
    }
    if load.hogs + load.wakers + load.nodes == 0 && load.arrivals == 0 {
      throw UsageError("which work? say --hogs, --wakers, --arrivals or --nodes")
    }
    if load.nodes == 0 && (load.messages > 0 || load.tokens > 0) {
      throw UsageError("--messages and --tokens need --nodes")
    }
    if load.messages > 0 && load.tokens == 0 { throw UsageError("--messages needs --tokens above 0") }
    return load
  }

  private static func json(of result: SyntheticResult, _ load: SyntheticWorkload) -> String {
    let figures = SimulationFigures(
      result.statistics, responses: result.responses, fairness: load.hogs > 0 ? result.fairness : nil)
    return figures.json.text() + "\n"
  }

  private static func text(of result: SyntheticResult, _ load: SyntheticWorkload) -> String {
    var text = result.statistics.text
    if load.hogs > 0 { text += "Jain's index   \((result.fairness * 1e6).rounded() / 1e6) (of the hogs)\n" }
    if !result.responses.isEmpty {
      let shown = [0.5, 0.99, 0.999].map { "\(Double(result.responses.quantile($0)) / 1000)" }
      text += "responses      \(result.responses.count)\n"
      text += "response       \(shown.joined(separator: ", ")) µs (median, p99, p99.9)\n"
    }
    return text
  }
}

extension ParsedArguments {
  /// The value of an option that takes a number above 0.
  fileprivate func positive(_ option: String) throws(UsageError) -> Double? {
    guard let text = self[option] else { return nil }
    guard let number = Double(text), number > 0, number <= 1e9 else {
      throw UsageError("--\(option) takes a number above 0, up to 1e9, not \(text)")
    }
    return number
  }
}
