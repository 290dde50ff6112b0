extension Scenario {
  static let processScenarios = [
    Scenario(name: "spawns", summary: "bursts and trees of short processes; each ends, once", source: spawns),
    Scenario(
      name: "crashes", summary: "processes panic and exit while others wait for them", source: crashes,
      hasPanics: true),
    Scenario(
      name: "kills", summary: "several kill the same processes while several wait for their ends",
      source: kills),
    Scenario(
      name: "estates",
      summary: "processes end with full mailboxes, empty theirs at once, and leave long reasons",
      source: estates, hasPanics: true),
    Scenario(
      name: "steal", summary: "one process makes all the work, the others must come and take it",
      source: steal),
    Scenario(
      name: "chaos", summary: "messages, timers, large heaps and computing, suspended and killed at random",
      source: chaos, hasPanics: true, suspends: true),
  ]

  private static let spawns = """
    fn tree (depth, width) -> if zero? (depth) then 1 else {
      let kids = many (width, fn () -> tree (dec (depth), width))
      inc (total (values (kids)))
    }
    fn size_of (depth, width) -> if zero? (depth) then 1 else inc (mult (width, size_of (dec (depth), width)))
    fn round () -> {
      let home = self ()
      let depth = pick (1, 5)
      let width = pick (1, 4)
      check ("a tree", size_of (depth, width), tree (depth, width))
      let burst = pick (1, 2000)
      let pids = map (fn (i) -> spawn! (fn () -> send (home, (:born, i))), range (burst))
      let born = sort (map (fn (_) -> receive { (:born, i) -> i }, range (burst)))
      check ("births", range (burst), born)
      values (pids)
      check ("alive", 0, count (filter (alive?, pids)))
    }
    """

  private static let crashes = """
    fn end (kind, n) -> match kind with {
      0 -> n
      1 -> panic! ("boom", n)
      2 -> exit! (n)
      3 -> at (:not_a_list, n)
      4 -> end (5, append (range (mult (n, 10)), self ()))
      else -> exit! ((:bye, count (n)))
    }
    fn right? (kind, n, outcome) -> match (kind, outcome) with {
      (0, (:ok, x)) -> eq? (x, n)
      (1, (:err, (:panic, text))) -> eq? (text, string ("boom ", n))
      (2, (:err, x)) -> eq? (x, n)
      (3, (:err, (:panic, _))) -> true
      (4, (:err, (:bye, x))) -> eq? (x, inc (mult (n, 10)))
      else -> false
    }
    fn client (home) -> {
      repeat 20 {
        let kind = random_int (5)
        let n = random_int (100)
        let delay = random_int (3)
        let pid = spawn! (fn () -> {
          if zero? (delay) then nil else if eq? (delay, 1) then yield! () else sleep! (1)
          end (kind, n)
        })
        let outcome = await! (pid)
        if right? (kind, n, outcome) then nil
          else panic! (string ("the end of kind ", kind, " with ", n, " was told as ", show (outcome)))
        check ("asked again", outcome, await! (pid))
      }
      :ok
    }
    fn round () -> {
      let home = self ()
      values (many (pick (1, 20), fn () -> client (home)))
      check ("mailbox", [], flush! ())
    }
    """

  /// What an end, or `flush!`, has to do in proportion to the mailbox must hold nobody up.
  private static let estates = """
    fn fill (to, left) -> if zero? (left) then :ok else {
      send (to, if even? (left) then left else (left, [left]))
      fill (to, dec (left))
    }
    fn place {
      ((i, _)) -> i
      (i) -> i
    }
    fn filled (n, pids) -> values (map (fn (pid) -> spawn! (fn () -> fill (pid, n)), pids))
    fn round () -> {
      let n = pick (1, 40000)
      let victims = map (spawn!, [
        fn () -> receive { :never -> nil },
        fn () -> sleep! (3600000),
        fn () -> spin (1000000000000)
      ])
      filled (n, victims)
      each! (exit! (_, :kill), victims)
      each! (fn (v) -> check ("the end of a victim", (:err, :killed), await! (v)), victims)
      let emptier = spawn! (fn () -> receive { :go -> map (place, flush! ()) })
      filled (n, [emptier])
      send (emptier, :go)
      check ("what was flushed", range (n, 0, -1), value (emptier))
      let text = repeat_string ("0123456789", n)
      let outcome = await! (spawn! (fn () -> panic! (text)))
      check ("a long message", (:err, (:panic, text)), outcome)
    }
    """

  private static let kills = """
    fn victim (kind) -> match kind with {
      0 -> receive { :never -> nil }
      1 -> loop (0) with (n) -> recur (inc (n))
      else -> {
        sleep! (1)
        victim (kind)
      }
    }
    fn round () -> {
      let victims = many (pick (1, 60), fn () -> victim (random_int (3)))
      fn witness () -> count (filter (fn (v) -> eq? (await! (v), (:err, :killed)), victims))
      fn killer (list) -> each! (exit! (_, :kill), list)
      let witnesses = many (pick (1, 4), witness)
      let killers = [spawn! (fn () -> killer (victims)), spawn! (fn () -> killer (reverse (victims)))]
      each! (fn (n) -> check ("killed", count (victims), n), values (witnesses))
      values (killers)
      check ("alive", 0, count (filter (alive?, victims)))
    }
    """

  private static let steal = """
    fn work (n) -> if lt? (n, 2) then n else add (work (sub (n, 1)), work (sub (n, 2)))
    fn round () -> {
      let jobs = pick (10, 300)
      let pids = map (fn (i) -> spawn! (fn () -> work (mod (i, 18))), range (jobs))
      check ("results", map (fn (i) -> work (mod (i, 18)), range (jobs)), values (pids))
    }
    """

  /// Servers, workers, sleepers and hogs, some of which are killed at any moment. A killer is the only one that may end
  /// a process before its time; whoever waits gets either the right value or `:killed`.
  private static let chaos = """
    fn server (state) -> receive {
      (:call, from, :stop) -> reply (from, :stopped)
      (:call, from, x) -> {
        reply (from, (state, x))
        server (inc (state))
      }
    }
    fn job (kind, n) -> match kind with {
      0 -> spin (mult (n, 100))
      1 -> {
        sleep! (mod (n, 5))
        :ok
      }
      2 -> {
        let xs = sort (map (fn (_) -> random_int (1000), range (mult (n, 20))))
        if eq? (xs, sort (xs)) then :ok else :unsorted
      }
      3 -> {
        let kids = many (3, fn () -> spin (n))
        values (kids)
        :ok
      }
      4 -> {
        & Who is killed before it sends leaves one that waits for nothing: it gives up in the end.
        let to = spawn! (fn () -> receive { x -> count (x); after 5_000 -> :nothing_came })
        send (to, range (mult (n, 50)))
        check ("a long list", mult (n, 50), value (to))
      }
      else -> panic! ("as told")
    }
    fn expected? (kind, outcome) -> match outcome with {
      (:ok, :ok) -> true
      (:err, :killed) -> true
      (:err, (:panic, _)) -> eq? (kind, 5)
      else -> false
    }
    fn client (asked) -> {
      repeat 10 {
        let kind = random_int (6)
        let n = random_int (100)
        let s = random_int (100000)
        let pid = start (s, fn () -> job (kind, n))
        let fate = random_int (3)
        if zero? (fate) then exit! (pid, :kill) else nil
        let (_, same) = call! (asked, n, 60000)
        check ("the echo", n, same)
        if eq? (fate, 1) then exit! (pid, :kill) else nil
        let outcome = await! (pid)
        if expected? (kind, outcome) then nil else panic! (string ("a job of kind ", kind, " gave ", show (outcome)))
      }
      :ok
    }
    fn killed_or_done (pid) -> match await! (pid) with {
      (:ok, _) -> nil
      (:err, :killed) -> nil
      (:err, reason) -> panic! (string ("a client ended with ", show (reason)))
    }
    fn round () -> {
      let asked = start (1, fn () -> server (0))
      let clients = many (pick (2, 20), fn () -> client (asked))
      repeat 3 { exit! (choose (clients), :kill) }
      each! (killed_or_done, clients)
      check ("the server", :stopped, call! (asked, :stop, 60000))
      value (asked)
    }
    """
}
