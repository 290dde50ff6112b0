import Platform
import Reports
import Runtime

/// `ludi compare`: measures designs against each other, and writes a report that a person can decide from.
enum CompareCommand: Subcommand {
  static let name = "compare"
  static let summary = "Measures designs against each other and writes a report with plots."
  static let operands = "heaps|schedulers"
  static let mixesOptions = true
  static let details = """
    heaps: private heaps, with several thresholds for sharing, against one heap for all. schedulers: scheduling policies,
    on threads and on up to 1,024 virtual schedulers. A set of workloads runs under each, interleaved and several times,
    in processes of their own; every answer is checked. The report folder gets report.html, report.json, report.md, the
    programs and the plots' scripts. An interruption (Ctrl-C) ends the measuring; what there is by then is reported, and
    the exit status is 130. Plots need gnuplot (apt-get install gnuplot-nox).
    """
  static let options = [
    Option(
      "output", letter: "o", value: "FOLDER",
      help: "where the report goes; ludi-heaps or ludi-schedulers if left out"),
    Option("quick", help: "small sizes and few repetitions: shows that it works, not how fast it is"),
    Option("json", help: "print the report's JSON instead of tables"),
    Option("repetitions", value: "N", help: "how often each workload runs under each design; 5 if left out"),
    Option("workloads", value: "NAME,…", help: "these workloads only"),
    Option(
      "schedulers", value: "N,…",
      help:
        "threads that run processes; for schedulers: the counts to compare at, 1 and as many as processors if"
        + " left out; none: only simulate"),
    Option("thresholds", value: "N,…", help: "heaps: words from which values are shared; 512,4096,32768"),
    Option("policies", value: "NAME,…", help: "schedulers: of \(PolicyName.list); all if left out"),
    Option(
      "simulated", value: "N,…",
      help: "schedulers: how many virtual ones; 4,16,64,256,1024 if left out; none: do not simulate"),
    Option(
      "seed", value: "S", help: "schedulers: all that is random in simulations comes from it; 1 if left out"),
  ]

  /// What can be compared, and the options that are for that alone.
  private static let kinds: [(name: String, options: [String])] = [
    ("heaps", ["thresholds"]), ("schedulers", ["policies", "simulated", "seed"]),
  ]

  static func run(_ arguments: ParsedArguments) throws(UsageError) -> ExitStatus {
    let known = kinds.map(\.name).joined(separator: ", ")
    guard let what = arguments.rest.first else { throw UsageError("compare what? There is: \(known)") }
    guard kinds.contains(where: { $0.name == what }) else {
      throw UsageError("cannot compare \(what); there is: \(known)")
    }
    if arguments.rest.count > 1 { throw UsageError("what is \(arguments.rest[1]) for?") }
    for kind in kinds where kind.name != what {
      for option in kind.options where arguments.has(option) {
        throw UsageError("--\(option) is for compare \(kind.name)")
      }
    }
    if what == "heaps" { return HeapComparison(try HeapSettings(arguments)).run() }
    return SchedulerComparison(try SchedulerSettings(arguments)).run()
  }
}

extension ParsedArguments {
  /// The folder of a report.
  func reportFolder(else usual: String) throws(UsageError) -> String {
    let folder = self["output"] ?? usual
    if folder.isEmpty { throw UsageError("--output takes a folder") }
    return folder
  }

  /// The value of an option that takes whole numbers from `range`, with commas between them; ascending, each once.
  func numbers(_ option: String, in range: ClosedRange<Int>) throws(UsageError) -> [Int]? {
    guard let text = self[option] else { return nil }
    var result: Set<Int> = []
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      guard let number = Int(part), range.contains(number) else {
        throw UsageError(
          "--\(option) takes whole numbers from \(range.lowerBound) to \(range.upperBound), not \(part)")
      }
      result.insert(number)
    }
    return result.sorted()
  }

  /// Those of `all` that `--workloads` names; all, if it is left out.
  func workloads(of all: [Workload], toCompare what: String) throws(UsageError) -> [Workload] {
    guard let text = self["workloads"] else { return all }
    let names = text.split(separator: ",", omittingEmptySubsequences: false)
    for name in names where !all.contains(where: { $0.name == name }) {
      let known = all.map(\.name).joined(separator: ", ")
      throw UsageError("no workload \(name) to compare \(what) with; there are: \(known)")
    }
    return all.filter { names.contains(Substring($0.name)) }
  }
}
