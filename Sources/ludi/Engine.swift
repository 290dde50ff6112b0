import Bytecode

/// What `ludi run` was told.
struct RunOptions {
  /// Nil: as many as processors.
  var schedulers: Int?
  var shows = false
  var waitsForAll = false
  var quietExits = false
  /// The program's own arguments.
  var arguments: [String] = []
}

/// Runs a module on the VM.
enum Engine {
  static func run(_ image: CodeImage, prelude: CodeImage, _ options: RunOptions) -> ExitStatus {
    .panicked
  }
}
