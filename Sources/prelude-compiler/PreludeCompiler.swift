import Bytecode
import Glibc
import Ludus
import Platform

/// `prelude-compiler OUTPUT.swift SOURCE.ld…`: compiles the Prelude into one verified module and writes it as a
/// Swift file. Run by the build (Plugins/PreludePlugin), never by hand.
@main
struct PreludeCompiler {
  static func main() {
    let arguments = CommandLine.arguments.dropFirst()
    guard let output = arguments.first else {
      fail(64, "usage: prelude-compiler OUTPUT.swift SOURCE.ld…")
    }
    let source = Compiler.PreludeSource(files: arguments.dropFirst().map(read))
    let module = ModuleFile.bytes(of: BigStack.run { compile(source) })
    do {
      try Files.write(Array(SwiftLiteral.file(holding: module).utf8), to: output)
    } catch {
      fail(74, "prelude-compiler: cannot write \(output): \(error.reason)")
    }
  }

  static func read(_ path: String) -> (name: String, bytes: [UInt8]) {
    do {
      // The name is what users see in the stack of a panic.
      return ("prelude/" + (path.split(separator: "/").last ?? ""), try Files.read(path))
    } catch {
      fail(66, "prelude-compiler: cannot read \(path): \(error.reason)")
    }
  }

  static func compile(_ source: Compiler.PreludeSource) -> CodeImage {
    let image: CodeImage
    do {
      image = try Compiler.compilePrelude(source)
    } catch {
      let file = SourceFile(name: "prelude", bytes: source.text)
      for diagnostic in error.diagnostics { complain(about: diagnostic, in: file, source) }
      fail(65, "the Prelude does not compile")
    }
    do {
      try Verifier.verify(image)
    } catch {
      fail(65, "the Prelude's bytecode is wrong: \(error)")
    }
    return image
  }

  static func complain(about diagnostic: Diagnostic, in file: SourceFile, _ source: Compiler.PreludeSource) {
    let position = file.position(of: diagnostic.range.start)
    let origin = source.origin(ofLine: position.line)
    let text = DiagnosticRenderer(file).render(diagnostic)
    Terminal.complain(
      "\(origin.file):\(origin.line):\(position.column): error: \(diagnostic.message)\n\(text)")
  }

  static func fail(_ status: Int32, _ message: String) -> Never {
    Terminal.complain(message)
    exit(status)
  }
}
