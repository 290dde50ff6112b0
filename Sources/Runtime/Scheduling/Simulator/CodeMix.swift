import Bytecode

/// What code does beside calls, turns of loops and plain arithmetic, for each reduction: read off the bytecode, so that it
/// costs a run on threads nothing, and is the same for machine code and the interpreter.
struct CodeMix {
  /// In a reduction: divisions of whole numbers, and looks into lists, for which machine code calls functions.
  struct Share: Equatable {
    var divisions = 0.0
    var looks = 0.0
  }

  /// What was found, by the address at which a quantum began.
  private var found: [UInt: Share] = [:]

  /// What a reduction is made of in the procedure whose code holds this address: as if all of it were run once for each call
  /// and each turn of its loops.
  mutating func share(at address: UInt) -> Share {
    if let share = found[address] { return share }
    let share = Modules.shared.code(of: address).map(CodeMix.share) ?? Share()
    found[address] = share
    return share
  }

  static func share(_ code: [Instruction]) -> Share {
    var share = Share()
    var turns = 0.0
    var at = 0
    while at < code.count {
      let opcode = code[at].opcode
      switch opcode {
      case .modulo, .quotient: share.divisions += 1
      case .at, .first, .rest, .listMember, .listRest: share.looks += 1
      case .loop: turns += 1
      default: break
      }
      at += opcode?.width ?? 1
    }
    share.divisions /= max(1, turns)
    share.looks /= max(1, turns)
    return share
  }
}
