/// What is wrong with a module, its file or its assembly text: where, what, and what to do about it.
public struct BytecodeError: Error, Equatable, Sendable {
  public enum Place: Equatable, Sendable {
    /// A byte of a module file, in a section (`header` before the first).
    case file(offset: Int, section: String)
    /// A character of assembly text; both count from 1.
    case text(line: Int, column: Int)
    /// An instruction, by the index of its first word; the procedure by index and name.
    case instruction(procedure: Int, name: String, index: Int)
    /// A procedure as a whole.
    case procedure(Int, name: String)
    /// Another part of the module, such as `function fib` or `constant 3`.
    case part(String)
  }

  public var place: Place
  /// What is wrong.
  public var message: String
  /// What to do about it; may be empty.
  public var advice: String

  public init(_ place: Place, _ message: String, advice: String = "") {
    self.place = place
    self.message = message
    self.advice = advice
  }
}

extension BytecodeError: CustomStringConvertible {
  /// One line: place, message, advice. The path of the file is the caller's to put before it.
  public var description: String {
    advice.isEmpty ? "\(place): \(message)" : "\(place): \(message); \(advice)"
  }
}

extension BytecodeError.Place: CustomStringConvertible {
  public var description: String {
    switch self {
    case .file(let offset, let section): "byte \(offset) (\(section))"
    case .text(let line, let column): "\(line):\(column)"
    case .instruction(let procedure, let name, let index):
      "procedure \(name) (\(procedure)), instruction \(index)"
    case .procedure(let procedure, let name): "procedure \(name) (\(procedure))"
    case .part(let part): part
    }
  }
}
