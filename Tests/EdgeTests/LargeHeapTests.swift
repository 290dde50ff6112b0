import XCTest

/// Programs whose heaps are large enough to have generations and to be collected on threads of their own.
final class LargeHeapTests: EdgeTestCase {
  /// What the programs have in common: a process that keeps some 100,000 words and replaces them in turn.
  private let churn = """
    fn grown {
      (0) -> nil
      (d) -> (grown (dec (d)), grown (dec (d)))
    }
    fn size_of {
      (nil) -> 0
      ((left, right)) -> add (1, size_of (left), size_of (right))
    }
    fn churn (live, i, n) -> if zero? (n)
      then sum (map (size_of, live))
      else churn (set_at (live, i, grown (9)), mod (inc (i), 60), dec (n))
    fn trees () -> map (fn (_) -> grown (9), range (60))

    """

  func testWhatIsReplacedInTurnStaysWhole() throws {
    let program = churn + "print! (churn (trees (), 0, 600))"
    for options in [["--schedulers", "1"], ["--schedulers", "2"], ["--heap", "single"]] {
      try check(program, options, prints: "30660\n")
    }
  }

  /// Messages that come while a process is being collected are all there afterwards, in order.
  func testMessagesWaitForACollection() throws {
    let program =
      churn + """
        fn serve (live, i, so_far) -> receive {
          (:add, n) -> serve (set_at (live, mod (i, 60), grown (9)), inc (i), append (so_far, n))
          (:stop, home) -> send (home, (eq? (so_far, range (500)), sum (map (size_of, live))))
        }
        let server = spawn! (fn () -> serve (trees (), 0, []))
        do range (500) > each! (fn (n) -> { send (server, (:add, n)); if zero? (mod (n, 50)) then sleep! (1) else nil }, _)
        send (server, (:stop, self ()))
        print! (receive { answer -> answer })
        """
    for schedulers in ["1", "2"] {
      try check(program, ["--schedulers", schedulers], prints: "(true, 30660)\n")
    }
  }

  /// A deep recursion that allocates on its way down and up keeps all that its frames hold, though they are scanned once.
  func testDeepStacksAreScannedOnce() throws {
    let program =
      churn + """
        fn deep {
          (0) -> 0
          (n) -> {
            let kept = (n, [n], grown (2))
            let below = deep (dec (n))
            let (m, [k], tree) = kept
            if and (eq? (m, k), eq? (size_of (tree), 3)) then inc (below) else panic! ("broken")
          }
        }
        print! (deep (100_000))
        fn zigzag (n, m) -> if zero? (n) then deep (m) else add (deep (20), zigzag (dec (n), m))
        print! (zigzag (5_000, 2_000))
        """
    try check(program, prints: "100000\n102000\n")
  }

  /// Functions that know each other are bound after their record has become old.
  func testRecordsThatBecameOldAreBoundLater() throws {
    let program =
      churn + """
        fn knot (n) -> {
          fn even? (k) -> if zero? (k) then true else odd? (dec (k))
          let work = churn (trees (), 0, 60)
          let data = (n, work)
          fn odd? (k) -> if zero? (k) then false else if eq? (first (data), n) then even? (dec (k)) else panic! ("broken")
          let more = churn (trees (), 0, 60)
          (even? (10), odd? (7), eq? (work, more))
        }
        print! (knot (1), knot (2))
        """
    try check(program, prints: "(true, true, true) (true, true, true)\n")
  }
}
