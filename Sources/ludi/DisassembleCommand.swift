import Bytecode
import Platform

/// `ludi dis`: a program as textual assembly, which `ludi asm` turns into the same module again.
enum DisassembleCommand: Subcommand {
  static let name = "dis"
  static let summary = "Prints the bytecode of a program as textual assembly."
  static let operands = "FILE"
  static let options = [
    Option("output", letter: "o", value: "FILE", help: "write there instead of standard output")
  ]

  static func run(_ arguments: ParsedArguments) throws(UsageError) -> ExitStatus {
    let image: CodeImage
    switch Program.load(try arguments.onlyFile(), prelude: Toolchain.prelude()) {
    case .failed(let status): return status
    case .loaded(let loaded): image = loaded
    }
    let text: String
    do {
      text = try Toolchain.assembly(of: image)
    } catch {
      Terminal.complain("ludi: this module cannot be written as text: \(error)")
      return .badProgram
    }
    guard let output = arguments["output"] else {
      Terminal.print(text)
      return .success
    }
    do {
      try Files.write(Array(text.utf8), to: output)
      return .success
    } catch {
      Terminal.complain("ludi: cannot write \(output): \(error.reason)")
      return .noOutput
    }
  }
}
