/// How two runs of figures compare: the middle ratio, and the lowest and highest.
struct BenchRatio: Equatable, Sendable {
  let middle: Double
  let lowest: Double
  let highest: Double

  /// Of values that were measured in turn: each round's value is compared with the same round's.
  /// Nil: there is nothing to compare.
  init?(interleaved ours: [Double], _ theirs: [Double]) {
    let ratios = zip(ours, theirs).filter { $0.1 > 0 }.map { $0.0 / $0.1 }.sorted()
    guard let lowest = ratios.first, let highest = ratios.last else { return nil }
    (middle, self.lowest, self.highest) = (Self.median(of: ratios), lowest, highest)
  }

  /// Of values that were measured at different times: every one may meet every other.
  init?(apart ours: [Double], _ theirs: [Double]) {
    guard let least = ours.min(), let most = ours.max(), let low = theirs.min(), let high = theirs.max(),
      low > 0
    else { return nil }
    (lowest, highest) = (least / high, most / low)
    middle = Self.median(of: ours) / Self.median(of: theirs)
  }

  /// The middle value, of an even number the lower middle one; of none 0.
  static func median(of values: [Double]) -> Double {
    values.isEmpty ? 0 : values.sorted()[(values.count - 1) / 2]
  }

  /// `0.12 (0.11–0.14)`.
  var text: String {
    lowest == highest
      ? Self.short(middle) : "\(Self.short(middle)) (\(Self.short(lowest))–\(Self.short(highest)))"
  }

  /// Three digits that matter.
  static func short(_ value: Double) -> String {
    value >= 100 ? value.fixed(0) : value >= 10 ? value.fixed(1) : value.fixed(2)
  }
}

extension Double {
  /// With so many digits behind the point.
  func fixed(_ digits: Int) -> String {
    guard isFinite, abs(self) < 1e15 else { return "\(self)" }
    var scale = 1.0
    for _ in 0..<digits { scale *= 10 }
    let scaled = Int((abs(self) * scale).rounded())
    let fraction = String(scaled % Int(scale))
    let zeros = String(repeating: "0", count: max(0, digits - fraction.count))
    return (self < 0 ? "-" : "") + "\(scaled / Int(scale))" + (digits > 0 ? "." + zeros + fraction : "")
  }

  /// With commas between thousands from 1,000 on, and a digit behind the point below 10,000.
  var grouped: String {
    let text = fixed(abs(self) < 10_000 ? 1 : 0)
    let whole = text.prefix { $0 != "." }
    var groups = ""
    for (index, digit) in whole.enumerated() {
      if index > 0, (whole.count - index) % 3 == 0, whole[whole.startIndex] != "-" || index > 1 {
        groups += ","
      }
      groups.append(digit)
    }
    return groups + text.dropFirst(whole.count)
  }
}
