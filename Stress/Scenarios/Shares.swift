import Runtime

/// How evenly processes that never wait were served: of what each used in the same time.
public struct Shares: Sendable, Equatable {
  public let processes: Int
  /// Jain's index: 1 if all used the same, 1/n if one used all.
  public let jain: Double
  /// The largest distance from the mean, as a share of the mean.
  public let largestDeviation: Double

  /// Nil of fewer than two.
  init?(_ used: [UInt64]) {
    let values = used.map { Double($0) }
    let sum = values.reduce(0, +)
    guard values.count > 1, sum > 0 else { return nil }
    let mean = sum / Double(values.count)
    processes = values.count
    jain = sum * sum / (Double(values.count) * values.reduce(0) { $0 + $1 * $1 })
    largestDeviation = values.reduce(0) { max($0, abs($1 - mean)) } / mean
  }

  /// The shares between two samples, of the processes that were there all the time and never waited.
  init?(from first: [ProcessUse], to last: [ProcessUse]) {
    let before = Dictionary(first.map { ($0.pid, $0) }, uniquingKeysWith: { one, _ in one })
    let used = last.compactMap { now -> UInt64? in
      guard let then = before[now.pid], then.waits == now.waits, now.reductions > then.reductions else {
        return nil
      }
      return now.reductions - then.reductions
    }
    self.init(used)
  }
}
