import Platform
import Runtime

/// What `ludi compare schedulers` was told.
struct SchedulerSettings: ComparisonSettings {
  var folder: String
  var isQuick: Bool
  var printsJson: Bool
  var repetitions: Int
  /// The default first, if it is among them: the others are compared with the first.
  var policies: [PolicyName]
  var workloads: [Workload]
  /// How many threads, and how many virtual schedulers; ascending.
  var real: [Int]
  var simulated: [Int]
  var seed: UInt64

  init(_ arguments: ParsedArguments) throws(UsageError) {
    isQuick = arguments.has("quick")
    printsJson = arguments.has("json")
    folder = try arguments.reportFolder(else: "ludi-schedulers")
    repetitions = try arguments.number("repetitions", in: 1...100) ?? (isQuick ? 1 : 5)
    policies = try Self.policies(arguments["policies"])
    workloads = try arguments.workloads(of: Workload.forSchedulers, toCompare: "schedulers")
    real = try Self.counts("schedulers", in: 1...256, arguments) ?? Set([1, Processors.allowed]).sorted()
    simulated =
      try Self.counts("simulated", in: SimulationPlan.schedulerRange, arguments)
      ?? (isQuick ? [4, 16] : [4, 16, 64, 256, 1024])
    seed = try arguments.seed() ?? 1
    if real.isEmpty && simulated.isEmpty {
      throw UsageError("neither --schedulers nor --simulated: nothing is left")
    }
    if simulated.isEmpty && !workloads.contains(where: \.isProgram) {
      throw UsageError(
        "these workloads are made up by the simulator; say --simulated N,… or other --workloads")
    }
  }

  private static func counts(
    _ option: String, in range: ClosedRange<Int>, _ arguments: ParsedArguments
  ) throws(UsageError) -> [Int]? {
    arguments[option] == "none" ? [] : try arguments.numbers(option, in: range)
  }

  private static func policies(_ text: String?) throws(UsageError) -> [PolicyName] {
    let all = [.workStealing] + PolicyName.allCases.filter { $0 != .workStealing }
    guard let text else { return all }
    var named: Set<PolicyName> = []
    for name in text.split(separator: ",", omittingEmptySubsequences: false) {
      guard let policy = PolicyName(text: String(name)) else {
        throw UsageError("there is no policy \(name); the policies are \(PolicyName.list)")
      }
      named.insert(policy)
    }
    return all.filter { named.contains($0) }
  }

  /// Whether a workload is run there at all. Programs that are about delays have a few processes, which a large machine
  /// would not notice: they are simulated just to be compared with the real ones.
  func isToRun(_ workload: Workload, on machine: SchedulerSetup.Machine) -> Bool {
    if machine.isSimulated && machine.schedulers > workload.largest { return false }
    guard workload.isProgram, machine.isSimulated else { return workload.isProgram || machine.isSimulated }
    return workload.aspects.contains("throughput") || real.contains(machine.schedulers) || real.isEmpty
  }

  func arguments(of workload: Workload, isSimulated: Bool) -> [String] {
    if isQuick { return workload.quickArguments }
    return isSimulated ? workload.simulatedArguments ?? workload.arguments : workload.arguments
  }
}
