import Reports
import Runtime

/// A scheduling policy on a machine, real or virtual.
struct SchedulerSetup: ComparedSetup {
  /// How many schedulers, and whether they are threads.
  struct Machine: Hashable, Sendable, Comparable {
    let schedulers: Int
    let isSimulated: Bool

    static func < (one: Machine, other: Machine) -> Bool {
      (one.isSimulated ? 1 : 0, one.schedulers) < (other.isSimulated ? 1 : 0, other.schedulers)
    }

    /// E.g. `2`, or `64 virtual`.
    var shortName: String { "\(schedulers)\(isSimulated ? " virtual" : "")" }
    /// E.g. `on 2 schedulers`.
    var phrase: String {
      "on \(schedulers) \(isSimulated ? "virtual " : "")scheduler\(schedulers == 1 ? "" : "s")"
    }
  }

  let policy: PolicyName
  let machine: Machine

  var shortName: String { "\(policy.rawValue) on \(machine.shortName)" }

  /// What `ludi run` or `ludi simulate` is told.
  /// - Parameter seed: of all that is random in a simulation
  /// - Returns: nil where the workload cannot be run
  func command(for workload: Workload, seed: UInt64, isQuick: Bool) -> [String]? {
    let common = ["--policy", policy.rawValue]
    let count = "\(machine.schedulers)"
    if let load = workload.load {
      guard machine.isSimulated else { return nil }
      return ["simulate", "--json", "--schedulers", count, "--seed", "\(seed)"] + common
        + load(machine.schedulers, isQuick)
    }
    if machine.isSimulated { return ["run", "--simulate", count, "--seed", "\(seed)"] + common }
    return ["run", "--schedulers", count] + common
  }
}

extension PolicyName {
  /// Each policy keeps its colour in all plots: the default is blue, the reference grey.
  var color: Int {
    switch self {
    case .workStealing: 1
    case .lifoStealing: 2
    case .globalQueue: 4
    case .roundRobin: 7
    case .priority: 5
    case .fairShare: 3
    case .affinity: 6
    }
  }
}
