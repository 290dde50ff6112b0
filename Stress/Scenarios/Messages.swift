extension Scenario {
  static let messageScenarios = [
    Scenario(
      name: "storm", summary: "everybody sends messages of all sizes to everybody, counted and in order",
      source: storm),
    Scenario(
      name: "hops", summary: "values of all kinds wander from process to process and arrive whole",
      source: hops),
    Scenario(name: "ring", summary: "many tokens go round a ring; every hop is counted", source: ring),
    Scenario(name: "fan", summary: "one process feeds many, and they all feed one", source: fan),
    Scenario(
      name: "flood", summary: "many senders drown one receiver, which must get all in order", source: flood),
    Scenario(
      name: "selective", summary: "receives and calls behind a mailbox full of what nobody wants",
      source: selective),
    Scenario(name: "refs", summary: "many update the same refs; no update is lost", source: refs),
  ]

  /// Every message carries its sender's number and its place in the order of what that sender sent to this receiver. A
  /// receiver expects exactly the next place, so that what is lost, doubled or out of order is seen when it happens.
  /// In the end: sent = received + still queued, for every pair.
  private static let storm = """
    fn body (s) -> match mod (s, 5) with {
      0 -> s
      1 -> "a string that is longer than a small cell holds, with the number {s}"
      2 -> range (mod (s, 40))
      3 -> (s, #{:a s, :b [s, (s, nil)]})
      else -> fn () -> s
    }
    fn same? (s, x) -> if eq? (mod (s, 5), 4) then eq? (x (), s) else eq? (x, body (s))
    fn accept (seen, from, place, s, x) -> {
      check ("the order of messages", get (from, seen, 0), place)
      if same? (s, x) then nil else panic! ("a message was damaged")
      assoc (seen, from, inc (place))
    }
    fn drain (seen) -> receive {
      (:data, from, place, s, x) -> drain (accept (seen, from, place, s, x))
      after 0 -> seen
    }
    fn wait_for_stop (seen) -> receive {
      (:data, from, place, s, x) -> wait_for_stop (accept (seen, from, place, s, x))
      :stop -> seen
    }
    fn talk (me, peers, left, sent, seen) -> if zero? (left) then (sent, seen) else {
      let to = random_int (count (peers))
      let place = get (to, sent, 0)
      let s = random_int (1000)
      send (at (peers, to), (:data, me, place, s, body (s)))
      talk (me, peers, dec (left), assoc (sent, to, inc (place)), if even? (s) then drain (seen) else seen)
    }
    fn node (home, messages) -> receive {
      (:go, me, peers) -> {
        let (sent, seen) = talk (me, peers, messages, #{}, #{})
        send (home, :talked)
        let received = wait_for_stop (seen)
        let queued = fold (fn (n, (:data, from, place, s, x)) -> accept (n, from, place, s, x), flush! (), received)
        (sent, queued)
      }
    }
    fn round () -> {
      let home = self ()
      let size = pick (2, 30)
      let messages = pick (1, 400)
      let nodes = many (size, fn () -> node (home, messages))
      each! (fn (i) -> send (at (nodes, i), (:go, i, nodes)), range (size))
      repeat size { receive { :talked -> nil } }
      each! (send (_, :stop), nodes)
      let books = values (nodes)
      each! (fn (i) -> {
        let (sent, _) = at (books, i)
        each! (fn (j) -> {
          let (_, seen) = at (books, j)
          check ("messages of a pair", get (j, sent, 0), get (i, seen, 0))
        }, range (size))
      }, range (size))
    }
    """

  private static let hops = """
    fn load (s) -> match mod (s, 7) with {
      0 -> s
      1 -> "a string, longer than a small cell holds, of process {s}"
      2 -> range (mod (s, 40))
      3 -> (s, (s, [s, "x"]), #{:a s, :b [s]})
      4 -> fn () -> s
      5 -> range (add (200, mod (s, 2000)))
      else -> :nothing
    }
    fn whole? (s, x) -> match mod (s, 7) with {
      4 -> eq? (x (), s)
      else -> eq? (x, load (s))
    }
    fn node (home, peers, seen) -> receive {
      (:call, from, :seen) -> {
        reply (from, seen)
        :done
      }
      (:peers, list) -> node (home, list, seen)
      (:hop, left, s, x) -> {
        if whole? (s, x) then nil else panic! ("a message was damaged")
        if zero? (left)
          then send (home, :done)
          else {
            let t = next (s)
            send (at (peers, mod (t, count (peers))), (:hop, dec (left), t, load (t)))
          }
        node (home, peers, inc (seen))
      }
    }
    fn round () -> {
      let home = self ()
      let size = pick (2, 40)
      let chains = pick (1, 60)
      let length = pick (1, 100)
      let nodes = many (size, fn () -> node (home, [], 0))
      each! (send (_, (:peers, nodes)), nodes)
      each! (fn (s) -> send (at (nodes, mod (s, size)), (:hop, length, s, load (s))), seeds (chains))
      repeat chains { receive { :done -> nil } }
      check ("hops", mult (chains, inc (length)), total (map (fn (n) -> call! (n, :seen, 60000), nodes)))
      values (nodes)
      check ("mailbox", [], flush! ())
    }
    """

  private static let ring = """
    fn node (home, next, passed) -> receive {
      (:next, pid) -> node (home, pid, passed)
      (:token, 0) -> {
        send (home, :token)
        node (home, next, inc (passed))
      }
      (:token, left) -> {
        send (next, (:token, dec (left)))
        node (home, next, inc (passed))
      }
      :stop -> passed
    }
    fn round () -> {
      let home = self ()
      let size = pick (1, 200)
      let tokens = pick (1, 40)
      let hops = pick (1, 1000)
      let nodes = many (size, fn () -> node (home, home, 0))
      each! (fn (i) -> send (at (nodes, i), (:next, at (nodes, mod (inc (i), size)))), range (size))
      each! (fn (s) -> send (at (nodes, mod (s, size)), (:token, hops)), seeds (tokens))
      repeat tokens { receive { :token -> nil } }
      each! (send (_, :stop), nodes)
      check ("hops", mult (tokens, inc (hops)), total (values (nodes)))
    }
    """

  private static let fan = """
    fn worker (sink) -> receive {
      (:job, n) -> {
        spin (mod (n, 50))
        send (sink, (:done, n))
        worker (sink)
      }
      :stop -> :ok
    }
    fn sink (left, sum) -> if zero? (left) then sum else receive { (:done, n) -> sink (dec (left), add (sum, n)) }
    fn round () -> {
      let size = pick (1, 300)
      let jobs = pick (1, 3000)
      let last = spawn! (fn () -> sink (jobs, 0))
      let workers = many (size, fn () -> worker (last))
      each! (fn (n) -> send (at (workers, mod (n, size)), (:job, n)), range (jobs))
      check ("the sum of all jobs", total (range (jobs)), value (last))
      each! (send (_, :stop), workers)
      values (workers)
    }
    """

  private static let flood = """
    fn sender (me, to, left) -> if zero? (left) then :ok else {
      send (to, (me, left))
      sender (me, to, dec (left))
    }
    fn receiver (left, next) -> if zero? (left) then next else receive {
      (from, place) -> {
        check ("the order of messages", get (from, next), place)
        receiver (dec (left), assoc (next, from, dec (place)))
      }
    }
    fn round () -> {
      let size = pick (1, 20)
      let messages = pick (1, 2000)
      let first = fold (fn (d, i) -> assoc (d, i, messages), range (size), #{})
      let last = spawn! (fn () -> (receiver (mult (size, messages), first), flush! ()))
      let senders = map (fn (i) -> spawn! (fn () -> sender (i, last, messages)), range (size))
      values (senders)
      let (left, rest) = value (last)
      check ("messages to come", 0, total (values_of (left)))
      check ("messages too many", [], rest)
    }
    fn values_of (d) -> map (fn (key) -> get (key, d), keys (d))
    """

  private static let selective = """
    fn server () -> receive {
      (:call, from, :stop) -> reply (from, :stopped)
      (:call, from, x) -> {
        reply (from, inc (x))
        server ()
      }
    }
    fn calls (to, left) -> if zero? (left) then :ok else {
      check ("a reply", inc (left), call! (to, left, 60000))
      calls (to, dec (left))
    }
    fn backwards (tag) -> if zero? (tag) then :ok else {
      receive { (:tag, n) if eq? (n, tag) -> nil }
      backwards (dec (tag))
    }
    fn round () -> {
      let me = self ()
      let junk = pick (0, 5000)
      let tags = pick (1, 60)
      let asked = start (1, server)
      each! (fn (i) -> send (me, (:junk, i)), range (junk))
      let senders = many (pick (1, 4), fn () -> each! (fn (i) -> send (me, (:tag, inc (i))), range (tags)))
      calls (asked, pick (1, 200))
      repeat_times (count (senders), fn () -> backwards (tags))
      check ("the server", :stopped, call! (asked, :stop, 60000))
      values (senders)
      check ("what nobody wanted", map (fn (i) -> (:junk, i), range (junk)), flush! ())
    }
    fn repeat_times (n, f) -> if zero? (n) then :ok else {
      f ()
      repeat_times (dec (n), f)
    }
    """

  private static let refs = """
    fn worker (sum, log, left) -> if zero? (left) then :ok else {
      update! (sum, inc)
      if zero? (mod (left, 10)) then update! (log, append (_, left)) else nil
      worker (sum, log, dec (left))
    }
    fn watcher (sum, last, left) -> if zero? (left) then :ok else {
      let n = deref (sum)
      if lt? (n, last) then panic! ("the sum fell") else watcher (sum, n, dec (left))
    }
    fn round () -> {
      ref sum = 0
      ref log = []
      let size = pick (1, 20)
      let updates = pick (1, 100)
      let workers = many (size, fn () -> worker (sum, log, updates))
      let watching = spawn! (fn () -> watcher (sum, 0, 50))
      values (append (workers, watching))
      check ("the log", mult (size, quot (updates, 10)), count (deref (log)))
      check ("the sum", mult (size, updates), deref (sum))
    }
    """
}
