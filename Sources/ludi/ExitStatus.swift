import Glibc

/// How `ludi` ends (language.md, part 4).
struct ExitStatus: Equatable, Sendable {
  let code: Int32

  static let success = ExitStatus(code: 0)
  /// A test failed.
  static let failure = ExitStatus(code: 1)
  /// The command line cannot be understood.
  static let usage = ExitStatus(code: 64)
  /// Static errors, or bytecode that is broken.
  static let badProgram = ExitStatus(code: 65)
  /// A file on the command line cannot be read.
  static let noInput = ExitStatus(code: 66)
  /// The main process panicked, or was ended with another reason than `:normal`.
  static let panicked = ExitStatus(code: 70)
  /// The system refused what the VM needs to run at all.
  static let system = ExitStatus(code: 71)
  /// A file cannot be written.
  static let noOutput = ExitStatus(code: 73)
  static let interrupted = ExitStatus(code: 130)
}

/// Ends the program. `_exit`: other threads may still run, and must not see the C library taken apart.
func finish(_ status: ExitStatus) -> Never {
  _exit(status.code)
}
