import Glibc

/// Standard output and error.
public enum Terminal {
  /// Whether a person looks at standard error, so that colour makes sense.
  public static var showsErrors: Bool { isatty(STDERR_FILENO) == 1 }

  /// Writes a line to standard error, in one piece.
  public static func complain(_ line: String) {
    _ = Files.writeAll(Array((line + "\n").utf8), to: STDERR_FILENO)
  }

  /// Writes text to standard output, in one piece.
  public static func print(_ text: String) {
    _ = Files.writeAll(Array(text.utf8), to: STDOUT_FILENO)
  }
}
