import Runtime

extension Workload {
  /// What scheduling policies are compared with: programs first.
  static let forSchedulers = programsForSchedulers + loadsForSchedulers

  private static let programsForSchedulers = [
    Workload(
      name: "rings", title: "Rings of messages", unit: "hops",
      explanation: "A token goes round each of 16 rings of 50 processes.",
      arguments: ["16", "50", "300000"], quickArguments: ["4", "10", "500"],
      simulatedArguments: ["16", "50", "10000"], source: PackageResources.rings_ld, aspects: ["throughput"]),
    Workload(
      name: "forkjoin", title: "Fork and join", unit: "calls",
      explanation: "Fibonacci numbers; each process leaves half of its work to a new one and waits for it.",
      arguments: ["36", "20"], quickArguments: ["20", "12"],
      simulatedArguments: ["31", "17"], source: PackageResources.forkjoin_ld, aspects: ["throughput"]),
    Workload(
      name: "tree", title: "A tree of processes", unit: "processes",
      explanation: "Every process makes two more, fifteen levels deep, and adds up what they report.",
      arguments: ["15", "10"], quickArguments: ["6", "2"],
      simulatedArguments: ["15", "1"], source: PackageResources.tree_ld, aspects: ["throughput"]),
    Workload(
      name: "stages", title: "A pipeline", unit: "stages passed",
      explanation: "Items go through 64 processes in a row, 200 of them at the same time.",
      arguments: ["64", "200", "80"], quickArguments: ["8", "10", "4"],
      simulatedArguments: ["64", "200", "5"], source: PackageResources.stages_ld, aspects: ["throughput"]),
    Workload(
      name: "producer", title: "One producer", unit: "jobs",
      explanation: "One process makes all the others; most have short work, every fiftieth long work.",
      arguments: ["30000"], quickArguments: ["100"],
      simulatedArguments: ["6000"], source: PackageResources.producer_ld, aspects: ["throughput"]),
    Workload(
      name: "echo", title: "An echo under load", unit: "answers",
      explanation: "Four clients ask a server every millisecond while 100 processes compute.",
      arguments: ["100", "4", "200"], quickArguments: ["8", "2", "10"],
      simulatedArguments: ["100", "4", "50"], source: PackageResources.echo_ld, aspects: ["delay"]),
    Workload(
      name: "hogs", title: "Hogs and a waker", unit: "thousand steps",
      explanation: "Eight processes only compute; one wants to run at every millisecond.",
      arguments: ["8", "1000"], quickArguments: ["4", "60"],
      simulatedArguments: ["8", "200"], source: PackageResources.hogs_ld, aspects: ["delay", "fairness"]),
  ]

  /// About how long a reduction takes in the simulator, in seconds: for loads in proportion to the machine.
  private static let reduction = CostModel().reduction * 1e-9

  private static let loadsForSchedulers = [
    Workload(
      name: "tokens", title: "Tokens among many", unit: "messages",
      explanation:
        "20,000 processes send 10,000 tokens to each other at random, and work 100 reductions on each.",
      load: { _, isQuick in
        ["--nodes", "20000", "--tokens", "10000", "--messages", isQuick ? "20000" : "500000"]
      }, aspects: ["throughput"], largest: SimulationPlan.schedulerRange.upperBound),
    Workload(
      name: "requests", title: "Requests", unit: "requests",
      explanation:
        "Requests arrive at random, at 0.7 of what the machine can bear; most are short, some are very long.",
      load: { schedulers, isQuick in
        let mean = 5_000
        let rate = 0.7 * Double(schedulers) / (Double(mean) * reduction)
        // Long enough for long services to end, however many schedulers there are.
        let milliseconds = max(isQuick ? 0.5 : 3, (isQuick ? 2_000 : 60_000) / rate * 1_000)
        return [
          "--arrivals", "\(rate.rounded())", "--service", "heavy", "--reductions", "\(mean)", "--duration",
          "\(milliseconds)",
        ]
      }, aspects: ["delay"], largest: SimulationPlan.schedulerRange.upperBound),
    Workload(
      name: "crowd", title: "A crowd", unit: "wake-ups",
      explanation:
        "For each scheduler four processes that compute for ever and four that wake every millisecond.",
      load: { schedulers, isQuick in
        let milliseconds = max(5, (isQuick ? 50 : 1_000) / schedulers)
        return [
          "--hogs", "\(4 * schedulers)", "--wakers", "\(4 * schedulers)", "--duration", "\(milliseconds)",
        ]
      }, aspects: ["delay", "fairness"],
      largest: SimulationPlan.schedulerRange.upperBound),
  ]
}
