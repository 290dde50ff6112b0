import Platform

/// `ludi bench`: runs the benchmarks of `Stress/Bench/ludus`, alone or beside those of other languages.
enum BenchCommand: Subcommand {
  static let name = "bench"
  static let summary = "Runs the benchmarks, also beside Erlang and Go."
  static let operands = "[NAME[:SIZE,SIZE…]…]"
  static let details = """
    Without names all benchmarks run. Each prints a line: operations, median, minimum and maximum of the time, and
    a check value; a wrong one is an error. With more than one round the lines are gathered into a table; then a
    round is a process of its own, and those whom it compares run in turn. Ratios are the middle one, and in
    brackets the lowest and the highest. The exit status is 1 if a benchmark failed. After an interruption (Ctrl-C)
    what was measured is kept; the status is 130 then.
    """
  static let mixesOptions = true
  static let options = [
    Option("list", help: "show the benchmarks and their usual sizes"),
    Option("quick", help: "small sizes, one iteration: for the check values only"),
    .schedulers,
    Option(
      "peers", help: "also run the versions in Erlang and Go, where these are installed, and print ratios"),
    Option(
      "rounds", value: "N", help: "processes that run each benchmark: 1, or 5 with --peers, --save, --against"
    ),
    Option("iterations", value: "N", help: "timed runs in each process: 5 if there is one round, else 1"),
    Option(
      "with", value: "OPTIONS",
      help: "more options of ludi run for our part, as one word: --with '--policy NAME'"),
    Option("json", help: "print what was measured as JSON instead"),
    Option("save", value: "FILE", help: "write what was measured to a file, after each benchmark"),
    Option("against", value: "FILE", help: "compare with what an earlier run saved"),
  ]

  static func run(_ arguments: ParsedArguments) throws(UsageError) -> ExitStatus {
    do {
      let room = try BenchRoom.find()
      let programs = try room.allPrograms()
      if arguments.has("list") {
        Terminal.print(list(of: programs))
        return .success
      }
      let quick = arguments.has("quick")
      let tasks = try BenchSelection(programs: programs, isQuick: quick).tasks(for: arguments.rest)
      let earlier = try arguments["against"].map { file throws(BenchFailure) in try BenchFile.read(file) }
      if let file = arguments["save"] { try BenchFile.checkWritable(file) }
      let contestants = try contestants(arguments, for: tasks, in: room)
      var runner = BenchRunner(contestants: contestants, tasks: tasks, settings: try settings(arguments))
      Interrupt.listen()
      let status = runner.runAll()
      try report(runner.record, against: earlier, arguments)
      return status
    } catch let failure as BenchFailure {
      Terminal.complain("ludi bench: \(failure.message)")
      return failure.status
    } catch let error as UsageError {
      throw error
    } catch {
      fatalError("\(error)")
    }
  }

  private static func list(of programs: [BenchProgram]) -> String {
    programs.map { "\($0.name.padded(to: 22))  \($0.synopsis)\n    \($0.summary)\n" }.joined()
  }

  private static func settings(_ arguments: ParsedArguments) throws(UsageError) -> BenchRunner.Settings {
    let compares = ["peers", "save", "against"].contains { arguments.has($0) }
    let quick = arguments.has("quick")
    let rounds = try arguments.number("rounds", in: 1...1000) ?? (compares && !quick ? 5 : 1)
    let iterations = try arguments.number("iterations", in: 1...1000) ?? (quick || rounds > 1 ? 1 : 5)
    return BenchRunner.Settings(
      schedulers: try arguments.number("schedulers", in: 1...256) ?? Environment.processors,
      options: (arguments["with"] ?? "").split(separator: " ").map(String.init),
      rounds: rounds, iterations: iterations, isTable: compares || rounds > 1,
      isSilent: arguments.has("json"), file: arguments["save"])
  }

  /// Who runs, ready to do so, and the folder that each one's programs are in.
  private static func contestants(
    _ arguments: ParsedArguments, for tasks: [BenchTask], in room: BenchRoom
  ) throws(BenchFailure) -> [BenchRunner.Entry] {
    let workshop = BenchWorkshop(room: room)
    var entries: [BenchRunner.Entry] = []
    for contestant in BenchContestant.allCases where contestant == .ludi || arguments.has("peers") {
      guard contestant.isInstalled else {
        Terminal.complain("ludi bench: \(contestant) is not installed and does not take part")
        continue
      }
      entries.append((contestant, try workshop.prepare(contestant, for: tasks)))
    }
    return entries
  }

  private static func report(
    _ record: BenchRecord, against earlier: BenchRecord?, _ arguments: ParsedArguments
  ) throws(BenchFailure) {
    if arguments.has("json") { Terminal.print(record.json.text() + "\n") }
    guard let earlier else { return }
    let text = BenchComparison(new: record, old: earlier).lines.joined(separator: "\n") + "\n"
    // Behind JSON a table would break it.
    if arguments.has("json") { Terminal.complain(text) } else { Terminal.print(text) }
  }
}
