extension Workload {
  /// What heap designs are compared with.
  static let forHeaps = [
    Workload(
      name: "messages", title: "Many small messages", unit: "messages",
      explanation: "Eight pairs of numbers go round a ring of a hundred processes.",
      arguments: ["400000"], quickArguments: ["4000"], source: PackageResources.messages_ld),
    Workload(
      name: "broadcast", title: "Large immutable broadcast", unit: "sends",
      explanation:
        "A list of numbers and a string, each of a megabyte or more, go to each of a crowd of processes.",
      arguments: ["100000", "200"], quickArguments: ["5000", "10"], source: PackageResources.broadcast_ld),
    Workload(
      name: "state", title: "Large private state, steady garbage", unit: "updates",
      explanation: "Four processes each keep a large dict of their own and replace its members one by one.",
      arguments: ["50000", "100000"], quickArguments: ["2000", "4000"], source: PackageResources.state_ld),
    Workload(
      name: "pipeline", title: "Pipeline of growing values", unit: "sends",
      explanation: "Each of a hundred stages adds 64 numbers to a list and passes the whole list on.",
      arguments: ["100", "200"], quickArguments: ["20", "10"], source: PackageResources.pipeline_ld),
    Workload(
      name: "dictionary", title: "A dictionary that all read", unit: "lookups",
      explanation: "Every reader gets each of four editions of a large dict, and looks up many of its keys.",
      arguments: ["50000", "50", "15000"], quickArguments: ["2000", "8", "400"],
      source: PackageResources.dictionary_ld),
    Workload(
      name: "churn", title: "Short-lived processes", unit: "processes",
      explanation: "Fifty at a time, processes make a little garbage, answer, and end.",
      arguments: ["100000"], quickArguments: ["1000"], source: PackageResources.churn_ld),
    Workload(
      name: "sending", title: "Sending, by size", unit: "sends",
      explanation: "Lists of 1 to a million numbers are sent to one process, each twice.",
      arguments: ["1048576"], quickArguments: ["4096"], source: PackageResources.sending_ld),
  ]
}
