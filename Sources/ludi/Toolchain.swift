import Bytecode
import Ludus
import Platform
import Prelude

/// The compiler chain as the command uses it: bytes in; a verified module, or what is wrong, out.
enum Toolchain {
  struct Result: Sendable {
    /// Nil if there are errors.
    var image: CodeImage?
    /// Errors and warnings, ready to be shown, each with a newline at its end.
    var complaints = ""
  }

  /// The Prelude's module. The build has compiled and verified it, so a failure means that `ludi` is broken.
  static func prelude() -> CodeImage {
    do {
      return try ModuleFile.image(from: Prelude.moduleBytes(), isEmbedded: true)
    } catch {
      fatalError("the embedded Prelude cannot be read: \(error)")
    }
  }

  /// Ludus source.
  static func compile(_ bytes: [UInt8], file: String, prelude: CodeImage) -> Result {
    let signatures = PreludeSignatures(prelude)
    let checked = FrontEnd.check(
      bytes: bytes, fileName: file, surroundings: .init(preludeNames: signatures.names))
    let renderer = DiagnosticRenderer(checked.script.file, colored: Terminal.showsErrors)
    var result = Result(complaints: renderer.render(checked))
    if checked.hasErrors { return result }
    do {
      let image = try Compiler.compile(checked.script, name: file, prelude: signatures)
      try Verifier.verify(image)
      result.image = image
    } catch let failure as Compiler.Failure {
      result.complaints += failure.diagnostics.map(renderer.render).joined()
    } catch {
      // The compiler made what the verifier refuses: its mistake, not the program's.
      result.complaints += "\(file): ludi compiled this wrongly; please report it: \(error)\n"
    }
    return result
  }

  /// A module file.
  static func read(_ bytes: [UInt8], file: String) -> Result {
    do {
      let image = try ModuleFile.image(from: bytes)
      try Verifier.verify(image)
      return Result(image: image)
    } catch {
      return Result(complaints: "\(file): \(error)\n")
    }
  }

  /// Textual assembly.
  static func assemble(_ bytes: [UInt8], file: String) -> Result {
    do {
      return Result(image: try Assembler.assemble(bytes))
    } catch {
      return Result(complaints: "\(file):\(error)\n")
    }
  }

  static func moduleBytes(of image: CodeImage) -> [UInt8] { ModuleFile.bytes(of: image) }

  static func assembly(of image: CodeImage) throws(BytecodeError) -> String {
    try Disassembler.text(of: image)
  }
}
