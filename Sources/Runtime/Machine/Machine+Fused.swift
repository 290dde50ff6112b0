import Bytecode
import Memory
import Words

/// Two instructions in one turn of the loop. Where the first one needs its slow path, that is all that happens: the loop
/// comes to the second one by itself.
extension Machine {
  @inline(__always) mutating func moveAndMove(_ i: Operands) -> Step {
    set(i.a, get(i.b))
    unsafe pc += 1
    return move(here)
  }

  @inline(__always) mutating func moveAndCall(_ i: Operands) -> Step {
    set(i.a, get(i.b))
    unsafe pc += 1
    return callDirect(here)
  }

  @inline(__always) mutating func moveAndLoop(_ i: Operands) -> Step {
    set(i.a, get(i.b))
    unsafe pc += 1
    return loop(here)
  }

  @inline(__always) mutating func addIntegerAndCall(_ i: Operands) -> Step {
    guard putSum(i) else { return slowly(SlowPaths.addInteger) }
    unsafe pc += 2
    return callDirect(here)
  }

  @inline(__always) mutating func addIntegerAndLoop(_ i: Operands) -> Step {
    guard putSum(i) else { return slowly(SlowPaths.addInteger) }
    unsafe pc += 2
    return loop(here)
  }

  @inline(__always) mutating func addAndLoop(_ i: Operands) -> Step {
    let (x, y) = (get(i.b), get(i.c))
    guard x.isNumber, y.isNumber else { return callSlowly(.add, x, y) }
    set(i.a, Word(x.number + y.number))
    unsafe pc += 2
    return loop(here)
  }

  @inline(__always) mutating func addAndReturn(_ i: Operands) -> Step {
    let (x, y) = (get(i.b), get(i.c))
    guard x.isNumber, y.isNumber else { return callSlowly(.add, x, y) }
    return leave(with: Word(x.number + y.number))
  }

  @inline(__always) mutating func sumAndReturn(_ i: Operands) -> Step {
    let w = i.a
    let (x, y, z) = (get(w &+ 1), get(w &+ 2), get(w &+ 3))
    guard x.isNumber, y.isNumber, z.isNumber else { return slowly(SlowPaths.callDirect) }
    return leave(with: Word(x.number + y.number + z.number))
  }

  @inline(__always) mutating func loadIntegerAndReturn(_ i: Operands) -> Step { leave(with: Word(i.wide)) }

  @inline(__always) mutating func loadConstantAndReturn(_ i: Operands) -> Step {
    leave(with: Word(bits: second))
  }

  @inline(__always) mutating func makePairAndReturn(_ i: Operands) -> Step { leave(with: pair(i)) }

  /// A tuple whose first member is often a tag.
  @inline(__always) mutating func openPairAndJump(_ i: Operands) -> Step {
    guard putPair(i) else { return jump(i.signedC) }
    unsafe pc += 1
    return jumpUnlessSame(here)
  }

  @inline(__always) mutating func openTripleAndJump(_ i: Operands) -> Step {
    guard putTriple(i) else { return jump(i.signedC) }
    unsafe pc += 1
    return jumpUnlessSame(here)
  }
}
