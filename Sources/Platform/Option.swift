/// One option of a command, e.g. `--schedulers N`.
public struct Option: Sendable {
  public let name: String
  /// Its short form, an ASCII letter.
  public let letter: Unicode.Scalar?
  /// What stands for its value in the help, e.g. `N`; nil: it takes none.
  public let value: String?
  public let help: String

  public init(_ name: String, letter: Unicode.Scalar? = nil, value: String? = nil, help: String) {
    self.name = name
    self.letter = letter
    self.value = value
    self.help = help
  }

  /// As it stands in the help: `-o, --output FILE`.
  public var synopsis: String {
    let short = letter.map { "-\($0), " } ?? ""
    return short + "--" + name + (value.map { " " + $0 } ?? "")
  }
}

/// What stood on a command line: the options, and behind them everything else.
public struct ParsedArguments: Equatable, Sendable {
  var values: [String: String] = [:]
  /// From the first argument that is no option on.
  public internal(set) var rest: [String] = []

  public func has(_ option: String) -> Bool { values[option] != nil }
  /// The value that the option was given.
  public subscript(option: String) -> String? { values[option] }
}

/// A command line that cannot be understood, in words for its user.
public struct UsageError: Error, Equatable {
  public let message: String
  public init(_ message: String) { self.message = message }
}
