import Bytecode

extension ProcedureEmitter {
  /// Puts the operands into `base`, `base + 1`, … all at once: what they read is what was there before.
  /// These registers are parameters of a loop or join whose scope ends here, or free.
  mutating func assign(_ operands: [Operand], to base: Int) {
    let mark = depth
    var moves: [(target: Int, source: Int)] = []
    var late: [(target: Int, atom: Atom)] = []
    for (index, operand) in operands.enumerated() {
      let target = base + index
      switch operand {
      case .atom(.local(let variable)): moves.append((target, register(of: variable)))
      case .atom(let atom): late.append((target, atom))
      case .tree(let tree):
        if mayEvaluate(into: target, operands, besides: index) {
          emit(tree, into: target)
          if target == depth { depth += 1 }
        } else {
          emit(tree, into: depth)
          moves.append((target, push()))
        }
      }
    }
    reserve(base + operands.count)
    depth = max(depth, base + operands.count)
    move(moves)
    for (target, atom) in late { emit(.atom(atom), into: target) }
    depth = mark
  }

  /// Whether a tree may be evaluated into its target at once: nobody still wants what is there.
  private func mayEvaluate(into target: Int, _ operands: [Operand], besides index: Int) -> Bool {
    if target > depth { return false }
    if target == depth { return true }
    for (other, operand) in operands.enumerated() where other != index {
      // What was evaluated before has been read; moves come last.
      if other < index, case .tree = operand { continue }
      var isRead = false
      operand.forEachVariable { if register(of: $0) == target { isRead = true } }
      if isRead { return false }
    }
    return true
  }

  /// Moves in parallel: a source is overwritten only after it has been read.
  private mutating func move(_ moves: [(target: Int, source: Int)]) {
    var left = moves.filter { $0.target != $0.source }
    while !left.isEmpty {
      if let free = left.firstIndex(where: { move in !left.contains { $0.source == move.target } }) {
        let next = left.remove(at: free)
        code.append(Instruction(.move, a: next.target, b: next.source))
      } else {
        // Only cycles are left: one goes through a free register.
        let target = left[0].target
        let spare = push()
        code.append(Instruction(.move, a: spare, b: target))
        for index in left.indices where left[index].source == target { left[index].source = spare }
      }
    }
  }
}
