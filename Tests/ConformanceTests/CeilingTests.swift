import Foundation
import XCTest

/// Programs that want more memory than there is: who asks panics, the others and the VM go on, and the system's memory is
/// not what ends them.
final class CeilingTests: XCTestCase {
  private static let panicked = #"(:err, (:panic, "out of memory"))"#

  /// Runs a program under a ceiling of 64 MiB; checks what it prints and what it took at most.
  private func check(_ program: String, prints expected: String, line: UInt = #line) throws {
    let scratch = try Scratch()
    defer { scratch.remove() }
    try scratch.write(Data(program.utf8), to: "p.ld")
    let run = try Command.run(
      ["run", "--quiet-exits", "--statistics", "cost.json", "--max-memory", "64M", "p.ld"],
      in: scratch.folder,
      limit: 120)
    XCTAssertEqual(run.outputText, expected + "\n", run.errorText, line: line)
    XCTAssertEqual(run.status, 0, run.errorText, line: line)
    let data = try Data(contentsOf: scratch.folder.appending(path: "cost.json"))
    let cost = try XCTUnwrap(JSONSerialization.jsonObject(with: data) as? [String: Any])
    // The command itself, with its code and its threads, takes some 20 MiB; and malloc keeps some of what it got back.
    XCTAssertLessThan(try XCTUnwrap(cost["peak_bytes"] as? Double), Double(128 << 20), line: line)
  }

  func testEndlessLists() throws {
    try check(
      """
      fn long (xs) -> long (append (xs, 1))
      let ps = map (fn (_) -> spawn! (fn () -> long ([])), range (3))
      print! (map (await!, ps))
      """, prints: "[" + Array(repeating: Self.panicked, count: 3).joined(separator: ", ") + "]")
  }

  func testEndlessDictsBesideOthers() throws {
    try check(
      """
      fn grow (d, n) -> grow (assoc (d, n, (n, n)), inc (n))
      fn count_down (n) -> if zero? (n) then :done else count_down (dec (n))
      let p = spawn! (fn () -> grow (#{}, 0))
      let q = spawn! (fn () -> count_down (300_000))
      print! (await! (p), await! (q))
      """, prints: Self.panicked + " (:ok, :done)")
  }

  func testEndlessStrings() throws {
    try check(
      """
      fn grow (s) -> grow (concat (s, s))
      let ps = map (fn (i) -> spawn! (fn () -> grow (string ("abc", i))), range (3))
      print! (map (await!, ps))
      print! (await! (spawn! (fn () -> count (repeat_string ("x", 1_000_000)))))
      """,
      prints: "[" + Array(repeating: Self.panicked, count: 3).joined(separator: ", ") + "]\n(:ok, 1000000)")
  }

  func testFloods() throws {
    try check(
      """
      let sink = spawn! (fn () -> receive { :never -> 1 })
      fn flood (n) -> { send (sink, n); flood (inc (n)) }
      let ps = map (fn (_) -> spawn! (fn () -> flood (0)), range (2))
      print! (map (await!, ps), alive? (sink))
      """, prints: "[" + Array(repeating: Self.panicked, count: 2).joined(separator: ", ") + "] true")
  }

  func testFatProcesses() throws {
    try check(
      """
      fn fat () -> { let xs = map (inc, range (4000)); receive { :go -> count (xs) } }
      fn many (n) -> { spawn! (fat); many (inc (n)) }
      print! (await! (spawn! (fn () -> many (0))))
      print! (await! (spawn! (fn () -> 42)))
      """, prints: Self.panicked + "\n(:ok, 42)")
  }

  func testSharingWithoutEnd() throws {
    try check(
      """
      fn hold (xs) -> receive { x -> hold (append (xs, x)) }
      let holder = spawn! (fn () -> hold ([]))
      fn go (n) -> { send (holder, share (map (fn (i) -> add (i, n), range (50_000)))); go (inc (n)) }
      print! (await! (spawn! (fn () -> go (0))))
      print! (await! (spawn! (fn () -> 42)))
      """, prints: Self.panicked + "\n(:ok, 42)")
  }

  func testSizesThatMakeNoSense() throws {
    let scratch = try Scratch()
    defer { scratch.remove() }
    try scratch.write(Data("print! (1)".utf8), to: "p.ld")
    for size in ["0", "5M", "-5M", "abc", "1e9", "999999T", "99999999999999999999", "64X", "M", ""] {
      let run = try Command.run(["run", "--max-memory", size, "p.ld"], in: scratch.folder)
      XCTAssertEqual(run.status, 64, size)
      XCTAssertTrue(run.errorText.contains("from 32M to "), run.errorText)
    }
    for size in ["64m", "65536K", "67108864"] {
      XCTAssertEqual(
        try Command.run(["run", "--max-memory", size, "p.ld"], in: scratch.folder).status, 0, size)
    }
  }
}
