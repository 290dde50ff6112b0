import XCTest

/// A guard of a `receive` may call what itself receives: the message that it judges still waits meanwhile, and is taken,
/// once, if the guard says so.
final class GuardTests: EdgeTestCase {
  private func check(guarding program: String, prints: String) throws {
    try check(program + "\nprint! (flush! ())", prints: prints)
  }

  func testMessageIsTakenAfterItsGuardReceived() throws {
    let program = """
      fn takes_b () -> receive { :b -> true; after 0 -> false }
      send (self (), 1)
      send (self (), :b)
      send (self (), 2)
      print! (receive { n as :number if takes_b () -> n })
      """
    try check(guarding: program, prints: "1\n[2]\n")
  }

  func testGuardMayTakeTheVeryMessage() throws {
    let program = """
      fn steal () -> receive { x -> { print! ("stole", x); true } }
      send (self (), :x)
      send (self (), :y)
      print! (receive { m if steal () -> m })
      """
    try check(guarding: program, prints: "stole :x\n:x\n[:y]\n")
  }

  func testPlaceAndLimitSurviveGuardsThatWait() throws {
    let program = """
      fn slow () -> receive { :never -> true; after 5 -> false }
      fn nap () -> { sleep! (1); true }
      send (self (), 10)
      send (self (), [1, 2, 3])
      send (self (), 20)
      print! (receive { n as :number if slow () -> n; xs as :list if nap () -> xs; after 1e6 -> :timeout })
      print! (receive { n if slow () -> n; after 20 -> :timeout })
      """
    try check(guarding: program, prints: "[1, 2, 3]\n:timeout\n[10, 20]\n")
  }

  func testGuardsMayAskOthers() throws {
    let program = """
      fn serve () -> receive { (:call, from, n) -> { reply (from, inc (n)); serve () } }
      let p = spawn! (serve)
      send (self (), 41)
      send (self (), 42)
      print! (receive { n if eq? (call! (p, n), 43) -> ("asked", n) })
      send (self (), :in)
      print! (receive { n as :number if not (receive { :in -> false; after 0 -> true }) -> ("nested", n) })
      """
    try check(guarding: program, prints: "(\"asked\", 42)\n(\"nested\", 41)\n[]\n")
  }
}
