import Reports
import Runtime

/// What the figures say of scheduling policies, by rule.
struct SchedulerFindings {
  /// A figure by which policies are compared.
  struct Aspect: Sendable {
    let name: String
    let isBetterHigh: Bool
    let of: @Sendable (SchedulerMeasurement) -> Sample
  }

  static let throughput = Aspect(name: "throughput", isBetterHigh: true) { $0.throughput }
  static let delay = Aspect(name: "delay", isBetterHigh: false) { $0.latestDelays }
  static let aspects = [throughput, delay]

  /// From this index on, in every run, processes that compute count as treated alike.
  static let fair = 0.999
  /// A policy scales to so many schedulers as long as each of them does this share of what a single one does.
  static let scales = 0.5

  static var rule: String {
    "A policy is better than another in a workload where its median (throughput; or the 99th percentile of delays) is "
      + "better by \(Figures.share(Standing.factor - 1)) or more and every repetition agrees: its worst value is better "
      + "than the other's best. Everything else is called even. It is fair if Jain's index is \(fair) or more in every "
      + "repetition. It scales to N schedulers if each of them does \(Figures.share(scales)) or more of what a single "
      + "one does, there and at every smaller N. It is to be preferred if it is better in something and worse in nothing."
  }

  let figures: SchedulerFigures

  /// The policy that the others are compared with.
  var reference: PolicyName? { figures.policies.first }
  private var others: [PolicyName] { Array(figures.policies.dropFirst()) }

  /// How a policy stands to the reference; nil: one of them was not measured, or the aspect is not what it is about.
  func verdict(
    _ workload: Workload, _ aspect: Aspect, _ policy: PolicyName, _ machine: SchedulerSetup.Machine
  ) -> Standing? {
    guard workload.aspects.contains(aspect.name), let reference,
      let one = figures.measurement(workload, policy, machine),
      let other = figures.measurement(workload, reference, machine)
    else { return nil }
    let (x, y) = (aspect.of(one), aspect.of(other))
    return x.isEmpty || y.isEmpty ? nil : Standing(x, y, isBetterHigh: aspect.isBetterHigh)
  }

  // MARK: Sentences

  var sentences: [String] {
    guard let main = figures.main else { return [] }
    return [preference(main)].compactMap { $0 } + others.compactMap { sentence(about: $0, main) }
      + [fairness(main), scaling, prediction].compactMap { $0 }
  }

  private func verdicts(_ policy: PolicyName, _ machine: SchedulerSetup.Machine) -> StandingList {
    var list = StandingList()
    for aspect in Self.aspects {
      for workload in figures.workloads {
        guard let verdict = verdict(workload, aspect, policy, machine) else { continue }
        list.add(verdict, aspect.name == "throughput" ? workload.name : "\(aspect.name) of \(workload.name)")
      }
    }
    return list
  }

  private func sentence(about policy: PolicyName, _ machine: SchedulerSetup.Machine) -> String? {
    guard let reference else { return nil }
    let words = verdicts(policy, machine).words(wins: "better in ", losses: "worse in ", even: "even in ")
    return words.map { "\(policy.rawValue) beside \(reference.rawValue) \(machine.phrase): \($0)" }
  }

  private func preference(_ machine: SchedulerSetup.Machine) -> String? {
    guard let reference, !others.isEmpty else { return nil }
    let lists = others.map { (policy: $0, list: verdicts($0, machine)) }
    let preferred = lists.filter { $0.list.hasWins && !$0.list.hasLosses }.map(\.policy.rawValue)
    if !preferred.isEmpty {
      return
        "To be preferred to \(reference.rawValue) \(machine.phrase): \(preferred.joined(separator: ", ")), which is better in "
        + "something and worse in nothing."
    }
    let dominated = lists.filter { $0.list.hasLosses && !$0.list.hasWins }.map(\.policy.rawValue)
    let worse =
      dominated.isEmpty
      ? "" : " Better in nothing and worse in something: \(dominated.joined(separator: ", "))."
    return "No policy is to be preferred to \(reference.rawValue) \(machine.phrase).\(worse)"
  }

  private func fairness(_ machine: SchedulerSetup.Machine) -> String? {
    let found = figures.workloads(showing: "fairness").flatMap { workload in
      figures.policies.compactMap { policy -> (policy: PolicyName, jain: Double)? in
        guard let jain = figures.measurement(workload, policy, machine)?.jain, !jain.isEmpty else {
          return nil
        }
        return (policy, jain.low)
      }
    }
    if found.isEmpty { return nil }
    let fair = found.filter { $0.jain >= Self.fair }.map(\.policy.rawValue)
    let unfair = found.filter { $0.jain < Self.fair }.sorted { $0.jain > $1.jain }
      .map { "\($0.policy.rawValue) (\(Self.index($0.jain)))" }
    let parts = [
      fair.isEmpty ? nil : "fair are " + fair.joined(separator: ", "),
      unfair.isEmpty ? nil : "not fair, by their worst repetition, " + unfair.joined(separator: ", "),
    ].compactMap { $0 }
    return "Fairness \(machine.phrase): \(parts.joined(separator: "; "))."
  }

  /// Jain's index as people read it: digits that tell 0.999 from 0.9999.
  static func index(_ jain: Double) -> String { "\((jain * 1e4).rounded(.down) / 1e4)" }

  // MARK: Scaling

  /// Throughput on virtual schedulers, beside that on one.
  func speedup(_ workload: Workload, _ policy: PolicyName, _ machine: SchedulerSetup.Machine) -> Sample? {
    let single = SchedulerSetup.Machine(schedulers: 1, isSimulated: machine.isSimulated)
    guard let one = figures.measurement(workload, policy, single)?.throughput.median, one > 0,
      let many = figures.measurement(workload, policy, machine)?.throughput
    else { return nil }
    return many.map { $0 / one }
  }

  /// The largest virtual machine that a policy scales to.
  func limit(of policy: PolicyName, in workload: Workload) -> Int? {
    var limit: Int?
    for machine in figures.virtual {
      guard let speedup = speedup(workload, policy, machine)?.median else { continue }
      guard speedup >= Self.scales * Double(machine.schedulers) else { break }
      limit = machine.schedulers
    }
    return limit
  }

  private var scaling: String? {
    guard let workload = figures.workload("tokens") else { return nil }
    let limits = figures.policies.compactMap { policy in
      limit(of: policy, in: workload).map { (policy: policy, limit: $0) }
    }
    if limits.isEmpty { return nil }
    let groups = Set(limits.map(\.limit)).sorted(by: >).map { limit in
      "to \(limit): " + limits.filter { $0.limit == limit }.map(\.policy.rawValue).joined(separator: ", ")
    }
    return "In the simulation of tokens policies scale " + groups.joined(separator: "; ")
      + ". (Locks that schedulers fight for are not in the simulation: see the model.)"
  }

  // MARK: Prediction

  /// Simulated throughput beside the real one, where there are both.
  func prediction(_ workload: Workload, _ policy: PolicyName, _ machine: SchedulerSetup.Machine) -> Sample? {
    let twin = SchedulerSetup.Machine(schedulers: machine.schedulers, isSimulated: true)
    guard !machine.isSimulated, workload.aspects.contains("throughput"),
      let real = figures.measurement(workload, policy, machine)?.throughput.median, real > 0,
      let simulated = figures.measurement(workload, policy, twin)?.throughput
    else { return nil }
    return simulated.map { $0 / real }
  }

  private var prediction: String? {
    let ratios = figures.workloads.flatMap { workload in
      figures.policies.flatMap { policy in
        figures.real.compactMap { prediction(workload, policy, $0)?.median }
      }
    }
    let sample = Sample(ratios)
    guard let mean = geometricMean(ratios) else { return nil }
    return
      "Simulated throughput beside the real one, of \(ratios.count) pairs: \(Figures.digits(mean)) times by the geometric mean, "
      + "from \(Figures.digits(sample.low)) to \(Figures.digits(sample.high))."
  }

  // MARK: Tiles

  /// Large figures for the top of the page: who is the best in what.
  var tiles: [(title: String, figure: String, text: String)] {
    guard let main = figures.main else { return [] }
    return [fastest(main), mostPunctual(main), fairest(main), widest].compactMap { $0 }
  }

  private typealias Tile = (title: String, figure: String, text: String)

  /// The geometric mean of a policy's throughput beside the reference's; nil unless all workloads were measured.
  func relativeThroughput(_ policy: PolicyName, _ machine: SchedulerSetup.Machine) -> Double? {
    let workloads = figures.workloads(showing: "throughput").filter(\.isProgram)
    guard let reference else { return nil }
    let ratios = workloads.compactMap { workload -> Double? in
      guard let one = figures.measurement(workload, policy, machine)?.throughput.median,
        let base = figures.measurement(workload, reference, machine)?.throughput.median, base > 0
      else { return nil }
      return one / base
    }
    return ratios.count == workloads.count ? geometricMean(ratios) : nil
  }

  private func fastest(_ machine: SchedulerSetup.Machine) -> Tile? {
    let found = figures.policies.compactMap { policy in
      relativeThroughput(policy, machine).map { (policy: policy, ratio: $0) }
    }
    guard let best = found.max(by: { $0.ratio < $1.ratio }), let reference else { return nil }
    let text =
      best.policy == reference
      ? "the highest throughput \(machine.phrase), by the geometric mean of the programs"
      : "× \(Figures.digits(best.ratio)) the throughput of \(reference.rawValue) \(machine.phrase), by the geometric mean"
    return ("throughput", best.policy.rawValue, text)
  }

  private func mostPunctual(_ machine: SchedulerSetup.Machine) -> Tile? {
    guard let workload = figures.workload("hogs") else { return nil }
    let found = figures.policies.compactMap { policy -> (policy: PolicyName, delay: Double)? in
      guard let delays = figures.measurement(workload, policy, machine)?.latestDelays, !delays.isEmpty
      else { return nil }
      return (policy, delays.median)
    }
    guard let best = found.min(by: { $0.delay < $1.delay }) else { return nil }
    return (
      "delay", Figures.time(best.delay),
      "the shortest delay at p99 among hogs \(machine.phrase): \(best.policy.rawValue)"
    )
  }

  private func fairest(_ machine: SchedulerSetup.Machine) -> Tile? {
    guard let workload = figures.workload("hogs") else { return nil }
    let found = figures.policies.compactMap { policy -> Double? in
      guard let jain = figures.measurement(workload, policy, machine)?.jain, !jain.isEmpty else { return nil }
      return jain.low
    }
    if found.isEmpty { return nil }
    let fair = found.filter { $0 >= Self.fair }.count
    return (
      "fairness", "\(fair) of \(found.count)",
      "policies give hogs equal shares \(machine.phrase) (Jain's index at least \(Self.fair) in every repetition)"
    )
  }

  private var widest: Tile? {
    guard let workload = figures.workload("tokens"), let machine = figures.virtual.last,
      machine.schedulers > 1
    else { return nil }
    let found = figures.policies.compactMap { policy in
      speedup(workload, policy, machine).map { (policy: policy, speedup: $0.median) }
    }
    guard let best = found.max(by: { $0.speedup < $1.speedup }) else { return nil }
    return (
      "scaling", "× \(Figures.digits(best.speedup))",
      "the most that \(machine.schedulers) virtual schedulers do of one with tokens: \(best.policy.rawValue)"
    )
  }
}
