import Platform

/// `ludi asm`: textual assembly into a module file.
enum AssembleCommand: Subcommand {
  static let name = "asm"
  static let summary = "Assembles textual assembly (.lasm) into a module (.lbc)."
  static let operands = "FILE.lasm"
  static let options = [moduleOutput]

  static func run(_ arguments: ParsedArguments) throws(UsageError) -> ExitStatus {
    let file = try arguments.onlyFile()
    guard file.hasSuffix(".lasm") else { throw UsageError("\(file) is not named .lasm") }
    return try ModuleWriter.write(arguments)
  }
}
