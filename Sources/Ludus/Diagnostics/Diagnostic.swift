/// An error or warning about a place in a source file.
public struct Diagnostic: Sendable {
  public enum Severity: Sendable { case error, warning }

  public let severity: Severity
  public let range: SourceRange
  /// What is wrong, in lower case and without a full stop.
  public let message: String
  /// What to do about it, if there is something to say.
  public let hint: String?

  public init(_ severity: Severity, _ range: SourceRange, _ message: String, hint: String? = nil) {
    self.severity = severity
    self.range = range
    self.message = message
    self.hint = hint
  }
}
