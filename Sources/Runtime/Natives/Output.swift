import Memory
import Platform
import Synchronization
import Words

/// The program's standard output: one buffer for all processes, so that what one call writes is never mixed with what
/// another writes. Whoever ends the program, or is about to wait for input, flushes it.
public enum Output {
  private static let pending = Mutex<[UInt8]>([])

  /// A person at a terminal sees each line at once; a file or pipe gets pieces of this many bytes.
  private static let limit = Terminal.showsOutput ? 0 : 1 << 15

  /// Writes a string, and a newline behind it if asked.
  static func write(_ text: StringView, newline: Bool) {
    pending.withLock { bytes in
      text.append(0..<text.byteCount, to: &bytes)
      if newline { bytes.append(10) }
      if bytes.count > limit { flush(&bytes) }
    }
  }

  /// Hands everything written so far to the system. What it refuses (a closed pipe) is lost.
  public static func flush() { pending.withLock { flush(&$0) } }

  private static func flush(_ bytes: inout [UInt8]) {
    guard !bytes.isEmpty else { return }
    Terminal.print(bytes)
    bytes.removeAll(keepingCapacity: bytes.count <= 1 << 16)
  }
}
