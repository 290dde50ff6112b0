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
    let x = get(i.b)
    guard x.isNumber else { return slowly(SlowPaths.addInteger) }
    set(i.a, sum(x, i))
    unsafe pc += 2
    return callDirect(here)
  }

  @inline(__always) mutating func addIntegerAndLoop(_ i: Operands) -> Step {
    let x = get(i.b)
    guard x.isNumber else { return slowly(SlowPaths.addInteger) }
    set(i.a, sum(x, i))
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
    let tuple = get(i.a)
    guard isTuple(tuple, of: 2) else { return jump(i.signedC) }
    let first = i.b
    set(first, HeapObject(tuple)[0])
    set(first &+ 1, HeapObject(tuple)[1])
    unsafe pc += 1
    return jumpUnlessSame(here)
  }

  @inline(__always) mutating func openTripleAndJump(_ i: Operands) -> Step {
    let tuple = get(i.a)
    guard isTuple(tuple, of: 3) else { return jump(i.signedC) }
    let first = i.b
    set(first, HeapObject(tuple)[0])
    set(first &+ 1, HeapObject(tuple)[1])
    set(first &+ 2, HeapObject(tuple)[2])
    unsafe pc += 1
    return jumpUnlessSame(here)
  }
}
