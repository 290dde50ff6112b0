import Glibc
import Platform

/// `prelude-compiler OUTPUT.swift SOURCE.ld…`: compiles the Prelude into one module and writes it as a
/// Swift file. Run by the build (Plugins/PreludePlugin), never by hand.
@main
struct PreludeCompiler {
  static func main() {
    let arguments = CommandLine.arguments.dropFirst()
    guard let output = arguments.first else {
      Terminal.complain("usage: prelude-compiler OUTPUT.swift SOURCE.ld…")
      exit(64)
    }
    do {
      let bytes = try compile(sources: Array(arguments.dropFirst()))
      try Files.write(Array(SwiftLiteral.file(holding: bytes).utf8), to: output)
    } catch {
      Terminal.complain("prelude-compiler: \(error.path): \(error.reason)")
      exit(74)
    }
  }

  /// The module's bytes.
  static func compile(sources: [String]) throws(FileError) -> [UInt8] {
    var bytes: [UInt8] = []
    for source in sources { bytes += try Files.read(source) }
    return bytes
  }
}
