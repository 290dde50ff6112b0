import Glibc
import Reports

/// How one design stands to another by a figure, by rule, so that nobody's hopes write the conclusions.
enum Standing: Equatable {
  /// Who is better, and how many times.
  case one(Double), other(Double)
  case even

  /// A difference counts if the medians differ by this factor at least, and no repetition bridges it: the lowest value of
  /// one lies above the highest of the other.
  static let factor = 1.1

  init(_ one: Sample, _ other: Sample, isBetterHigh: Bool) {
    let (high, low) = one.median >= other.median ? (one, other) : (other, one)
    guard high.isClearlyAbove(low), high.median >= low.median * Self.factor else {
      self = .even
      return
    }
    let ratio = low.median > 0 ? high.median / low.median : .infinity
    self = (high == one) == isBetterHigh ? .one(ratio) : .other(ratio)
  }

  static func times(_ ratio: Double) -> String {
    ratio.isFinite ? "×" + Figures.digits(ratio) : "has none"
  }

  /// The class of a cell that shows it.
  var style: String {
    switch self {
    case .one: "one"
    case .other: "other"
    case .even: "even"
    }
  }
}

/// Verdicts about many things, in words.
struct StandingList {
  private var wins: [(name: String, ratio: Double)] = []
  private var losses: [(name: String, ratio: Double)] = []
  private var even: [String] = []

  mutating func add(_ verdict: Standing, _ name: String) {
    switch verdict {
    case .one(let ratio): wins.append((name, ratio))
    case .other(let ratio): losses.append((name, ratio))
    case .even: even.append(name)
    }
  }

  var hasLosses: Bool { !losses.isEmpty }
  var hasWins: Bool { !wins.isEmpty }

  /// The clearest first. Nil: there are none.
  func words(wins one: String, losses other: String, even same: String) -> String? {
    var parts: [String] = []
    if !wins.isEmpty { parts.append(one + Self.list(wins)) }
    if !losses.isEmpty { parts.append(other + Self.list(losses)) }
    if !even.isEmpty { parts.append(same + even.joined(separator: ", ")) }
    return parts.isEmpty ? nil : parts.joined(separator: "; ") + "."
  }

  private static func list(_ found: [(name: String, ratio: Double)]) -> String {
    found.sorted { $0.ratio > $1.ratio }.map { "\($0.name) (\(Standing.times($0.ratio)))" }
      .joined(separator: ", ")
  }
}

/// The geometric mean of ratios; nil if there are none, or one is not above 0.
func geometricMean(_ ratios: [Double]) -> Double? {
  guard !ratios.isEmpty, ratios.allSatisfy({ $0 > 0 && $0.isFinite }) else { return nil }
  return exp(ratios.reduce(0) { $0 + log($1) } / Double(ratios.count))
}
