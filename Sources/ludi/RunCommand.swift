import Platform
import Runtime

/// `ludi run`: compiles a program and runs its processes.
enum RunCommand: Subcommand {
  static let name = "run"
  static let summary = "Runs a program."
  static let operands = "FILE [ARGUMENTS…]"
  static let details = """
    FILE is Ludus source (.ld), a module (.lbc) or textual assembly (.lasm). What stands behind it belongs to
    the program. The exit status is 0, what exit! (n) says, 65 for errors in the program, 66 for a file that
    cannot be read, 70 after a panic of the main process, 130 when interrupted.
    """
  static let options = [
    .schedulers, .policy, .slice,
    Option(
      "heap", value: "private|single", help: "a heap for each process, or one for all; private if left out"),
    Option("interpret", help: "interpret the bytecode; otherwise it is translated to machine code"),
    Option("simulate", value: "N", help: "play N schedulers in virtual time instead of starting threads"),
    Option("seed", value: "S", help: "of a simulation: the same seed gives the same run; 1 if left out"),
    Option(
      "reduction", value: "NS",
      help:
        "what a reduction of the program takes in a simulation, 0.1 to 1000; \(CostModel().reduction) if left out"
    ),
    Option("trace", value: "FILE", help: "write there what happens when in a simulation"),
    Option("show", help: "print the value of the script when it has ended"),
    Option("wait-all", help: "wait until all processes have ended, not just the main one"),
    Option("quiet-exits", help: "do not report panics of other processes than the main one"),
    Option(
      "share-above", value: "WORDS",
      help: "larger messages go into the shared region: a number, or never; 4096 if left out"),
    Option(
      "share-strings", value: "BYTES",
      help: "strings from this size on are made there: a number, or never; 1024 if left out"),
    Option(
      "max-memory", value: "SIZE",
      help: "what the VM may take, as 512M or 2G; 3/4 of what the system allows if left out"),
    Option(
      "statistics", value: "FILE", help: "write there, as JSON, what the run has cost: time, memory, pauses"),
  ]

  static func run(_ arguments: ParsedArguments) throws(UsageError) -> ExitStatus {
    guard let file = arguments.rest.first else { throw UsageError("which file?") }
    let options = RunOptions(
      schedulers: try arguments.number("schedulers", in: 1...256),
      simulation: try arguments.simulation(),
      policy: try arguments.policy("policy"),
      slice: try arguments.number("slice", in: VMOptions.sliceRange), shows: arguments.has("show"),
      waitsForAll: arguments.has("wait-all"), quietExits: arguments.has("quiet-exits"),
      statistics: arguments["statistics"],
      shareAbove: try arguments.threshold("share-above", in: 1...1 << 30),
      shareStrings: try arguments.threshold("share-strings", in: 64...1 << 30),
      heap: try arguments.heapMode(), interprets: arguments.has("interpret"),
      maxMemory: try arguments.size("max-memory", in: VMOptions.memoryRange),
      arguments: Array(arguments.rest.dropFirst()))
    // Before an hour of running, not after it.
    for place in [options.statistics, options.simulation?.trace].compactMap({ $0 }) {
      guard let reason = Files.reasonNotToWrite(place) else { continue }
      Terminal.complain("ludi: cannot write \(place): \(reason)")
      return .noOutput
    }
    let prelude = Toolchain.prelude()
    switch Program.load(file, prelude: prelude) {
    case .failed(let status): return status
    case .loaded(let image): return Engine.run(image, prelude: prelude, options)
    }
  }
}

/// What the command line says of a simulation.
struct SimulationOptions {
  var schedulers: Int
  var seed: UInt64
  /// Nanoseconds of a reduction; nil: as the cost model says.
  var reduction: Double?
  /// Where to write what happens.
  var trace: String?
}

extension ParsedArguments {
  /// The seed of whatever is random; a whole number.
  func seed() throws(UsageError) -> UInt64? {
    guard let text = self["seed"] else { return nil }
    guard let seed = UInt64(text) else {
      throw UsageError("--seed takes a whole number from 0 to \(UInt64.max), not \(text)")
    }
    return seed
  }

  /// Nil: nothing is to be simulated.
  func simulation() throws(UsageError) -> SimulationOptions? {
    guard let schedulers = try number("simulate", in: SimulationPlan.schedulerRange) else {
      for option in ["seed", "trace", "reduction"] where has(option) {
        throw UsageError("--\(option) is for a simulation; say --simulate N too")
      }
      return nil
    }
    if has("schedulers") {
      throw UsageError("--simulate says how many schedulers; --schedulers is for threads")
    }
    if self["heap"] == "single" { throw UsageError("--heap single cannot be simulated") }
    return SimulationOptions(
      schedulers: schedulers, seed: try seed() ?? 1, reduction: try reduction(), trace: self["trace"])
  }

  private func reduction() throws(UsageError) -> Double? {
    guard let text = self["reduction"] else { return nil }
    guard let nanoseconds = Double(text), (0.1...1000).contains(nanoseconds) else {
      throw UsageError("--reduction takes nanoseconds from 0.1 to 1000, not \(text)")
    }
    return nanoseconds
  }

  /// The value of an option that names a scheduling policy.
  func policy(_ option: String) throws(UsageError) -> PolicyName? {
    guard let text = self[option] else { return nil }
    guard let name = PolicyName(text: text) else {
      throw UsageError("there is no policy \(text); the policies are \(PolicyName.list)")
    }
    return name
  }
}
