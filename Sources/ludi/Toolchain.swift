import Bytecode
import Ludus
import Platform

/// The compiler chain as the command uses it: bytes in; a verified module, or what is wrong, out.
enum Toolchain {
  struct Result: Sendable {
    /// Nil if there are errors.
    var image: CodeImage?
    /// Errors and warnings, ready to be shown; empty if there are none.
    var complaints: String
  }

  static func compile(_ bytes: [UInt8], file: String) -> Result {
    let checked = FrontEnd.check(bytes: bytes, fileName: file, surroundings: .init())
    let complaints = checked.diagnostics.map { $0.message }.joined(separator: "\n")
    return Result(image: nil, complaints: complaints + "not there yet")
  }

  static func read(_ bytes: [UInt8], file: String) -> Result {
    Result(image: nil, complaints: "\(file): not there yet")
  }

  static func assemble(_ bytes: [UInt8], file: String) -> Result {
    Result(image: nil, complaints: "\(file): not there yet")
  }

  static func moduleBytes(of image: CodeImage) -> [UInt8] { [] }

  static func assembly(of image: CodeImage) -> String { "" }
}
