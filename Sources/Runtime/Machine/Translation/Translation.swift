import Bytecode
import Glibc

/// Whether and how processes run as machine code.
@safe enum Translation {
  /// Nil: everything is interpreted, since the processor is another one, the system allows no machine code, or somebody said
  /// so (`LUDI_JIT=off`).
  static let stubs: Stubs? = isWanted ? Stubs() : nil

  private static var isWanted: Bool {
    #if arch(x86_64)
      guard let wish = unsafe getenv("LUDI_JIT") else { return true }
      return unsafe strcmp(wish, "off") != 0
    #else
      false
    #endif
  }

  /// The way into machine code; 0: there is none.
  static var entry: UInt { stubs?.run ?? 0 }

  /// `Machine.run`, for a process whose code has been translated.
  @inline(__always) static func run(_ process: Process, _ entry: UInt) -> Step {
    let run = unsafe unsafeBitCast(entry, to: Door.self)
    let step = run(process.address)
    // SAFETY: machine code returns what doors and stubs give: the numbers of steps.
    return unsafe unsafeBitCast(UInt8(truncatingIfNeeded: step), to: Step.self)
  }

  /// Translates the procedures of a module. False: there is no room for so much machine code.
  static func add(_ inputs: [Translator.Input]) -> Bool {
    guard let stubs else { return true }
    return Translator.translate(inputs, stubs)
  }
}
