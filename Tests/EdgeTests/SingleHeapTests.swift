/// Limits hold on a single heap, where nothing says to whom an object belongs.
final class SingleHeapTests: EdgeTestCase {
  private let panicked = "(:err, (:panic, \"out of memory\"))\n"

  private func check(single program: String, prints output: String) throws {
    for schedulers in ["1", "2"] {
      try check(program, ["--heap", "single", "--schedulers", schedulers], prints: output)
    }
  }

  func testWhoOutgrowsItsLimitEnds() throws {
    for work in [
      "loop ([]) with (xs) -> recur (append (xs, 1))", "loop ([1]) with (xs) -> recur (concat (xs, xs))",
      "loop (\"ab\") with (s) -> recur (concat (s, s))",
      "loop (#{}, 0) with (d, n) -> recur (assoc (d, n, n), inc (n))",
    ] {
      try check(
        single: "print! (await! (spawn! (fn () -> \(work), #{:max_heap 50_000})))\nprint! (:alive)",
        prints: panicked + ":alive\n")
    }
  }

  func testRecursionWithoutEndEndsItsProcessOnly() throws {
    try check(
      single: "fn f (x) -> inc (f (x))\nprint! (await! (spawn! (fn () -> f (1), #{:max_heap 100_000})))",
      prints: panicked)
  }

  /// What counts is what a process reaches, not what it has made: each of these makes a hundred times its limit.
  func testGarbageIsChargedToNobody() throws {
    let program = """
      fn busy (n) -> if zero? (n) then :done else { range (1_000); busy (sub (n, 1)) }
      print! (await! (spawn! (fn () -> busy (1_000), #{:max_heap 10_000})))
      print! (await! (spawn! (fn () -> busy (1_000), #{:max_heap 10_000})))
      """
    try check(single: program, prints: "(:ok, :done)\n(:ok, :done)\n")
  }

  /// A large object that two processes reach is charged to both.
  func testWhatIsReachedByTwoIsChargedToBoth() throws {
    let program = """
      fn holder () -> receive { xs as :list -> { repeat 300 { range (100) }; count (xs) } }
      let small = spawn! (holder, #{:max_heap 20_000})
      let large = spawn! (holder, #{:max_heap 1_000_000})
      let xs = range (100_000)
      send (small, xs)
      send (large, xs)
      print! (await! (small), await! (large))
      """
    try check(single: program, prints: "(:err, (:panic, \"out of memory\")) (:ok, 100000)\n")
  }
}
