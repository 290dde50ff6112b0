import Platform
import Reports

/// `ludi compare heaps`: measures designs against each other, and writes a report that a person can decide from.
enum CompareCommand: Subcommand {
  static let name = "compare"
  static let summary = "Measures designs against each other and writes a report with plots."
  static let operands = "heaps"
  static let mixesOptions = true
  static let details = """
    heaps: private heaps, with several thresholds for sharing, against one heap for all. A set of programs runs
    under each, interleaved and several times, in processes of their own; every answer is checked. The report folder
    gets report.html, report.json, report.md, the programs and the plots' scripts. An interruption (Ctrl-C) ends the measuring;
    what there is by then is reported. Plots need gnuplot (apt-get install gnuplot-nox).
    """
  static let options = [
    Option("output", letter: "o", value: "FOLDER", help: "where the report goes; ludi-heaps if left out"),
    Option("quick", help: "small sizes and few repetitions: shows that it works, not how fast it is"),
    Option("json", help: "print the report's JSON instead of a table"),
    Option("repetitions", value: "N", help: "how often each program runs under each design; 5 if left out"),
    Option("schedulers", value: "N", help: "threads that run processes; as many as processors if left out"),
    Option(
      "thresholds", value: "N,…",
      help: "words from which values are shared; 512,4096,32768 if left out"),
    Option("only", value: "NAME,…", help: "these programs only"),
  ]

  static func run(_ arguments: ParsedArguments) throws(UsageError) -> ExitStatus {
    guard let what = arguments.rest.first else { throw UsageError("compare what? There is: heaps") }
    guard what == "heaps" else { throw UsageError("cannot compare \(what); there is: heaps") }
    if arguments.rest.count > 1 { throw UsageError("what is \(arguments.rest[1]) for?") }
    let settings = try HeapSettings(arguments)
    return HeapComparisonRun(settings).run()
  }
}
