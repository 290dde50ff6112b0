import Glibc
import Reports

/// What the figures say, by rule, so that nobody's hopes write the conclusions.
struct HeapFindings {
  /// A difference counts if the medians differ by this factor at least, and no repetition bridges it: the lowest value of
  /// one lies above the highest of the other.
  static let factor = 1.1
  /// Sending again is called cheap where it takes less than this share of sending for the first time.
  static let cheapShare = 0.5

  static var rule: String {
    "A difference counts only if the medians differ by \(Figures.share(factor - 1)) or more and every repetition "
      + "agrees: the lowest value of one design lies above the highest of the other. Everything else is called even."
  }

  enum Verdict: Equatable {
    case higher(Double), lower(Double), even
  }

  /// How one sample stands to another.
  static func compare(_ one: Sample, _ other: Sample) -> Verdict {
    if one.isClearlyAbove(other), one.median >= other.median * factor {
      return .higher(other.median > 0 ? one.median / other.median : .infinity)
    }
    if other.isClearlyAbove(one), other.median >= one.median * factor {
      return .lower(one.median > 0 ? other.median / one.median : .infinity)
    }
    return .even
  }

  let figures: HeapFigures

  /// A figure of which the private heaps and the single one are compared.
  private struct Aspect: Sendable {
    let name: String
    let isBetterHigh: Bool
    let of: @Sendable (HeapMeasurement) -> Sample
  }

  private static let aspects = [
    Aspect(name: "throughput", isBetterHigh: true) { $0.throughput },
    Aspect(name: "peak memory", isBetterHigh: false) { $0.peakBytes },
    Aspect(name: "longest pause", isBetterHigh: false) { $0.longestPause },
    Aspect(name: "processor time", isBetterHigh: false) { $0.processorTime },
  ]

  /// Where each design wins, a sentence for each aspect; then thresholds, then sending.
  var sentences: [String] {
    Self.aspects.compactMap { sentence(about: $0) } + thresholdSentences + sendSentences
  }

  private func sentence(about aspect: Aspect) -> String? {
    guard let reference = figures.reference, let single = figures.single else { return nil }
    var wins: [String] = []
    var losses: [String] = []
    var even: [String] = []
    for workload in figures.workloads {
      guard let one = figures.measurement(workload, reference),
        let other = figures.measurement(workload, single)
      else { continue }
      switch Self.compare(aspect.of(one), aspect.of(other)) {
      case .higher(let ratio):
        if aspect.isBetterHigh {
          wins.append(Self.place(workload, ratio))
        } else {
          losses.append(Self.place(workload, ratio))
        }
      case .lower(let ratio):
        if aspect.isBetterHigh {
          losses.append(Self.place(workload, ratio))
        } else {
          wins.append(Self.place(workload, ratio))
        }
      case .even: even.append(workload.title.lowercasedFirst)
      }
    }
    if wins.isEmpty && losses.isEmpty && even.isEmpty { return nil }
    var parts: [String] = []
    if !wins.isEmpty { parts.append("private heaps win in " + wins.joined(separator: ", ")) }
    if !losses.isEmpty { parts.append("the single heap wins in " + losses.joined(separator: ", ")) }
    if !even.isEmpty { parts.append("they are even in " + even.joined(separator: ", ")) }
    return aspect.name.capitalizedFirst + ": " + parts.joined(separator: "; ") + "."
  }

  private static func place(_ workload: HeapWorkload, _ ratio: Double) -> String {
    "\(workload.title.lowercasedFirst) (\(ratio.isFinite ? "×" + Figures.digits(ratio) : "the other has none"))"
  }

  /// Where another threshold than the usual one does clearly better or worse.
  private var thresholdSentences: [String] {
    guard let reference = figures.reference else { return [] }
    let others = figures.setups.filter { $0.design == .private && $0 != reference }
    if others.isEmpty { return [] }
    var found: [String] = []
    for workload in figures.workloads {
      guard let usual = figures.measurement(workload, reference) else { continue }
      for setup in others {
        guard let other = figures.measurement(workload, setup) else { continue }
        switch Self.compare(other.throughput, usual.throughput) {
        case .higher(let ratio):
          found.append(
            "\(setup.threshold ?? 0) words is ×\(Figures.digits(ratio)) faster in \(workload.title.lowercasedFirst)"
          )
        case .lower(let ratio):
          found.append(
            "\(setup.threshold ?? 0) words is ×\(Figures.digits(ratio)) slower in \(workload.title.lowercasedFirst)"
          )
        case .even: break
        }
      }
    }
    let usual = "Thresholds, beside \(reference.threshold ?? 0) words: "
    return [
      usual + (found.isEmpty ? "no other one makes a clear difference." : found.joined(separator: "; ") + ".")
    ]
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
      let cheap = first.keys.sorted().first { size in
        first.keys.filter { $0 >= size }.allSatisfy {
          (again[$0]?.median ?? .infinity) < (first[$0]?.median ?? 0) * Self.cheapShare
        }
      }
      var text =
        "Sending, \(setup.name): a list of \(smallest) takes \(Figures.time(atSmallest.median * 1000)), one of "
      text += "\(largest) takes \(Figures.time(atLargest.median * 1000)) the first time and "
      text += "\(Figures.time(againAtLargest.median * 1000)) again"
      text += cheap.map { "; from \($0) numbers on, sending again costs less than half." } ?? "."
      return text
    }
  }

  /// Large figures for the top of the page: the private heaps beside the single one, by geometric mean over all programs.
  var tiles: [(title: String, figure: String, text: String)] {
    Self.aspects.compactMap { aspect -> (title: String, figure: String, text: String)? in
      guard let reference = figures.reference, let single = figures.single else { return nil }
      var product = 1.0
      var count = 0.0
      for workload in figures.workloads {
        guard let one = figures.measurement(workload, reference),
          let other = figures.measurement(workload, single)
        else { continue }
        let (x, y) = (aspect.of(one).median, aspect.of(other).median)
        guard x > 0, y > 0 else { continue }
        product *= x / y
        count += 1
      }
      guard count > 0 else { return nil }
      let mean = pow(product, 1 / count)
      let relation = aspect.isBetterHigh == (mean >= 1) ? "better" : "worse"
      return (
        aspect.name, "× " + Figures.digits(mean),
        "private heaps beside the single heap, over \(Int(count)) programs: \(relation) than even"
      )
    }
  }

}

extension String {
  var lowercasedFirst: String { prefix(1).lowercased() + dropFirst() }
  var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }
}
