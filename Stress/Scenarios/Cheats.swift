extension Scenario {
  static let cheatScenarios = [
    Scenario(
      name: "hogs", summary: "pairs that wake each other all the time, beside processes that compute",
      source: hogs),
    Scenario(
      name: "yields",
      summary: "processes that give up their slice just before it ends, and send to themselves",
      source: yields),
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
}
