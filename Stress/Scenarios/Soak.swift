extension Scenario {
  static let soakScenarios = [
    Scenario(
      name: "soak",
      summary: "a mixed load of all kinds for as long as you like; memory must not grow after warm-up",
      source: soak, epilogue: stopKeepers,
      isPlayedByDefault: false, watchesMemory: true)
  ]

  private static let stopKeepers =
    #"each! (fn (k) -> check ("a keeper", :stopped, call! (k, :stop, 60000)), keepers)"#

  /// Each round has about the same load, so that memory has reached its peak after some of them: short processes that get
  /// and send small messages, large values of all kinds that wander, are updated and shared, processes with large
  /// heaps, large results and reasons, some killed with all they have. What keepers hold outlives rounds: it is replaced
  /// piece by piece, and checked.
  private static let soak = """
    fn large (s) -> match mod (s, 6) with {
      0 -> range (add (5000, mod (s, 15000)))
      1 -> join (map (fn (i) -> "line {i} of {s}", range (add (300, mod (s, 1500)))), "; ")
      2 -> fold (fn (d, i) -> assoc (d, i, mult (i, s)), range (1500), #{})
      3 -> map (fn (i) -> (i, range (mod (i, 20))), range (600))
      4 -> share (map (fn (i) -> "{i}:{s}", range (300)))
      else -> range (add (300, mod (s, 3000)))
    }
    fn update_of (s, x, i) -> match mod (s, 6) with {
      0 -> set_at (x, i, :mine)
      1 -> concat (x, "mine")
      2 -> assoc (x, :mine, i)
      else -> append (x, i)
    }

    & What lives longer than a round.
    fn keeper (kept) -> receive {
      (:call, from, (:put, i, s, x)) -> {
        reply (from, :ok)
        keeper (assoc (kept, i, (s, x)))
      }
      (:call, from, (:get, i)) -> {
        reply (from, get (i, kept, :none))
        keeper (kept)
      }
      (:call, from, :stop) -> reply (from, :stopped)
    }
    let keepers = map (fn (_) -> spawn! (fn () -> keeper (#{})), range (3))
    fn keep_one () -> {
      let k = choose (keepers)
      let s = random_int (60)
      check ("a put", :ok, call! (k, (:put, random_int (12), s, large (s)), 60000))
      match call! (k, (:get, random_int (12)), 60000) with {
        :none -> :ok
        (t, x) -> check ("what was kept", large (t), x)
      }
    }

    & Large values that wander and are updated on their way.
    fn holder (s, next) -> receive {
      (:next, pid) -> holder (s, pid)
      (:take, x, left) -> {
        let mine = update_of (s, x, mod (left, 100))
        if zero? (left) then nil else send (next, (:take, x, dec (left)))
        check ("what was updated", update_of (s, large (s), mod (left, 100)), mine)
        holder (s, next)
      }
      :stop -> :ok
    }
    fn wander () -> {
      let s = random_int (60)
      let holders = many (4, fn () -> holder (s, nil))
      each! (fn (i) -> send (at (holders, i), (:next, at (holders, mod (inc (i), 4)))), range (4))
      send (first (holders), (:take, large (s), pick (2, 6)))
      send (choose (holders), (:take, share (large (s)), pick (2, 6)))
      let victim = choose (holders)
      sleep! (pick (0, 3))
      exit! (victim, :kill)
      each! (send (_, :stop), holders)
      each! (await!, holders)
    }

    & Short processes and small messages.
    fn echo () -> receive {
      (from, x) -> {
        send (from, (:echo, x))
        echo ()
      }
      :stop -> :ok
    }
    fn burst () -> {
      let home = self ()
      let echoes = many (150, echo)
      each! (fn (e) -> send (e, (home, (1, "a short text", [e]))), echoes)
      repeat 150 { receive { (:echo, (_, text, [_])) -> count (text) } }
      each! (fn (e) -> if zero? (random_int (3)) then exit! (e, :kill) else send (e, :stop), echoes)
      each! (await!, echoes)
      count (flush! ())
    }

    & Large heaps, results and reasons.
    fn tree (d, s) -> if zero? (d) then s else (tree (dec (d), s), tree (dec (d), inc (s)))
    fn heavy () -> {
      let kept = fold (fn (kept, i) -> set_at (kept, mod (i, 20), tree (9, i)), range (60), range (20))
      let n = pick (100, 6000)
      if zero? (random_int (2)) then (count (kept), range (n)) else exit! ((count (kept), range (n)))
    }
    fn heavy_one () -> match await! (spawn! (heavy)) with {
      (_, (size, xs)) -> {
        check ("what a heavy process kept", 20, size)
        check ("its list", count (xs), inc (last (xs)))
      }
    }

    fn round () -> {
      let parts = concat (many (3, wander), many (2, burst))
      let heavies = many (2, heavy_one)
      repeat 6 { keep_one () }
      values (concat (parts, heavies))
    }
    """
}
