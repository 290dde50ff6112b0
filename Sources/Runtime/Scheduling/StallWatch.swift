/// What a scheduler sees of the next one's turns: whether that has lost its processor while it had something to do.
///
/// Its caller looks every 0.1 ms or so, while it has work itself. A scheduler that has no turns and does not sleep is either
/// in a long step (0.2 ms at most, by design) or off its processor; after `patience` it is taken for the latter.
struct StallWatch {
  /// Nanoseconds without a turn from which on a scheduler may be stalled: longer than any step should be, and than Linux takes
  /// a thread to be at home in a cache (0.5 ms), which it would not move.
  static let patience: UInt64 = 600_000
  /// Nanoseconds without a turn from which on what only that scheduler could run is taken from it, be it in a long step or
  /// off its processor: that costs little, and longer than this nobody should wait.
  static let relief: UInt64 = 200_000
  /// Between two looks of its own it is never so long, unless it has lost its processor itself.
  static let interruption: UInt64 = 2_000_000
  /// For how long it then minds its own business: there may be too few processors for all that run here, and Linux lets
  /// each run for some 3 ms.
  static let recovery: UInt64 = 3_000_000

  private var turns: UInt64 = 0
  /// When the other's turns were first what they are.
  private var since: UInt64 = 0
  private var wait = StallWatch.patience
  /// When it looked last; 0: it slept meanwhile, or made way.
  private var lastLook: UInt64 = 0
  /// Until when it minds its own business.
  private var busyUntil: UInt64 = 0

  /// It has slept, or made way: its next look comes late for a reason.
  mutating func wasAway() { lastLook = 0 }

  /// Whether the other, at the last look, had not had a turn for so long that it is to be relieved.
  var sawStandstill: Bool { lastLook &- since >= StallWatch.relief }

  /// Looks at the other's turns so far. True: it seems to be stalled, and it is time to do something about it; of one
  /// stall that is so after 1, 2, 4 … times `patience`.
  mutating func looks(at turns: UInt64, isAway: Bool, now: UInt64) -> Bool {
    if lastLook != 0 && now &- lastLook > StallWatch.interruption { busyUntil = now &+ StallWatch.recovery }
    lastLook = now
    if isAway || turns != self.turns {
      self.turns = turns
      since = now
      wait = StallWatch.patience
      return false
    }
    if now &- since < wait || now < busyUntil { return false }
    wait *= 2
    return true
  }
}
