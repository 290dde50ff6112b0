/// Collects diagnostics. Kept after `limit`: nothing, so that a file that is wrong everywhere costs little.
final class Problems {
  /// Far more than are shown, since they are sorted by place afterwards.
  static let limit = 1000

  private(set) var list: [Diagnostic] = []
  /// Where the last syntax error was: a second one at the same place would be its echo.
  private var lastSyntaxError: Int32 = -1

  var isFull: Bool { list.count >= Problems.limit }

  func error(_ range: SourceRange, _ message: String, hint: String? = nil) {
    guard !isFull else { return }
    list.append(Diagnostic(.error, range, message, hint: hint))
  }

  func warning(_ range: SourceRange, _ message: String, hint: String? = nil) {
    guard !isFull else { return }
    list.append(Diagnostic(.warning, range, message, hint: hint))
  }

  func syntaxError(_ range: SourceRange, _ message: String, hint: String? = nil) {
    guard range.start != lastSyntaxError else { return }
    lastSyntaxError = range.start
    error(range, message, hint: hint)
  }
}
