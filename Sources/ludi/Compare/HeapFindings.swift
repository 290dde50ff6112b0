import Reports

/// What the figures say, by rule, so that nobody's hopes write the conclusions.
struct HeapFindings {
  static var rule: String {
    "A design wins where its median is better by \(Figures.share(Standing.factor - 1)) or more and every repetition agrees: its "
      + "worst value is better than the other's best. Everything else is called even."
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

  /// The private heaps that stand for all (`one`) beside the single heap (`other`); nil: one of them was not measured.
  func verdict(_ workload: Workload, _ aspect: Aspect) -> Standing? {
    guard let reference = figures.reference, let single = figures.single,
      let one = figures.measurement(workload, reference), let other = figures.measurement(workload, single)
    else { return nil }
    return Standing(aspect.of(one), aspect.of(other), isBetterHigh: aspect.isBetterHigh)
  }

  // MARK: Sentences

  /// Where each design wins, a sentence for each aspect; then thresholds, then sending.
  var sentences: [String] {
    Self.aspects.compactMap { sentence(about: $0) } + thresholdSentences + sendSentences
  }

  private func sentence(about aspect: Aspect) -> String? {
    var list = StandingList()
    for workload in figures.workloads {
      if let verdict = verdict(workload, aspect) { list.add(verdict, workload.name) }
    }
    let words = list.words(
      wins: "private heaps win in ", losses: "the single heap wins in ", even: "they are even in ")
    return words.map { aspect.name.capitalizedFirst + ": " + $0 }
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
        switch Standing(other.throughput, usual.throughput, isBetterHigh: true) {
        case .one(let ratio): return "faster in \(workload.name) (\(Standing.times(ratio)))"
        case .other(let ratio): return "slower in \(workload.name) (\(Standing.times(ratio)))"
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
      let ratios = figures.workloads.compactMap { workload -> Double? in
        guard let one = figures.measurement(workload, reference),
          let other = figures.measurement(workload, single)
        else { return nil }
        let (x, y) = (aspect.of(one).median, aspect.of(other).median)
        return x > 0 && y > 0 ? (aspect.isBetterHigh ? x / y : y / x) : nil
      }
      // A mean over a few programs says nothing about all.
      guard ratios.count * 2 > figures.workloads.count, let mean = geometricMean(ratios) else { return nil }
      let better = mean >= 1 ? "private heaps" : "the single heap"
      return (
        aspect.name, "× " + Figures.digits(max(mean, 1 / mean)),
        "better with \(better), by the geometric mean of \(ratios.count) programs"
      )
    }
  }
}

extension String {
  var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }
}
