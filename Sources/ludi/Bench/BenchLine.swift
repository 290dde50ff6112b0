/// The line that a benchmark prints, in whatever language:
/// `name n=… median_ns=… min_ns=… max_ns=… ns_per_op=… [more=…]… check=…`.
struct BenchLine: Sendable {
  let name: String
  let operations: Double
  let check: String
  /// What was measured, in the line's order: `ns_per_op`, and what the benchmark adds.
  let figures: [Figure]

  struct Figure: Equatable, Sendable {
    let name: String
    let value: Double
  }

  /// Nil: this is no such line.
  init?(_ line: Substring) {
    let words = line.split(separator: " ")
    var fields: [(name: String, text: String)] = []
    for word in words.dropFirst() {
      let parts = word.split(separator: "=", maxSplits: 1)
      guard parts.count == 2 else { return nil }
      fields.append((String(parts[0]), String(parts[1])))
    }
    guard let name = words.first, let check = fields.last, check.name == "check",
      let operations = fields.first, operations.name == "n", let count = Double(operations.text)
    else { return nil }
    self.name = String(name)
    self.operations = count
    self.check = check.text
    figures = fields.compactMap { field in
      if ["n", "median_ns", "min_ns", "max_ns", "check"].contains(field.name) { return nil }
      return Double(field.text).map { Figure(name: field.name, value: $0) }
    }
  }

  subscript(figure: String) -> Double? { figures.first { $0.name == figure }?.value }
}
