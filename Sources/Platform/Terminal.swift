import Glibc

/// Standard output and error.
public enum Terminal {
  /// Whether a person looks at standard error, so that colour makes sense.
  public static var showsErrors: Bool { isatty(STDERR_FILENO) == 1 }

  /// Whether a person looks at standard output, so that lines must not wait.
  public static var showsOutput: Bool { isatty(STDOUT_FILENO) == 1 }

  /// Writes a line to standard error, in one piece.
  public static func complain(_ line: String) {
    _ = Files.writeAll(Array((line + "\n").utf8), to: STDERR_FILENO)
  }

  /// Writes text to standard output, in one piece.
  public static func print(_ text: String) {
    print(Array(text.utf8))
  }

  /// Writes bytes to standard output, in one piece.
  public static func print(_ bytes: [UInt8]) {
    _ = Files.writeAll(bytes, to: STDOUT_FILENO)
  }
}
