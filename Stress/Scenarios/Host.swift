import Bytecode
import CLinux
import Ludus
import Platform
import Prelude
import Runtime
import Synchronization

/// A VM that runs a program on threads of its own, while the caller looks on.
final class Host: Sendable {
  let machine: VirtualMachine
  private let image: CodeImage
  private let ended = Mutex<RunOutcome?>(nil)

  /// Compiles a program for a VM of its own.
  init(
    _ source: String, name: String, _ settings: ScenarioSettings, quietExits: Bool = false,
    suspends: Bool = false, metersTimers: Bool = false
  ) throws {
    let prelude = try ModuleFile.image(from: Prelude.moduleBytes(), isEmbedded: true)
    image = try Host.compile(source, name, prelude)
    var options = VMOptions()
    options.schedulers = settings.schedulers
    options.policy = settings.policy
    options.heap = settings.heap
    options.slice = settings.slice
    options.interprets = settings.interprets
    options.waitsForAll = true
    options.quietExits = quietExits
    // What timers cost is measured in a VM that does nothing else.
    options.metersTimers = metersTimers
    options.isAudited = !metersTimers
    // Waiting processes are collected all the time.
    if !metersTimers { options.restInterval = 20_000_000 }
    options.sabotage = settings.sabotage
    options.suspends = suspends ? settings.seed : nil
    machine = try VirtualMachine(prelude: prelude, options: options)
  }

  private static func compile(_ source: String, _ name: String, _ prelude: CodeImage) throws -> CodeImage {
    let signatures = PreludeSignatures(prelude)
    let checked = FrontEnd.check(
      bytes: Array(source.utf8), fileName: name, surroundings: .init(preludeNames: signatures.names))
    if checked.hasErrors {
      throw ScenarioError(DiagnosticRenderer(checked.script.file, colored: false).render(checked))
    }
    let image = try Compiler.compile(checked.script, name: name, prelude: signatures)
    try Verifier.verify(image)
    return image
  }

  func start() {
    Thread.start { [self] in
      let outcome = (try? machine.run(image, showsValue: true)) ?? .failed
      ended.withLock { $0 = outcome }
    }
  }

  /// How the program ended; nil while it runs.
  var outcome: RunOutcome? { ended.withLock { $0 } }

  /// Looks on until the program has ended, or `look` says what is wrong.
  func watch(everyMicroseconds interval: UInt32, _ look: (_ now: UInt64) -> String?) -> String? {
    while outcome == nil {
      ludi_sleep_microseconds(interval)
      machine.tick()
      if let complaint = look(ludi_monotonic_nanoseconds()) { return complaint }
    }
    return nil
  }
}

struct ScenarioError: Error, CustomStringConvertible {
  let description: String
  init(_ description: String) { self.description = description }
}
