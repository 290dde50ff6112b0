import Bytecode
import Words

/// Comparisons of what are not two numbers.
extension SlowPaths {
  @inline(never) static func less(_ process: Process, _ i: Instruction) -> Step {
    compare(process, i, i.b, i.c, .less, exchanged: .greater)
  }

  @inline(never) static func lessOrEqual(_ process: Process, _ i: Instruction) -> Step {
    compare(process, i, i.b, i.c, .lessOrEqual, exchanged: .greaterOrEqual)
  }

  @inline(never) static func jumpUnlessLess(_ process: Process, _ i: Instruction) -> Step {
    compare(process, i, i.a, i.b, .less, exchanged: .greater)
  }

  @inline(never) static func jumpUnlessLessOrEqual(_ process: Process, _ i: Instruction) -> Step {
    compare(process, i, i.a, i.b, .lessOrEqual, exchanged: .greaterOrEqual)
  }

  /// Calls the function that the comparison was written as, so that its panics name that and show its arguments.
  private static func compare(
    _ process: Process, _ i: Instruction, _ a: Int, _ b: Int, _ call: SlowCall, exchanged: SlowCall
  ) -> Step {
    let x = register(process, a)
    let y = register(process, b)
    let isEntered = i.x == 1 ? enter(process, exchanged, y, x) : enter(process, call, x, y)
    return isEntered ? .next : .entry
  }
}
