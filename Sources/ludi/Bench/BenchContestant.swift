import Platform

/// Who runs the benchmarks: this VM, or another language's.
enum BenchContestant: String, CaseIterable, Sendable {
  case ludi, erlang, go

  /// The programs that it needs.
  private var tools: [String] {
    switch self {
    case .ludi: []
    case .erlang: ["erl", "erlc"]
    case .go: ["go"]
    }
  }

  var isInstalled: Bool { tools.allSatisfy { Folders.program(named: $0) != nil } }

  /// What runs a benchmark.
  /// - Parameter folder: where `BenchWorkshop` has put its programs
  /// - Parameter options: for `ludi run` only
  func command(
    for task: BenchTask, in folder: String, schedulers: Int, options: [String]
  ) -> ChildProcess {
    let name = task.program.name
    let sizes = task.sizes.map(String.init)
    switch self {
    case .ludi:
      let program = Folders.program ?? "ludi"
      return ChildProcess(
        [program, "run", "--schedulers", "\(schedulers)"] + options + ["\(folder)/\(name).lbc"] + sizes,
        limit: Self.limit)
    case .erlang:
      let call = "'\(name)':main(init:get_plain_arguments()), halt(0)."
      var child = ChildProcess(
        [
          "erl", "+S", "\(schedulers):\(schedulers)", "+P", "2097152", "-noinput", "-pa", folder, "-eval",
          call, "-extra",
        ]
          + sizes, limit: Self.limit)
      child.variables["ERL_CRASH_DUMP"] = "/dev/null"
      return child
    case .go:
      var child = ChildProcess(["\(folder)/\(name)"] + sizes, limit: Self.limit)
      child.variables["GOMAXPROCS"] = "\(schedulers)"
      return child
    }
  }

  /// Seconds for one benchmark in one round, all its iterations included.
  private static var limit: Double { 300 }
}
