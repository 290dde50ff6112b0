/// Nanoseconds for people.
public enum Duration {
  public static func text(_ nanoseconds: UInt64) -> String {
    func three(_ x: Double) -> String {
      let digits = x < 10 ? 2 : x < 100 ? 1 : 0
      var scale = 1.0
      for _ in 0..<digits { scale *= 10 }
      let rounded = (x * scale).rounded() / scale
      return digits == 0 ? "\(Int(rounded))" : "\(rounded)"
    }
    let x = Double(nanoseconds)
    if x < 1e3 { return "\(nanoseconds) ns" }
    if x < 1e6 { return three(x / 1e3) + " µs" }
    if x < 1e9 { return three(x / 1e6) + " ms" }
    return three(x / 1e9) + " s"
  }
}
