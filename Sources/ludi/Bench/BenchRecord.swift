import Reports

/// What a run of the benchmarks has measured.
struct BenchRecord: Sendable {
  var schedulers: Int
  /// What our `ludi run` was given beside.
  var options: String
  var rounds: Int
  var results: [Result] = []

  /// What one contestant did with one benchmark.
  struct Result: Sendable {
    /// Name and sizes (`BenchTask.label`).
    let label: String
    let contestant: String
    let operations: Double
    let check: String
    let figures: [Figure]

    subscript(figure: String) -> [Double]? { figures.first { $0.name == figure }?.values }
  }

  /// A figure and its values, one a round.
  struct Figure: Sendable {
    let name: String
    let values: [Double]
  }

  func result(_ label: String, _ contestant: BenchContestant) -> Result? {
    results.first { $0.label == label && $0.contestant == contestant.rawValue }
  }
}

extension BenchRecord.Result {
  /// Of the lines of all rounds, of which there is at least one.
  init(_ task: BenchTask, _ contestant: BenchContestant, _ lines: [BenchLine]) {
    label = task.label
    self.contestant = contestant.rawValue
    operations = lines[0].operations
    check = lines[0].check
    figures = lines[0].figures.map { figure in
      BenchRecord.Figure(name: figure.name, values: lines.compactMap { $0[figure.name] })
    }
  }
}

extension BenchRecord {
  var json: Json {
    .object([
      "ludi": .string(Ludi.version),
      "schedulers": .number(Double(schedulers)),
      "options": .string(options),
      "rounds": .number(Double(rounds)),
      "results": .array(results.map(\.json)),
    ])
  }

  /// What `json` wrote; nil for anything else.
  init?(_ json: Json) {
    guard let schedulers = json["schedulers"]?.number, let rounds = json["rounds"]?.number,
      let results = json["results"]?.array
    else { return nil }
    self.schedulers = Int(schedulers)
    options = json["options"]?.string ?? ""
    self.rounds = Int(rounds)
    for json in results {
      guard let result = Result(json) else { return nil }
      self.results.append(result)
    }
  }
}

extension BenchRecord.Result {
  fileprivate var json: Json {
    .object([
      "benchmark": .string(label),
      "by": .string(contestant),
      "operations": .number(operations),
      "check": .string(check),
      "figures": .object(
        figures.map { Json.Member(key: $0.name, value: .array($0.values.map { Json.number($0) })) }),
    ])
  }

  fileprivate init?(_ json: Json) {
    guard let label = json["benchmark"]?.string, let contestant = json["by"]?.string,
      let operations = json["operations"]?.number, let check = json["check"]?.string,
      let figures = json["figures"]?.members
    else { return nil }
    self.label = label
    self.contestant = contestant
    self.operations = operations
    self.check = check
    self.figures = figures.map { member in
      BenchRecord.Figure(name: member.key, values: (member.value.array ?? []).compactMap(\.number))
    }
  }
}
