extension Scenario {
  static let cheatScenarios = [
    Scenario(
      name: "hogs", summary: "pairs that wake each other all the time, beside processes that compute",
      source: hogs),
    Scenario(
      name: "yields",
      summary: "processes that give up their slice just before it ends, and send to themselves",
      source: yields),
    Scenario(
      name: "inversion", summary: "urgent processes ask one of low priority, beside others that compute",
      source: inversion
    ),
    Scenario(
      name: "switching", summary: "the scheduling policy changes all the time, beneath messages and timers",
      source: switching),
  ]

  /// Who computes honestly must get its turns while others try to keep the schedulers: honest ones finish a fixed amount
  /// of work, and cheats go on until they have.
  private static let field = """
    fn honest (home, n) -> {
      spin (n)
      send (home, :done)
    }
    fn play (size, cheats) -> {
      let home = self ()
      let workers = many (size, fn () -> honest (home, pick (10000, 200000)))
      repeat size { receive { :done -> nil } }
      values (workers)
      each! (exit! (_, :kill), cheats)
      each! (fn (c) -> check ("the end of a cheat", (:err, :killed), await! (c)), cheats)
    }
    """

  private static let hogs = """
    \(field)
    fn echo () -> receive {
      (from, n) -> {
        send (from, (self (), inc (n)))
        echo ()
      }
    }
    fn round () -> {
      let pairs = pick (1, 4)
      let echoes = map (fn (_) -> spawn! (echo), range (mult (pairs, 2)))
      each! (fn (i) -> send (at (echoes, mult (i, 2)), (at (echoes, inc (mult (i, 2))), 0)), range (pairs))
      play (pick (1, 8), echoes)
    }
    """

  private static let yields = """
    \(field)
    fn nearly (n) -> {
      spin (n)
      yield! ()
      nearly (n)
    }
    fn to_self () -> receive {
      x -> {
        send (self (), x)
        to_self ()
      }
    }
    fn sleeper () -> {
      spin (1500)
      sleep! (0.01)
      sleeper ()
    }
    fn round () -> {
      let talker = spawn! (to_self)
      send (talker, :go)
      let cheats = append (many (pick (1, 6), fn () -> nearly (pick (1, 1990))), talker, spawn! (sleeper))
      play (pick (1, 8), cheats)
    }
    """

  /// Who waits for a process of low priority must not wait for ever, whatever computes beside it.
  private static let inversion = """
    fn server () -> receive {
      (:call, from, :stop) -> reply (from, :stopped)
      (:call, from, n) -> {
        spin (mod (n, 500))
        reply (from, inc (n))
        server ()
      }
    }
    fn urgent (asked, left) -> if zero? (left) then :ok else {
      check ("a reply", inc (left), call! (asked, left, 60000))
      urgent (asked, dec (left))
    }
    fn middle () -> {
      spin (100)
      middle ()
    }
    fn round () -> {
      let asked = spawn! (server, #{:priority :low})
      let middles = map (fn (_) -> spawn! (middle), range (pick (1, 6)))
      let left = pick (1, 20)
      let clients = map (
        fn (_) -> spawn! (fn () -> urgent (asked, left), #{:priority choose ([:high, :max])}), range (pick (1, 4)))
      values (clients)
      check ("the server", :stopped, call! (asked, :stop, 60000))
      each! (exit! (_, :kill), middles)
      each! (fn (m) -> check ("the end of a middle", (:err, :killed), await! (m)), middles)
      value (asked)
    }
    """

  /// When the policy changes, no process may be lost and none doubled.
  private static let switching = """
    let policies = [:round_robin, :global_queue, :work_stealing, :lifo_stealing, :priority, :fair_share, :affinity]
    fn change (left) -> if zero? (left) then set_policy! (:work_stealing) else {
      set_policy! (choose (policies))
      if even? (left) then sleep! (random (2)) else spin (random_int (3000))
      change (dec (left))
    }
    fn node (home, passed) -> receive {
      (:token, 0, _) -> {
        send (home, :token)
        node (home, inc (passed))
      }
      (:token, left, nodes) -> {
        if zero? (mod (left, 40)) then sleep! (random (1)) else nil
        send (choose (nodes), (:token, dec (left), nodes))
        node (home, inc (passed))
      }
      :stop -> passed
    }
    fn round () -> {
      let home = self ()
      let tokens = pick (1, 20)
      let hops = pick (1, 300)
      let nodes = many (pick (2, 12), fn () -> node (home, 0))
      let hogs = many (pick (0, 4), fn () -> spin (pick (1000, 50000)))
      let changes = pick (1, 20)
      let changing = many (pick (1, 2), fn () -> change (changes))
      each! (fn (_) -> send (choose (nodes), (:token, hops, nodes)), range (tokens))
      repeat tokens { receive { :token -> nil } }
      values (changing)
      values (hogs)
      each! (send (_, :stop), nodes)
      check ("hops", mult (tokens, inc (hops)), total (values (nodes)))
    }
    """
}
