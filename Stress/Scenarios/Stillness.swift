import Runtime

/// How long all schedulers slept without a single turn: an idle program uses no processor time.
struct Stillness {
  /// What an idle program must reach, in nanoseconds: many times any interval at which a policy may look around.
  static let enough: UInt64 = 500_000_000

  private(set) var longest: UInt64 = 0
  private var since: UInt64?
  private var steps: UInt64 = 0

  mutating func look(at view: SchedulersView, now: UInt64) {
    let steps = view.turns + view.parks
    if let since, view.sleeping == view.count, steps == self.steps {
      longest = max(longest, now - since)
    } else {
      since = view.sleeping == view.count ? now : nil
      self.steps = steps
    }
  }
}
