import Glibc

/// Standard output and error.
public enum Terminal {
  /// Whether a person looks at standard error, so that colour makes sense.
  public static var showsErrors: Bool { isatty(STDERR_FILENO) == 1 }

  /// Writes text to standard error, in one piece, and a newline if it has none at its end.
  public static func complain(_ text: String) {
    if text.isEmpty { return }
    _ = Files.writeAll(Array((text.hasSuffix("\n") ? text : text + "\n").utf8), to: STDERR_FILENO)
  }

  /// Writes text to standard error as it is.
  public static func write(_ text: String) { _ = Files.writeAll(Array(text.utf8), to: STDERR_FILENO) }

  /// Writes text to standard output, in one piece.
  public static func print(_ text: String) {
    print(Array(text.utf8))
  }

  /// Writes text to standard output as far as the system takes it.
  public static func tryPrint(_ text: String) {
    guard case .failed(let reason) = Stream.output.writeAll(Array(text.utf8), from: 0) else { return }
    complain("ludi: cannot write standard output: \(reason)")
  }

  /// Writes bytes to standard output, in one piece. The command ends if the system refuses (a full disk).
  public static func print(_ bytes: [UInt8]) {
    guard case .failed(let reason) = Stream.output.writeAll(bytes, from: 0) else { return }
    complain("ludi: cannot write standard output: \(reason)")
    _exit(73)  // as `ExitStatus.noOutput`
  }
}
