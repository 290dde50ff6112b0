extension Scenario {
  static let timeScenarios = [
    Scenario(
      name: "timers", summary: "thousands sleep for random times; none wakes early, all wake", source: timers),
    Scenario(
      name: "million", summary: "a million processes sleep at once", source: million, isPlayedByDefault: false
    ),
    Scenario(
      name: "alarms", summary: "thousands sleep until the same moment, beside processes that compute",
      source: alarms),
    Scenario(name: "awaits", summary: "limits about as long as what they wait for", source: awaits),
    Scenario(
      name: "ticks", summary: "messages that come about when the limit of a receive is over", source: ticks),
    Scenario(
      name: "idle", summary: "a thousand processes wait for nothing: no processor time", source: idle,
      needsStillness: true),
  ]

  /// They tell by message: the outcomes of so many processes are not kept.
  private static let sleepers = """
    fn sleeper (home, ms) -> {
      let before = monotonic! ()
      sleep! (ms)
      send (home, if lt? (monotonic! (), add (before, ms)) then (:early, ms) else :woke)
    }
    fn sleep_all (size, longest) -> {
      let home = self ()
      let pids = map (fn (_) -> {
        let ms = random (longest)
        spawn! (fn () -> sleeper (home, ms))
      }, range (size))
      repeat size {
        receive {
          :woke -> nil
          (:early, ms) -> panic! ("who sleeps for", ms, "ms woke too early")
        }
      }
      check ("mailbox", [], flush! ())
      await! (last (pids))
    }
    """

  private static let timers = """
    \(sleepers)
    fn round () -> sleep_all (pick (100, 20000), pick (1, 300))
    """

  private static let million = """
    \(sleepers)
    fn round () -> sleep_all (1000000, 5000)
    """

  private static let alarms = """
    fn sleeper (home, moment) -> {
      let now = monotonic! ()
      if gt? (moment, now) then sleep! (sub (moment, now)) else nil
      send (home, if lt? (monotonic! (), moment) then :early else :woke)
    }
    fn hog () -> hog ()
    fn round () -> {
      let home = self ()
      let size = pick (500, 4000)
      let hogs = many (pick (0, 3), hog)
      let moment = add (monotonic! (), pick (20, 100))
      each! (fn (_) -> spawn! (fn () -> sleeper (home, moment)), range (size))
      repeat size {
        receive {
          :woke -> nil
          :early -> panic! ("somebody woke too early")
        }
      }
      each! (exit! (_, :kill), hogs)
      each! (fn (h) -> check ("the end of a hog", (:err, :killed), await! (h)), hogs)
    }
    """

  private static let awaits = """
    fn worker (i) -> spawn! (fn () -> {
      sleep! (mod (i, 3))
      range (mod (i, 50))
    })
    fn client (i, left) -> if zero? (left) then flush! () else {
      match await! (worker (i), 1) with {
        (:ok, value) -> check ("a value", range (mod (i, 50)), value)
        (:err, reason) -> check ("a reason", :timeout, reason)
      }
      receive {
        late -> panic! (string ("a late answer: ", show (late)))
        after 0 -> nil
      }
      client (next (i), dec (left))
    }
    fn serve () -> receive {
      (:call, from, :stop) -> reply (from, :stopped)
      (:call, from, x) -> {
        spawn! (fn () -> reply (from, inc (x)))
        serve ()
      }
    }
    fn caller (to, x, left) -> if zero? (left) then flush! () else {
      check ("a reply", inc (x), call! (to, x, 60000))
      caller (to, next (x), dec (left))
    }
    fn round () -> {
      let asked = spawn! (serve)
      let left = pick (1, 20)
      let clients = many (pick (1, 10), fn () -> client (random_int (1000), left))
      let callers = many (pick (1, 10), fn () -> caller (asked, random_int (1000), mult (left, 10)))
      each! (check ("late messages", [], _), values (concat (clients, callers)))
      check ("the server", :stopped, call! (asked, :stop, 60000))
      value (asked)
    }
    """

  /// Each message is received once: by the receive or by the flush.
  private static let ticks = """
    fn listen (left, got) -> if zero? (left) then got else receive {
      (:tick, _) -> listen (dec (left), inc (got))
      after mod (left, 3) -> listen (dec (left), got)
    }
    fn listener (n) -> {
      let got = listen (n, 0)
      receive { :over -> add (got, count (flush! ())) }
    }
    fn sender (to, i, n) -> if eq? (i, n) then send (to, :over) else {
      send (to, (:tick, range (mult (i, 3))))
      sleep! (mod (i, 2))
      sender (to, inc (i), n)
    }
    fn round () -> {
      let n = pick (1, 20)
      let listeners = many (pick (1, 20), fn () -> listener (n))
      let senders = map (fn (l) -> spawn! (fn () -> sender (l, 0, n)), listeners)
      each! (check ("ticks", n, _), values (listeners))
      values (senders)
    }
    """

  private static let idle = """
    fn round () -> {
      let waiting = many (1000, fn () -> receive { :stop -> 1 })
      sleep! (1000)
      each! (send (_, :stop), waiting)
      check ("woken", 1000, total (values (waiting)))
    }
    """
}
