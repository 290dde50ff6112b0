import Bytecode
import Synchronization

/// All loaded modules. Modules are added, never removed.
final class Modules: Sendable {
  static let shared = Modules()

  private let modules = Mutex<[LoadedModule]>([])

  func add(_ module: LoadedModule) { modules.withLock { $0.append(module) } }

  /// The place of the instruction at this address.
  func place(of address: UInt) -> SourcePlace? {
    for module in modules.withLock({ $0 }) {
      if let place = module.place(of: address) { return place }
    }
    return nil
  }

  /// The instructions of the procedure whose code holds this address.
  func code(of address: UInt) -> [Instruction]? {
    for module in modules.withLock({ $0 }) {
      if let code = module.code(of: address) { return code }
    }
    return nil
  }

  /// The procedure whose code holds this address.
  func entry(of address: UInt) -> CodeEntry? {
    for module in modules.withLock({ $0 }) {
      if let start = module.start(of: address) { return CodeEntry(unsafe: start) }
    }
    return nil
  }
}
