/// Numbers as people read them: three digits that matter, and a unit that fits.
public enum Figures {
  /// E.g. `12.3 ms`, of nanoseconds.
  public static func time(_ nanoseconds: Double) -> String {
    scaled(nanoseconds, steps: [("ns", 1), ("µs", 1e3), ("ms", 1e6), ("s", 1e9)])
  }

  /// E.g. `45.6 MB`.
  public static func bytes(_ bytes: Double) -> String {
    scaled(bytes, steps: [("B", 1), ("kB", 1e3), ("MB", 1e6), ("GB", 1e9)])
  }

  /// E.g. `1.23 M`.
  public static func count(_ count: Double) -> String {
    scaled(count, steps: [("", 1), ("k", 1e3), ("M", 1e6), ("G", 1e9)])
  }

  /// E.g. `3.1 %`, of a share.
  public static func share(_ share: Double) -> String { digits(share * 100) + " %" }

  private static func scaled(_ value: Double, steps: [(unit: String, size: Double)]) -> String {
    let step = steps.last { abs(value) >= $0.size } ?? steps[0]
    let number = digits(value / step.size)
    return step.unit.isEmpty ? number : number + " " + step.unit
  }

  /// Three digits that matter; whole numbers as they are.
  public static func digits(_ value: Double) -> String {
    if !value.isFinite { return "–" }
    if abs(value) >= 100 || value == value.rounded() { return "\(Int(value.rounded()))" }
    let places = abs(value) >= 10 ? 1 : 2
    let power = places == 1 ? 10.0 : 100.0
    let whole = Int((abs(value) * power).rounded())
    let rest = "\(whole % Int(power))"
    let padded = String(repeating: "0", count: places - rest.count) + rest
    return (value < 0 ? "-" : "") + "\(whole / Int(power)).\(padded)"
  }
}
