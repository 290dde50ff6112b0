import Observation
import Platform
import Reports
import Runtime
import Scenarios

/// Tells what scenarios and measurements gave: line by line as they end, or as one JSON document.
final class StressReport {
  let isJson: Bool
  private var results: [Json] = []

  init(isJson: Bool) { self.isJson = isJson }

  func add(_ verdict: Verdict) {
    if isJson {
      results.append(verdict.json)
    } else if let failure = verdict.failure {
      Terminal.print(
        "FAILED \(verdict.name) (seed \(verdict.seed)): \(failure)\n  again: \(verdict.command)\n")
    } else {
      Terminal.print("sound  \(verdict.name) (seed \(verdict.seed)): \(verdict.text)\n")
    }
  }

  func add(_ result: MeasurementResult) {
    if isJson {
      results.append(result.json)
    } else if let failure = result.failure {
      Terminal.print("FAILED \(result.name): \(failure)\n")
    } else {
      Terminal.print(result.text)
    }
  }

  func end(_ status: ExitStatus) -> ExitStatus {
    if isJson { Terminal.print(Json.array(results).text() + "\n") }
    return status
  }
}

extension Distribution {
  /// Its main figures, in nanoseconds.
  fileprivate var figures: Json {
    [
      ("count", Double(count)), ("mean", mean), ("p50", Double(quantile(0.5))),
      ("p99", Double(quantile(0.99))),
      ("p999", Double(quantile(0.999))), ("max", Double(max)),
    ].asJson
  }

  /// The same for people.
  fileprivate var text: String {
    let shares = [("p50", 0.5), ("p99", 0.99), ("p99.9", 0.999)]
      .map { "\($0.0) \(Duration.text(quantile($0.1)))" }
    return "\(count): \(shares.joined(separator: ", ")), max \(Duration.text(max))"
  }
}

extension [(String, Double)] {
  fileprivate var asJson: Json { .object(map { Json.Member(key: $0.0, value: .number($0.1)) }) }
}

extension Verdict {
  fileprivate var json: Json {
    .object([
      "scenario": .string(name), "seed": .number(Double(seed)), "sound": .bool(failure == nil),
      "failure": failure.map { .string($0) } ?? .null, "again": .string(command),
      "rounds": .number(Double(rounds)), "nanoseconds": .number(Double(nanoseconds)),
      "turns": .number(Double(turns)), "steps": steps.busyGaps.figures, "steps_wall": steps.gaps.figures,
      "longest_steps": .array(
        steps.longest.prefix(5).map {
          .object(["nanoseconds": .number(Double($0.nanoseconds)), "what": .string($0.text)])
        }),
      "queue_times": queueTimes.figures, "longest_wait": .number(Double(longestWait?.nanoseconds ?? 0)),
      "memory": memory.map { .array($0.points.map(\.json)) } ?? .null,
    ])
  }
}

extension MemoryCurve.Point {
  fileprivate var json: Json {
    [
      ("nanoseconds", Double(time)), ("resident", Double(memory.resident)), ("malloc", Double(memory.own)),
      ("spare", Double(memory.spare)),
      ("region", Double(memory.region)),
    ].asJson
  }
}

extension MeasurementResult {
  fileprivate var text: String {
    var lines = [name]
    if let timers {
      lines.append(
        "  set          \(timers.setting.text), mean \(Duration.text(UInt64(timers.setting.mean)))")
      lines.append("  fired        \(timers.fired): mean \(Duration.text(UInt64(timers.meanFiring)))")
    } else {
      lines += [
        "  delays       \(delays.text)", "  host         \(host.text)", "  apart        \(delaysApart.text)",
      ]
      lines += ["  queue times  \(queueTimes.text)"]
    }
    if let shares {
      let worst = worstWindow.map { ", \($0.jain) in the worst window of 100 ms" } ?? ""
      lines.append(
        "  shares       of \(shares.processes): Jain index \(shares.jain), largest deviation "
          + "\((shares.largestDeviation * 1000).rounded() / 10) %\(worst)")
    }
    if timers == nil { lines.append("  steps        \(steps.busyGaps.text)") }
    if let step = steps.longest.first { lines.append("  longest      \(step.text)") }
    if steps.withheld.count > 0 { lines.append("  no processor \(steps.withheld.text)") }
    for goal in goals {
      lines.append(
        "  \(goal.isMet ? "reached" : "MISSED ")      \(goal.name): \(goal.value) (goal \(goal.limit))")
    }
    return lines.joined(separator: "\n") + "\n"
  }

  fileprivate var json: Json {
    .object([
      "measurement": .string(name), "failure": failure.map { .string($0) } ?? .null, "delays": delays.figures,
      "host": host.figures, "delays_apart": delaysApart.figures,
      "queue_times": queueTimes.figures, "shares": shares?.json ?? .null,
      "worst_window": worstWindow?.json ?? .null, "steps": steps.busyGaps.figures,
      "no_processor": steps.withheld.figures,
      "longest_wait": .number(Double(longestWait)), "timers": timers?.json ?? .null,
      "goals": .array(
        goals.map {
          .object([
            "name": .string($0.name), "limit": .string($0.limit), "value": .string($0.value),
            "reached": .bool($0.isMet),
          ])
        }),
    ])
  }
}

extension TimerCosts {
  fileprivate var json: Json {
    .object([
      "setting": setting.figures, "fired": .number(Double(fired)), "firing_mean": .number(meanFiring),
    ])
  }
}

extension Shares {
  fileprivate var json: Json {
    [("processes", Double(processes)), ("jain", jain), ("largest_deviation", largestDeviation)].asJson
  }
}
