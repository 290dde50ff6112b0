/// A process that asks for more than it may have panics; the others go on.
final class LimitTests: EdgeTestCase {
  private let panicked = "(:err, (:panic, \"out of memory\"))\n"

  /// A native whose result does not fit must not give `nil` in its place.
  func testRefusedResultsAreNeverSeen() throws {
    for call in [
      "repeat_string (\"a\", 1e12)", "pad_start (\"a\", 1e12)", "range (0, 1e15, 1e-9)",
      "repeat_list (1, 1e13)",
    ] {
      try check("print! (await! (spawn! (fn () -> \(call))))", prints: panicked)
      try check(
        "let me = self ()\nprint! (await! (spawn! (fn () -> send (me, \(call)))))\nprint! (flush! ())",
        prints: panicked + "[]\n")
    }
  }

  func testRecursionWithoutEndEndsItsProcessOnly() throws {
    let program = """
      fn f (x) -> inc (f (x))
      let p = spawn! (fn () -> f (1))
      let q = spawn! (fn () -> { sleep! (20); :fine })
      print! (await! (p))
      print! (await! (q))
      """
    for schedulers in ["1", "2"] {
      try check(program, ["--schedulers", schedulers], prints: panicked + "(:ok, :fine)\n")
    }
    try check("fn f (x) -> inc (f (x))\nf (1)", says: "main process panicked: out of memory", status: 70)
  }

  func testStringsWithoutEndEndTheirProcessOnly() throws {
    let program = "print! (await! (spawn! (fn () -> loop (\"ab\") with (s) -> recur (concat (s, s)))))"
    try check(program, prints: panicked)
    try check(
      "print! (await! (spawn! (fn () -> loop (\"ab\") with (s) -> recur (\"{s}{s}\"))))", prints: panicked)
  }

  func testDeepValuesAreCopiedComparedAndShown() throws {
    let program = """
      fn deep (n) -> loop (n, []) with { (0, xs) -> xs; (m, xs) -> recur (dec (m), [xs]) }
      let x = deep (300_000)
      let y = deep (300_000)
      print! (eq? (x, y), count (show (x)))
      let p = spawn! (fn () -> receive { (from, z) -> send (from, eq? (z, z)) })
      send (p, (self (), x))
      print! (receive { same -> same })
      print! (count (list (set ([x, y]))), count (sort ([y, x])))
      """
    try check(program, prints: "true 600002\ntrue\n1 2\n")
  }
}
