import Platform

/// The command line: `ludi SUBCOMMAND [options] …`. A file a subcommand.
@main
struct Ludi {
  static let version = "0.1.0"
  static var subcommands: [any Subcommand.Type] {
    [
      RunCommand.self, CheckCommand.self, BuildCommand.self, DisassembleCommand.self, AssembleCommand.self,
      BenchCommand.self,
      StressCommand.self, CompareCommand.self, SimulateCommand.self,
    ]
  }

  static func main() {
    finish(run(Array(CommandLine.arguments.dropFirst())))
  }

  static func run(_ arguments: [String]) -> ExitStatus {
    guard let first = arguments.first else {
      Terminal.complain(help)
      return .usage
    }
    switch first {
    case "--help", "-h", "help":
      return showHelp(of: arguments.dropFirst().first)
    case "--version", "-V":
      Terminal.print("ludi \(version)\n")
      return .success
    default:
      break
    }
    guard let subcommand = subcommands.first(where: { $0.name == first }) else {
      let isFile = first.hasSuffix(".ld") || first.hasSuffix(".lbc") || first.hasSuffix(".lasm")
      let advice = isFile ? "to run a file: ludi run \(first)" : "ludi --help lists the subcommands"
      Terminal.complain("ludi: unknown subcommand \(first); \(advice)")
      return .usage
    }
    return subcommand.start(Array(arguments.dropFirst()))
  }

  private static func showHelp(of name: String?) -> ExitStatus {
    let subcommand = subcommands.first { $0.name == name }
    Terminal.print((subcommand.map { $0.help } ?? help) + "\n")
    return .success
  }

  private static var help: String {
    let width = subcommands.map { $0.name.count }.max() ?? 0
    let rows = subcommands.map { "  \($0.name.padded(to: width))  \($0.summary)" }
    return """
      Ludi runs Ludus programs, whose processes share nothing and send each other messages.

      usage: ludi SUBCOMMAND [options] [arguments]

      \(rows.joined(separator: "\n"))

      ludi SUBCOMMAND --help tells more; ludi --version tells which Ludi this is.
      """
  }
}

extension String {
  /// With blanks behind it, so that columns line up.
  func padded(to width: Int) -> String { self + String(repeating: " ", count: max(0, width - count)) }
}
