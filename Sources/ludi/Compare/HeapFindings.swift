import Glibc
import Reports

/// What the figures say, by rule, so that nobody's hopes write the conclusions.
struct HeapFindings {
  /// A difference counts if the medians differ by this factor at least, and no repetition bridges it: the lowest value of
  /// one lies above the highest of the other.
  static let factor = 1.1

  static var rule: String {
    "A design wins where its median is better by \(Figures.share(factor - 1)) or more and every repetition agrees: its "
      + "worst value is better than the other's best. Everything else is called even."
  }

  /// Who is better, and how many times.
  enum Verdict: Equatable {
    case one(Double), other(Double), even
  }

  /// A figure by which designs are compared.
  struct Aspect: Sendable {
    let name: String
    let isBetterHigh: Bool
    let of: @Sendable (HeapMeasurement) -> Sample
  }

  static let aspects = [
    Aspect(name: "throughput", isBetterHigh: true) { $0.throughput },
    Aspect(name: "processor time", isBetterHigh: false) { $0.processorTime },
    Aspect(name: "peak memory", isBetterHigh: false) { $0.peakBytes },
    Aspect(name: "longest pause", isBetterHigh: false) { $0.longestPause },
  ]

  let figures: HeapFigures

  /// How one sample stands to another.
  static func compare(_ one: Sample, _ other: Sample, isBetterHigh: Bool) -> Verdict {
    let (high, low) = one.median >= other.median ? (one, other) : (other, one)
    guard high.isClearlyAbove(low), high.median >= low.median * factor else { return .even }
    let ratio = low.median > 0 ? high.median / low.median : .infinity
    return (high == one) == isBetterHigh ? .one(ratio) : .other(ratio)
  }

  /// The private heaps that stand for all (`one`) beside the single heap (`other`); nil: one of them was not measured.
  func verdict(_ workload: HeapWorkload, _ aspect: Aspect) -> Verdict? {
    guard let reference = figures.reference, let single = figures.single,
      let one = figures.measurement(workload, reference), let other = figures.measurement(workload, single)
    else { return nil }
    return Self.compare(aspect.of(one), aspect.of(other), isBetterHigh: aspect.isBetterHigh)
  }

  // MARK: Sentences

  /// Where each design wins, a sentence for each aspect; then thresholds, then sending.
  var sentences: [String] {
    Self.aspects.compactMap { sentence(about: $0) } + thresholdSentences + sendSentences
  }

  private func sentence(about aspect: Aspect) -> String? {
    var wins: [(name: String, ratio: Double)] = []
    var losses: [(name: String, ratio: Double)] = []
    var even: [String] = []
    for workload in figures.workloads {
      switch verdict(workload, aspect) {
      case .one(let ratio): wins.append((workload.name, ratio))
      case .other(let ratio): losses.append((workload.name, ratio))
      case .even: even.append(workload.name)
      case nil: break
      }
    }
    var parts: [String] = []
    if !wins.isEmpty { parts.append("private heaps win in " + Self.list(wins)) }
    if !losses.isEmpty { parts.append("the single heap wins in " + Self.list(losses)) }
    if !even.isEmpty { parts.append("they are even in " + even.joined(separator: ", ")) }
    return parts.isEmpty ? nil : aspect.name.capitalizedFirst + ": " + parts.joined(separator: "; ") + "."
  }

  /// The clearest first.
  private static func list(_ found: [(name: String, ratio: Double)]) -> String {
    found.sorted { $0.ratio > $1.ratio }.map { "\($0.name) (\(times($0.ratio)))" }.joined(separator: ", ")
  }

  static func times(_ ratio: Double) -> String {
    ratio.isFinite ? "×" + Figures.digits(ratio) : "has none"
  }

  /// Where another threshold than the usual one is clearly faster or slower.
  private var thresholdSentences: [String] {
    guard let reference = figures.reference else { return [] }
    let others = figures.setups.filter { $0.design == .private && $0 != reference }
    return others.map { setup in
      let found = figures.workloads.compactMap { workload -> String? in
        guard let usual = figures.measurement(workload, reference),
          let other = figures.measurement(workload, setup)
        else { return nil }
        switch Self.compare(other.throughput, usual.throughput, isBetterHigh: true) {
        case .one(let ratio): return "faster in \(workload.name) (\(Self.times(ratio)))"
        case .other(let ratio): return "slower in \(workload.name) (\(Self.times(ratio)))"
        case .even: return nil
        }
      }
      let text = found.isEmpty ? "no clear difference" : found.joined(separator: ", ")
      return "Sharing from \(setup.threshold ?? 0) words instead of \(reference.threshold ?? 0): \(text)."
    }
  }

  private var sendSentences: [String] {
    figures.setups.compactMap { setup -> String? in
      guard setup == figures.reference || setup == figures.single,
        let sending = figures.workloads.first(where: { $0.name == "sending" }),
        let measured = figures.measurement(sending, setup),
        let first = measured.points["first"], let again = measured.points["again"],
        let smallest = first.keys.min(), let largest = first.keys.max(),
        let atLargest = first[largest], let againAtLargest = again[largest], let atSmallest = first[smallest]
      else { return nil }
      return
        "A send, \(setup.shortName): a list of \(smallest) takes \(Figures.time(atSmallest.median * 1000)), one of "
        + "\(largest) takes \(Figures.time(atLargest.median * 1000)) for the first time and "
        + "\(Figures.time(againAtLargest.median * 1000)) again."
    }
  }

  // MARK: Tiles

  /// Large figures for the top of the page: how much better one design is than the other, by the geometric mean over all
  /// programs.
  var tiles: [(title: String, figure: String, text: String)] {
    Self.aspects.compactMap { aspect -> (title: String, figure: String, text: String)? in
      guard let reference = figures.reference, let single = figures.single else { return nil }
      let logarithms = figures.workloads.compactMap { workload -> Double? in
        guard let one = figures.measurement(workload, reference),
          let other = figures.measurement(workload, single)
        else { return nil }
        let (x, y) = (aspect.of(one).median, aspect.of(other).median)
        return x > 0 && y > 0 ? log(aspect.isBetterHigh ? x / y : y / x) : nil
      }
      // A mean over a few programs says nothing about all.
      guard logarithms.count * 2 > figures.workloads.count else { return nil }
      let mean = exp(logarithms.reduce(0, +) / Double(logarithms.count))
      let better = mean >= 1 ? "private heaps" : "the single heap"
      return (
        aspect.name, "× " + Figures.digits(max(mean, 1 / mean)),
        "better with \(better), by the geometric mean of \(logarithms.count) programs"
      )
    }
  }
}

extension String {
  var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }
}
