import Bytecode
import Memory
import Words

/// What the language says to the scheduling policy.
enum PolicyNatives {
  /// (name): another policy shares out the processes, from the end of this slice on.
  static func set(_ call: NativeCall) -> Word {
    guard call[0].isKeyword, let name = PolicyName(text: Keywords.name(call[0]).string) else {
      let all = PolicyName.allCases.map { ":\($0.rawValue)" }.joined(separator: ", ")
      return call.panic("set_policy!: there is no policy \(Show.text(call[0])); the policies are \(all)")
    }
    unsafe call.process.scheduler.pointee.shared.pointee.request(name)
    return call.process.ask(.yield)
  }
}

extension SharedState {
  func request(_ name: PolicyName) {
    unsafe policies?._withUnsafeGuaranteedRef { $0.request(name) }
  }

  func needPriorities() {
    unsafe policies?._withUnsafeGuaranteedRef { $0.needPriorities() }
  }
}
