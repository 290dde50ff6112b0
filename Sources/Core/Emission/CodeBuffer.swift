import Bytecode

/// Instructions as they are written, with their places and the jumps whose targets are not known yet.
struct CodeBuffer {
  fileprivate(set) var instructions: [Instruction] = []
  private(set) var positions: [CodePosition] = []
  var place: Place
  /// A jump does not reach its target: some have only 16 bits.
  private(set) var jumpIsTooFar = false

  init(at place: Place) { self.place = place }

  var count: Int { instructions.count }

  mutating func append(_ instruction: Instruction) {
    notePlace()
    instructions.append(instruction)
  }

  /// The second word of an instruction.
  mutating func extend(_ index: Int) {
    instructions.append(Instruction(.extend, wide: index))
  }

  private mutating func notePlace() {
    if let last = positions.last {
      if last.file == place.file && last.line == place.line && last.column == place.column { return }
      if last.start == count { positions.removeLast() }
    }
    positions.append(CodePosition(start: count, file: place.file, line: place.line, column: place.column))
  }

  /// Makes the jump at `index` go to the instruction at `target`.
  mutating func patch(_ jump: Jump, to target: Int) {
    let instruction = instructions[jump.index]
    guard let opcode = instruction.opcode else { return }
    let offset = target - jump.index
    if jump.isShort {
      if Int(Int16(truncatingIfNeeded: offset)) != offset { jumpIsTooFar = true }
      instructions[jump.index] = Instruction(
        opcode, x: instruction.x, a: instruction.a, b: instruction.b, c: offset)
    } else {
      instructions[jump.index] = Instruction(opcode, x: instruction.x, a: instruction.a, wide: offset)
    }
  }

  /// Takes back the last instruction if it is this jump: it would go to where run goes on anyway.
  mutating func removeLast(_ jump: Jump) -> Bool {
    guard jump.index == count - 1, instructions[jump.index].opcode == .jump else { return false }
    instructions.removeLast()
    if let last = positions.last, last.start == count { positions.removeLast() }
    return true
  }
}

extension CodeBuffer {
  /// A jump to a `return` returns at once, and one to a jump goes where that goes.
  mutating func shortenJumps() {
    for index in instructions.indices where instructions[index].opcode == .jump {
      var target = index + instructions[index].wide
      // All these jumps go forward, so that this ends.
      while instructions[target].opcode == .jump { target += instructions[target].wide }
      if instructions[target].opcode == .return {
        instructions[index] = instructions[target]
      } else {
        instructions[index] = Instruction(.jump, wide: target - index)
      }
    }
  }
}

/// A jump in the code: which instruction, and whether its offset is `c` (short) or `bc`.
struct Jump {
  var index: Int
  var isShort = false
}
