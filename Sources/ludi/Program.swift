import Bytecode
import Platform

/// A file on the command line on its way to a module. What is wrong with it has been told when this fails.
enum Program {
  enum Loaded: Sendable {
    case loaded(CodeImage)
    case failed(ExitStatus)
  }

  /// What a file's name says it holds.
  private enum Form: Sendable {
    case source, module, assembly

    init(of file: String) {
      self = file.hasSuffix(".lbc") ? .module : file.hasSuffix(".lasm") ? .assembly : .source
    }
  }

  static func load(_ file: String, prelude: CodeImage) -> Loaded {
    let bytes: [UInt8]
    do {
      bytes = try Files.read(file)
    } catch {
      Terminal.complain("ludi: cannot read \(file): \(error.reason)")
      return .failed(.noInput)
    }
    let form = Form(of: file)
    // Nested source is compiled by functions that call themselves.
    let result = BigStack.run { translate(bytes, file, form, prelude) }
    Terminal.complain(result.complaints)
    return result.image.map { .loaded($0) } ?? .failed(.badProgram)
  }

  private static func translate(
    _ bytes: [UInt8], _ file: String, _ form: Form, _ prelude: CodeImage
  ) -> Toolchain.Result {
    switch form {
    case .source: return Toolchain.compile(bytes, file: file, prelude: prelude)
    case .module: return Toolchain.read(bytes, file: file)
    case .assembly: return Toolchain.assemble(bytes, file: file)
    }
  }

  /// A file's name without its suffix.
  static func stem(of file: String) -> String {
    for suffix in [".ld", ".lasm", ".lbc"] where file.hasSuffix(suffix) {
      return String(file.dropLast(suffix.count))
    }
    return file
  }
}
