import Bytecode
import Platform
import Runtime

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
    var machineOptions = VMOptions()
    machineOptions.schedulers = options.schedulers
    machineOptions.arguments = options.arguments
    machineOptions.quietExits = options.quietExits
    machineOptions.waitsForAll = options.waitsForAll
    do {
      let machine = try VirtualMachine(prelude: prelude, options: machineOptions)
      let outcome = try machine.run(image, showsValue: options.shows)
      Output.flush()
      return status(of: outcome)
    } catch {
      Terminal.complain("ludi: \(error)")
      return .badProgram
    }
  }

  private static func status(of outcome: RunOutcome) -> ExitStatus {
    switch outcome {
    case .finished(let shown):
      if let shown { Terminal.print(shown + "\n") }
      return .success
    case .exited(let code): return ExitStatus(code: Int32(code))
    case .failed: return .panicked
    }
  }
}
