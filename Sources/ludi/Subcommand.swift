import Platform
import Runtime

/// One of `ludi`'s subcommands. What all of them do alike (options, help, complaints) is here.
protocol Subcommand {
  static var name: String { get }
  /// A line for the list of subcommands.
  static var summary: String { get }
  /// What stands behind the options, e.g. `FILE…`.
  static var operands: String { get }
  /// More about it, for its own help.
  static var details: String { get }
  static var options: [Option] { get }
  /// Whether options may also stand behind other arguments.
  static var mixesOptions: Bool { get }
  static func run(_ arguments: ParsedArguments) throws(UsageError) -> ExitStatus
}

extension Subcommand {
  static var details: String { "" }
  static var options: [Option] { [] }
  static var mixesOptions: Bool { false }

  static func start(_ arguments: [String]) -> ExitStatus {
    do {
      let parsed = try OptionParser.parse(arguments, options: allOptions, mixed: mixesOptions)
      if parsed.has("help") {
        Terminal.print(help + "\n")
        return .success
      }
      return try run(parsed)
    } catch {
      Terminal.complain("ludi \(name): \(error.message); ludi \(name) --help tells more")
      return .usage
    }
  }

  static var help: String {
    let width = allOptions.map { $0.synopsis.count }.max() ?? 0
    let rows = allOptions.map { "  \($0.synopsis.padded(to: width))  \($0.help)" }
    let more = details.isEmpty ? "" : "\n\(details)\n"
    return """
      \(summary)

      usage: ludi \(name) [options] \(operands)
      \(more)
      \(rows.joined(separator: "\n"))
      """
  }

  private static var allOptions: [Option] {
    options + [Option("help", letter: "h", help: "show this")]
  }
}

extension ParsedArguments {
  /// The one file that a subcommand works on.
  func onlyFile() throws(UsageError) -> String {
    guard let file = rest.first else { throw UsageError("which file?") }
    guard rest.count == 1 else { throw UsageError("one file, not \(rest.count)") }
    return file
  }

  /// Where objects live, by `--heap`.
  func heapMode() throws(UsageError) -> HeapMode {
    guard let text = self["heap"] else { return .private }
    guard let mode = HeapMode(rawValue: text) else {
      throw UsageError("--heap is private or single, not \(text)")
    }
    return mode
  }

  /// The value of an option that takes a whole number from `range`.
  func number(_ option: String, in range: ClosedRange<Int>) throws(UsageError) -> Int? {
    guard let text = self[option] else { return nil }
    guard let number = Int(text), range.contains(number) else {
      throw UsageError(
        "--\(option) takes a whole number from \(range.lowerBound) to \(range.upperBound), not \(text)")
    }
    return number
  }

  /// The value of an option that takes a whole number from `range`, or `never`, which is `Int.max`.
  func threshold(_ option: String, in range: ClosedRange<Int>) throws(UsageError) -> Int? {
    guard let text = self[option] else { return nil }
    if text == "never" { return Int.max }
    guard let number = Int(text), range.contains(number) else {
      throw UsageError(
        "--\(option) takes a whole number from \(range.lowerBound) to \(range.upperBound), or never; not \(text)"
      )
    }
    return number
  }

  /// The value of an option that takes a number of bytes from `range`, with K, M, G or T behind it for powers of 1024.
  func size(_ option: String, in range: ClosedRange<Int>) throws(UsageError) -> Int? {
    guard let text = self[option] else { return nil }
    let units = Array("KMGT")
    let power =
      text.last.flatMap { units.firstIndex(of: Character($0.uppercased())) }.map { ($0 + 1) * 10 } ?? 0
    let digits = power > 0 ? text.dropLast() : text[...]
    let number = digits.allSatisfy { $0.isASCII && $0.isNumber } ? Int(digits) : nil
    guard let number, number <= Int.max >> power, range.contains(number << power) else {
      throw UsageError(
        "--\(option) takes a number of bytes, as 512M or 2G, from \(range.lowerBound >> 20)M to \(range.upperBound >> 20)M;"
          + " not \(text)")
    }
    return number << power
  }
}

/// Options that several subcommands take.
extension Option {
  static let schedulers = Option(
    "schedulers", value: "N", help: "threads that run processes; as many as processors if left out")
  static let policy = Option(
    "policy", value: "NAME", help: "how processes are shared out: \(PolicyName.list)")
  static let slice = Option(
    "slice", value: "REDUCTIONS", help: "how long a process runs before others may; 4000 if left out")
}
