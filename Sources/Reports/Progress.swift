import Platform

/// A line on the terminal that tells how far a long piece of work is. Where nobody looks, nothing is written.
public struct Progress {
  private let total: Int
  private let shows: Bool
  private let start = Environment.milliseconds

  public init(total: Int) {
    self.total = total
    shows = Terminal.showsErrors
  }

  /// Shows that `done` pieces are done and what is under way.
  public func show(_ done: Int, _ text: String) {
    guard shows else { return }
    var line = "[\(done + 1)/\(total)] \(text)"
    if done > 0 {
      let left = Double(Environment.milliseconds - start) / Double(done) * Double(total - done) / 1000
      let seconds = Int(left.rounded(.up))
      line += "  about \(seconds / 60):\(seconds % 60 < 10 ? "0" : "")\(seconds % 60) left"
    }
    // Over the line before, and what it had more.
    Terminal.write("\r\u{1B}[K" + line)
  }

  /// Takes the line away.
  public func end() {
    if shows { Terminal.write("\r\u{1B}[K") }
  }
}
