import Bytecode

/// A name of Core that is bound once: a parameter, a `let`, or a parameter of a join or loop.
/// Ids are dense within one procedure, so that tables over variables are arrays.
public struct Variable: Hashable, Sendable {
  public let id: Int
  public init(_ id: Int) { self.id = id }
}

/// Where a `jump` may go: the end of an enclosing join, or the head of an enclosing loop.
/// Ids are dense within one procedure.
public struct Label: Hashable, Sendable {
  public let id: Int
  public init(_ id: Int) { self.id = id }
}

/// What needs no evaluation: reading an atom has no effect, never panics and may be repeated or moved.
public enum Atom: Hashable, Sendable {
  case local(Variable)
  case constant(Constant)
  /// A value that the running closure captured.
  case captured(Int)
  /// The running function itself.
  case itself

  /// The variable that the atom reads, if it reads one.
  public var variable: Variable? {
    if case .local(let variable) = self { variable } else { nil }
  }
}

/// A place in a source file of the module; line and column count from 1.
public struct Place: Hashable, Sendable {
  public var file: Int
  public var line: Int
  public var column: Int
  public init(file: Int = 0, line: Int = 1, column: Int = 1) {
    self.file = file
    self.line = line
    self.column = column
  }
}
