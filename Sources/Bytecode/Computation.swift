/// What `computeOrCall` computes by itself when all arguments are numbers: Prelude functions of numbers that come to a
/// few machine instructions. The raw value is the instruction's flag `x`; new ones go to the end, with a new version of the
/// module format.
public enum Computation: Int, CaseIterable, Sendable {
  case sum, difference, product
  case minimum, maximum
  case magnitude, negation, square
  case floor, ceiling, round, truncation
  case isZero, isPositive, isNegative, isEven, isOdd

  /// The Prelude function that it stands for.
  public var name: String {
    switch self {
    case .sum: "add"
    case .difference: "sub"
    case .product: "mult"
    case .minimum: "min"
    case .maximum: "max"
    case .magnitude: "abs"
    case .negation: "neg"
    case .square: "square"
    case .floor: "floor"
    case .ceiling: "ceil"
    case .round: "round"
    case .truncation: "trunc"
    case .isZero: "zero?"
    case .isPositive: "pos?"
    case .isNegative: "neg?"
    case .isEven: "even?"
    case .isOdd: "odd?"
    }
  }

  /// How many arguments it takes.
  public var arity: Int {
    switch self {
    case .sum, .difference, .product: 3
    case .minimum, .maximum: 2
    default: 1
    }
  }

  private struct Key: Hashable {
    let name: String
    let arity: Int
  }

  private static let all: [Key: Computation] = Dictionary(
    uniqueKeysWithValues: allCases.map { (Key(name: $0.name, arity: $0.arity), $0) })

  /// The computation behind a Prelude function with so many arguments; nil if there is none.
  public static func of(_ name: String, arity: Int) -> Computation? { all[Key(name: name, arity: arity)] }
}
