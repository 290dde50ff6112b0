import Bytecode
import Memory
import Words

/// Instructions in pairs: the fast path skips the second word; the slow path calls the Prelude with the second word as
/// its return address, which moves the result where it belongs.
extension Machine {
  @inline(__always) mutating func add(_ i: Operands) -> Step {
    let x = get(i.b)
    let y = get(i.c)
    guard x.isNumber, y.isNumber else { return callSlowly(.add, x, y) }
    set(i.a, Word(x.number + y.number))
    return advance(2)
  }

  @inline(__always) mutating func subtract(_ i: Operands) -> Step {
    let x = get(i.b)
    let y = get(i.c)
    guard x.isNumber, y.isNumber else { return callSlowly(.subtract, x, y) }
    set(i.a, Word(x.number - y.number))
    return advance(2)
  }

  @inline(__always) mutating func multiply(_ i: Operands) -> Step {
    let x = get(i.b)
    let y = get(i.c)
    guard x.isNumber, y.isNumber else { return callSlowly(.multiply, x, y) }
    set(i.a, Word(x.number * y.number))
    return advance(2)
  }

  @inline(__always) mutating func divide(_ i: Operands) -> Step {
    let x = get(i.b)
    let y = get(i.c)
    guard x.isNumber, y.isNumber, y.number != 0 else { return callSlowly(.divide, x, y) }
    set(i.a, Word(x.number / y.number))
    return advance(2)
  }

  @inline(__always) mutating func addInteger(_ i: Operands) -> Step {
    guard putSum(i) else { return slowly(SlowPaths.addInteger) }
    return advance(2)
  }

  /// The work of `addInteger`; false: it has no number. The sum is NaN only if that is, whose bits then stay
  /// (W1): no need to look.
  @inline(__always) func putSum(_ i: Operands) -> Bool {
    let x = get(i.b)
    guard x.isNumber else { return false }
    set(i.a, Word(bits: (x.number + Double(i.signedC)).bitPattern &+ Word.numberOffset))
    return true
  }

  /// A whole number of less than 2^31 in size.
  @inline(__always) func smallInteger(_ x: Word) -> Int? {
    guard x.isNumber else { return nil }
    let number = x.number
    guard number > -2_147_483_648, number < 2_147_483_648 else { return nil }
    let n = Int(number)
    return Double(n) == number ? n : nil
  }

  @inline(__always) mutating func less(_ i: Operands) -> Step {
    let x = get(i.b)
    let y = get(i.c)
    guard x.isNumber, y.isNumber else { return slowly(SlowPaths.less) }
    set(i.a, Word(x.number < y.number))
    return advance(2)
  }

  @inline(__always) mutating func lessOrEqual(_ i: Operands) -> Step {
    let x = get(i.b)
    let y = get(i.c)
    guard x.isNumber, y.isNumber else { return slowly(SlowPaths.lessOrEqual) }
    set(i.a, Word(x.number <= y.number))
    return advance(2)
  }

  @inline(__always) mutating func jumpUnlessLess(_ i: Operands) -> Step {
    let x = get(i.a)
    let y = get(i.b)
    guard x.isNumber, y.isNumber else { return slowly(SlowPaths.jumpUnlessLess) }
    return jump(x.number < y.number ? 2 : i.signedC)
  }

  @inline(__always) mutating func jumpUnlessLessOrEqual(_ i: Operands) -> Step {
    let x = get(i.a)
    let y = get(i.b)
    guard x.isNumber, y.isNumber else { return slowly(SlowPaths.jumpUnlessLessOrEqual) }
    return jump(x.number <= y.number ? 2 : i.signedC)
  }

  /// Calls the Prelude procedure that does this instruction's work; it returns to the pair's second word.
  @inline(__always) mutating func callSlowly(_ call: SlowCall, _ x: Word, _ y: Word) -> Step {
    save()
    let isEntered = SlowPaths.enter(process, call, x, y)
    reload()
    return isEntered ? .next : .entry
  }
}
