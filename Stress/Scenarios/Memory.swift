extension Scenario {
  static let memoryScenarios = [
    Scenario(
      name: "collections", summary: "heaps that grow, shrink and keep old structures whole",
      source: collections),
    Scenario(
      name: "sharing", summary: "large values are sent to many, updated by each, and stay what they are",
      source: sharing),
  ]

  /// Each process keeps a window of structures of different ages and checks every one that leaves it.
  private static let collections = """
    fn build (s) -> match mod (s, 5) with {
      0 -> range (mod (s, 300))
      1 -> fold (fn (d, i) -> assoc (d, i, (i, s)), range (mod (s, 60)), #{})
      2 -> set (map (fn (i) -> mult (i, s), range (mod (s, 60))))
      3 -> fold (fn (inner, i) -> (i, inner), range (mod (s, 200)), nil)
      else -> map (fn (i) -> "text {i} of {s}", range (mod (s, 40)))
    }
    fn churn (kept, s, left) -> if zero? (left) then kept else {
      let t = next (s)
      let more = append (kept, (t, build (t)))
      if lt? (count (more), add (5, mod (t, 60))) then churn (more, t, dec (left)) else {
        let (old, thing) = first (more)
        check ("an old structure", build (old), thing)
        churn (rest (more), t, dec (left))
      }
    }
    fn verify (kept) -> each! (fn ((s, thing)) -> check ("what was kept", build (s), thing), kept)
    fn round () -> {
      let turns = pick (10, 150)
      values (many (pick (1, 12), fn () -> verify (churn ([], random_int (65537), turns))))
    }
    """

  private static let sharing = """
    fn large (s) -> match mod (s, 4) with {
      0 -> range (add (3000, mod (s, 3000)))
      1 -> join (map (fn (i) -> "line {i} of {s}", range (300)), "; ")
      2 -> fold (fn (d, i) -> assoc (d, i, mult (i, s)), range (1500), #{})
      else -> map (fn (i) -> (i, range (20)), range (200))
    }
    fn update_of (s, x, i) -> match mod (s, 4) with {
      0 -> set_at (x, i, :mine)
      1 -> concat (x, "mine")
      2 -> assoc (x, :mine, i)
      else -> append (x, :mine)
    }
    fn holder (s, next) -> receive {
      (:take, x, left) -> {
        check ("a large value", large (s), x)
        let mine = update_of (s, x, mod (left, 100))
        if zero? (left) then nil else send (next, (:take, x, dec (left)))
        check ("what was updated", update_of (s, large (s), mod (left, 100)), mine)
        check ("the value before", large (s), x)
        holder (s, next)
      }
      (:next, pid) -> holder (s, pid)
      :stop -> :ok
    }
    fn round () -> {
      let s = random_int (10000)
      let size = pick (2, 8)
      let x = large (s)
      let holders = many (size, fn () -> holder (s, nil))
      each! (fn (i) -> send (at (holders, i), (:next, at (holders, mod (inc (i), size)))), range (size))
      each! (send (_, (:take, x, pick (1, 12))), holders)
      each! (await_quiet, holders)
      values (holders)
    }
    fn await_quiet (pid) -> {
      sleep! (1)
      send (pid, :stop)
    }
    """
}
