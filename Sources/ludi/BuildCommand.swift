import Bytecode
import Platform

/// `ludi build`: compiles a program into a module file.
enum BuildCommand: Subcommand {
  static let name = "build"
  static let summary = "Compiles a program into a module (.lbc), which ludi run takes too."
  static let operands = "FILE"
  static let options = [moduleOutput]

  static func run(_ arguments: ParsedArguments) throws(UsageError) -> ExitStatus {
    try ModuleWriter.write(arguments)
  }
}

/// Where `build` and `asm` put the module.
let moduleOutput = Option(
  "output", letter: "o", value: "FILE",
  help: "the module; beside the source, with the suffix .lbc, if left out")

/// What `build` and `asm` share: a program in, a module file out.
enum ModuleWriter {
  static func write(_ arguments: ParsedArguments) throws(UsageError) -> ExitStatus {
    let file = try arguments.onlyFile()
    let output = arguments["output"] ?? Program.stem(of: file) + ".lbc"
    guard output != file else { throw UsageError("the module would replace its source; say -o FILE") }
    switch Program.load(file, prelude: Toolchain.prelude()) {
    case .failed(let status): return status
    case .loaded(let image): return write(image, to: output)
    }
  }

  private static func write(_ image: CodeImage, to output: String) -> ExitStatus {
    do {
      try Files.write(Toolchain.moduleBytes(of: image), to: output)
      return .success
    } catch {
      Terminal.complain("ludi: cannot write \(output): \(error.reason)")
      return .noOutput
    }
  }
}
