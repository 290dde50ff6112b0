import Bytecode
import Memory
import Words

extension SlowPaths {
  /// What `computeOrCall` computes, with the very results of the Prelude functions that it stands for; `request` if an
  /// argument is no number. The verifier has compared the computation with the number of arguments.
  @inline(never) static func compute(_ number: Int, _ arguments: UnsafePointer<UInt64>) -> Word {
    guard let computation = Computation(rawValue: number) else { return .request }
    let first = unsafe Word(bits: arguments[0])
    guard first.isNumber else { return .request }
    if computation.arity == 1 { return compute(computation, first.number) }
    let second = unsafe Word(bits: arguments[1])
    guard second.isNumber else { return .request }
    if computation.arity == 2 { return compute(computation, first.number, second.number) }
    let third = unsafe Word(bits: arguments[2])
    guard third.isNumber else { return .request }
    return compute(computation, first.number, second.number, third.number)
  }

  private static func compute(_ computation: Computation, _ x: Double) -> Word {
    switch computation {
    case .magnitude: Word(x.magnitude)
    case .negation: Word(x * -1)
    case .square: Word(x * x)
    case .floor: Word(x.rounded(.down))
    case .ceiling: Word(x.rounded(.up))
    case .round: Word(x.rounded(.toNearestOrAwayFromZero))
    case .truncation: Word(x.rounded(.towardZero))
    case .isZero: Word(x == 0)
    case .isPositive: Word(x > 0)
    case .isNegative: Word(x < 0)
    case .isEven: Word(NumberNatives.modulo(x, 2) == 0)
    case .isOdd: Word(NumberNatives.modulo(x, 2) == 1)
    default: .request
    }
  }

  private static func compute(_ computation: Computation, _ x: Double, _ y: Double) -> Word {
    Word(computation == .minimum ? NumberNatives.minimum(x, y) : NumberNatives.maximum(x, y))
  }

  private static func compute(_ computation: Computation, _ x: Double, _ y: Double, _ z: Double) -> Word {
    switch computation {
    case .sum: Word(x + y + z)
    case .difference: Word(x - y - z)
    default: Word(x * y * z)
    }
  }
}
