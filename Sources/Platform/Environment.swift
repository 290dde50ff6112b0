import CLinux
import Glibc

/// What the system tells about the program's surroundings.
public enum Environment {
  /// The value of an environment variable.
  public static func value(of name: String) -> String? {
    unsafe getenv(name).map { unsafe String(cString: $0) }
  }

  /// How many processors this program may use.
  public static var processors: Int { Processors.allowed }

  /// Milliseconds since the beginning of 1970.
  public static var milliseconds: Int64 {
    var now = timespec()
    unsafe clock_gettime(CLOCK_REALTIME, &now)
    return Int64(now.tv_sec) * 1000 + Int64(now.tv_nsec) / 1_000_000
  }
}
