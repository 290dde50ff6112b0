import Platform

/// `ludi check`: shows all errors and warnings of some files, and runs nothing.
enum CheckCommand: Subcommand {
  static let name = "check"
  static let summary = "Shows the errors and warnings of programs without running them."
  static let operands = "FILE…"

  static func run(_ arguments: ParsedArguments) throws(UsageError) -> ExitStatus {
    if arguments.rest.isEmpty { throw UsageError("which files?") }
    let prelude = Toolchain.prelude()
    var status = ExitStatus.success
    for file in arguments.rest {
      if case .failed(let failure) = Program.load(file, prelude: prelude) { status = max(status, failure) }
    }
    return status
  }

  /// Of several files the one that could not be read decides.
  private static func max(_ one: ExitStatus, _ other: ExitStatus) -> ExitStatus {
    one.code > other.code ? one : other
  }
}
