/// Collects diagnostics. Kept after `limit`: nothing, so that a file that is wrong everywhere costs little.
final class Problems {
  /// Far more than are shown, since they are sorted by place afterwards.
  static let limit = 1000

  private(set) var list: [Diagnostic] = []
  /// Where the last syntax error was: a second one at the same place would be its echo.
  private var lastSyntaxError: Int32 = -1

  var isFull: Bool { list.count >= Problems.limit }

  func error(_ range: SourceRange, _ message: String, hint: String? = nil) {
    append(.error, range, message, hint)
  }

  func warning(_ range: SourceRange, _ message: String, hint: String? = nil) {
    append(.warning, range, message, hint)
  }

  func syntaxError(_ range: SourceRange, _ message: String, hint: String? = nil) {
    guard range.start != lastSyntaxError else { return }
    lastSyntaxError = range.start
    error(range, message, hint: hint)
  }

  private func append(
    _ severity: Diagnostic.Severity, _ range: SourceRange, _ message: String, _ hint: String?
  ) {
    guard !isFull else { return }
    list.append(Diagnostic(severity, range, clipped(message), hint: hint.map(clipped)))
  }

  /// Messages show names, and a name may be a megabyte long.
  private func clipped(_ text: String) -> String {
    text.utf8.count <= 500 ? text : String(text.unicodeScalars.prefix(500)) + "…"
  }
}
