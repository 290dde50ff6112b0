/// A program that hammers processes, mailboxes and schedulers, and knows what must come out: its oracle counts what
/// goes in and out and needs no knowledge of the order of events.
struct Storm: Sendable {
  let name: String
  /// Its Ludus source for a seed.
  let source: @Sendable (UInt64) -> String

  /// What every storm's script gives, if nothing was lost and nothing came twice.
  static let sound = ":sound"

  static let all = [
    Storm(name: "hops", source: hops), Storm(name: "trees", source: trees),
    Storm(name: "kills", source: kills), Storm(name: "awaits", source: awaits),
    Storm(name: "ticks", source: ticks), Storm(name: "refs", source: refs),
  ]

  /// A number in a range that depends on the seed and a salt.
  private static func pick(_ range: ClosedRange<Int>, _ seed: UInt64, _ salt: UInt64) -> Int {
    var x = (seed &+ salt &* 0x9E37_79B9_7F4A_7C15) ^ 0xD1B5_4A32_D192_ED03
    x = (x ^ x >> 30) &* 0xBF58_476D_1CE4_E5B9
    x = (x ^ x >> 27) &* 0x94D0_49BB_1331_11EB
    x ^= x >> 31
    return range.lowerBound + Int(x % UInt64(range.count))
  }

  private static let common = """
    fn next (s) -> mod (add (mult (s, 75), 74), 65537)
    fn check (what, expected, got) -> if eq? (expected, got) then :sound
      else panic! (string (what, ": expected ", show (expected), ", got ", show (got)))
    fn total (numbers) -> fold (add, numbers, 0)

    """

  /// Messages of all sizes wander from node to node: sent = received, and what arrives is what was sent.
  private static func hops(_ seed: UInt64) -> String {
    let nodes = pick(2...40, seed, 1)
    let chains = pick(1...60, seed, 2)
    let length = pick(1...200, seed, 3)
    return common + """
      let home = self ()
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
      fn node (peers, seen) -> receive {
        (:call, from, :seen) -> reply (from, seen)
        (:peers, list) -> node (list, seen)
        (:hop, left, s, x) -> {
          if whole? (s, x) then nil else panic! ("a message was damaged")
          if zero? (left)
            then send (home, :done)
            else {
              let t = next (s)
              send (at (peers, mod (t, count (peers))), (:hop, dec (left), t, load (t)))
            }
          node (peers, inc (seen))
        }
      }
      let nodes = map (fn (_) -> spawn! (fn () -> node ([], 0)), range (\(nodes)))
      each! (fn (n) -> send (n, (:peers, nodes)), nodes)
      each! (fn (i) -> {
        let s = mod (add (\(seed % 65537), mult (i, 7919)), 65537)
        send (at (nodes, mod (i, \(nodes))), (:hop, \(length), s, load (s)))
      }, range (\(chains)))
      repeat \(chains) { receive { :done -> nil } }
      let seen = total (map (fn (n) -> call! (n, :seen, 20000), nodes))
      check ("hops", \(chains * (length + 1)), seen)
      check ("ends", \(nodes), count (filter (fn (n) -> ok? (await! (n)), nodes)))
      check ("mailbox", [], flush! ())

      """
  }

  /// A tree of processes that wait for their children: every one that was spawned ends and is counted once.
  private static func trees(_ seed: UInt64) -> String {
    let depth = pick(1...5, seed, 1)
    let width = pick(1...5, seed, 2)
    var size = 1
    for _ in 0..<depth { size = size * width + 1 }
    return common + """
      fn tree (depth) -> if zero? (depth) then 1 else {
        let kids = map (fn (_) -> spawn! (fn () -> tree (dec (depth))), range (\(width)))
        inc (total (map (fn (k) -> unwrap! (await! (k)), kids)))
      }
      check ("tree", \(size), tree (\(depth)))
      check ("again", \(size), unwrap! (await! (spawn! (fn () -> tree (\(depth))))))

      """
  }

  /// Processes that wait, sleep or compute are killed by several at once, while several wait for their end.
  private static func kills(_ seed: UInt64) -> String {
    let victims = pick(1...60, seed, 1)
    let witnesses = pick(1...4, seed, 2)
    return common + """
      fn victim (s) -> match mod (s, 3) with {
        0 -> receive { :never -> nil }
        1 -> loop (0) with (n) -> recur (inc (n))
        else -> { sleep! (mod (s, 3)); victim (s) }
      }
      let victims = map (fn (i) -> spawn! (fn () -> victim (add (i, \(seed % 1000)))), range (\(victims)))
      fn witness () -> count (filter (fn (v) -> eq? (await! (v), (:err, :killed)), victims))
      fn killer (list) -> each! (fn (v) -> exit! (v, :kill), list)
      let witnesses = map (fn (_) -> spawn! (witness), range (\(witnesses)))
      let killers = [spawn! (fn () -> killer (victims)), spawn! (fn () -> killer (reverse (victims)))]
      each! (fn (w) -> check ("killed", (:ok, \(victims)), await! (w)), witnesses)
      each! (await!, killers)
      check ("alive", 0, count (filter (alive?, victims)))

      """
  }

  /// Waits with limits about as long as what they wait for takes: late answers are never seen.
  private static func awaits(_ seed: UInt64) -> String {
    let clients = pick(1...8, seed, 1)
    let rounds = pick(1...20, seed, 2)
    return common + """
      fn worker (i) -> spawn! (fn () -> { sleep! (mod (i, 3)); range (mod (i, 50)) })
      fn client (i, left) -> if zero? (left) then flush! () else {
        match await! (worker (i), 1) with {
          (:ok, value) -> check ("value", range (mod (i, 50)), value)
          (:err, reason) -> check ("reason", :timeout, reason)
        }
        receive { late -> panic! (string ("a late answer: ", show (late))); after 0 -> nil }
        client (next (i), dec (left))
      }
      fn serve () -> receive {
        (:call, from, :stop) -> reply (from, :stopped)
        (:call, from, x) -> { spawn! (fn () -> reply (from, inc (x))); serve () }
      }
      let server = spawn! (serve)
      fn caller (x, left) -> if zero? (left) then flush! () else {
        check ("reply", inc (x), call! (server, x, 20000))
        caller (next (x), dec (left))
      }
      let all = map (fn (i) -> spawn! (fn () -> if even? (i)
        then client (add (i, \(seed % 1000)), \(rounds))
        else caller (i, \(rounds * 10))), range (\(clients * 2)))
      each! (fn (c) -> check ("client", (:ok, []), await! (c, 20000)), all)
      check ("stop", :stopped, call! (server, :stop, 20000))

      """
  }

  /// Messages that come about when the limit of `receive` is over: each is received once, by the receive or by the flush.
  private static func ticks(_ seed: UInt64) -> String {
    let pairs = pick(1...20, seed, 1)
    let count = pick(1...20, seed, 2)
    return common + """
      fn listen (left, got) -> if zero? (left) then got else receive {
        (:tick, _) -> listen (dec (left), inc (got))
        after mod (left, 3) -> listen (dec (left), got)
      }
      fn listener () -> {
        let got = listen (\(count), 0)
        receive { :over -> add (got, count (flush! ())) }
      }
      fn sender (to, i) -> if eq? (i, \(count)) then send (to, :over) else {
        send (to, (:tick, range (mult (i, 3))))
        sleep! (mod (i, 2))
        sender (to, inc (i))
      }
      let listeners = map (fn (_) -> spawn! (listener), range (\(pairs)))
      let senders = map (fn (l) -> spawn! (fn () -> sender (l, 0)), listeners)
      each! (fn (l) -> check ("ticks", (:ok, \(count)), await! (l, 20000)), listeners)
      each! (fn (s) -> check ("sender", (:ok, :over), await! (s, 20000)), senders)
      :sound

      """
  }

  /// Many update the same refs at once: no update is lost, and a watcher of the value never sees it fall.
  private static func refs(_ seed: UInt64) -> String {
    let workers = pick(1...20, seed, 1)
    let updates = pick(1...100, seed, 2)
    return common + """
      ref sum = 0
      ref log = []
      fn worker (left) -> if zero? (left) then :ok else {
        update! (sum, inc)
        if zero? (mod (left, 10)) then update! (log, append (_, left)) else nil
        worker (dec (left))
      }
      fn watcher (last, left) -> if zero? (left) then :ok else {
        let n = deref (sum)
        if lt? (n, last) then panic! ("the sum fell") else watcher (n, dec (left))
      }
      let all = map (fn (_) -> spawn! (fn () -> worker (\(updates))), range (\(workers)))
      let watching = spawn! (fn () -> watcher (0, 50))
      each! (fn (p) -> check ("end", (:ok, :ok), await! (p, 20000)), append (all, watching))
      check ("log", \(workers * (updates / 10)), count (deref (log)))
      check ("sum", \(workers * updates), deref (sum))

      """
  }
}
