import Foundation
import XCTest

/// The command line: what it prints where, and how it ends.
final class CommandTests: CommandCase {
  private func write(_ text: String, to name: String) throws {
    try scratch.write(Data(text.utf8), to: name)
  }

  func testHelpAndVersion() throws {
    XCTAssertTrue(try ludi("--version", status: 0).outputText.hasPrefix("ludi "))
    let help = try ludi("--help", status: 0).outputText
    for name in ["run", "check", "build", "dis", "asm"] {
      XCTAssertTrue(help.contains("\n  \(name) "), name)
      XCTAssertTrue(try ludi(name, "--help", status: 0).outputText.contains("usage: ludi \(name)"))
    }
  }

  func testBadCommandLines() throws {
    try ludi(status: 64, errors: "usage: ludi SUBCOMMAND")
    try ludi("fly", status: 64, errors: "unknown subcommand fly")
    try ludi("x.ld", status: 64, errors: "ludi run x.ld")
    try ludi("run", status: 64, errors: "which file?")
    try ludi("run", "--fly", "x.ld", status: 64, errors: "unknown option --fly")
    try ludi("run", "--schedulers", status: 64, errors: "--schedulers needs a value")
    try ludi("run", "--schedulers", "0", "x.ld", status: 64, errors: "from 1 to 256, not 0")
    try ludi(
      "run", "--share-above", "0", "x.ld", status: 64, errors: "from 1 to 1073741824, or never; not 0")
    try ludi("run", "--share-strings", "some", "x.ld", status: 64, errors: "from 64 to 1073741824, or never")
    try ludi("run", "--show=yes", "x.ld", status: 64, errors: "--show takes no value")
  }

  func testFilesThatCannotBeRead() throws {
    try ludi("run", "missing.ld", status: 66, errors: "cannot read missing.ld: no such file")
    try ludi("run", ".", status: 66, errors: "is a directory")
    try ludi("check", "missing.ld", status: 66)
    try ludi("dis", "missing.ld", status: 66)
    try ludi("asm", "missing.lasm", status: 66)
    try ludi("run", "/dev/zero", status: 66, errors: "larger than")
  }

  func testStatistics() throws {
    try write("print! (sum (map (fn (n) -> mult (n, n), range (100_000))))", to: "sum.ld")
    try ludi("run", "--statistics", "cost.json", "sum.ld", status: 0)
    let data = try Data(contentsOf: try folder.appending(path: "cost.json"))
    let cost = try XCTUnwrap(JSONSerialization.jsonObject(with: data) as? [String: Any])
    for key in ["wall", "peak_bytes", "moved_words"] {
      XCTAssertGreaterThan(try XCTUnwrap(cost[key] as? Double), 0, key)
    }
    // The system tells the two apart by ticks, so one of them may be 0.
    let (user, system) = (cost["user"] as? Double, cost["system"] as? Double)
    XCTAssertGreaterThan(try XCTUnwrap(user) + XCTUnwrap(system), 0)
    let collections = try XCTUnwrap(cost["collections"] as? [String: Any])
    let buckets = try XCTUnwrap(collections["buckets"] as? [[Double]])
    XCTAssertGreaterThan(buckets.count, 0)
    XCTAssertEqual(buckets.reduce(0) { $0 + $1[1] }, collections["count"] as? Double)
    try ludi(
      "run", "--statistics", "no/cost.json", "sum.ld", status: 73, errors: "cannot write no/cost.json")
  }

  func testHeapsThatDoNotExist() throws {
    try ludi("run", "--heap", "none", "x.ld", status: 64, errors: "--heap is private or single, not none")
  }

  func testAnEmptyScriptIsNil() throws {
    try write("", to: "empty.ld")
    XCTAssertEqual(try ludi("run", "--show", "empty.ld", status: 0).outputText, "nil\n")
  }

  func testErrorsNameTheirPlace() throws {
    try write("print! (1)\nlet x = y\n", to: "unbound.ld")
    let run = try ludi("run", "unbound.ld", status: 65, errors: "unbound.ld:2:9")
    XCTAssertEqual(run.outputText, "", "nothing runs when there is an error")
    XCTAssertFalse(run.errorText.contains("\u{1B}"), "no colour where no person looks")
    try scratch.write(Data([0x6C, 0xFF, 0x0A]), to: "binary.ld")
    try ludi("check", "binary.ld", status: 65, errors: "binary.ld:1:2")
  }

  func testDeepAndEndlessNesting() throws {
    for (name, text) in [
      ("brackets", String(repeating: "(", count: 50_000_000)),
      ("deep", String(repeating: "[", count: 100_000) + String(repeating: "]", count: 100_000)),
      ("mixed", String(repeating: "if {do [(", count: 100_000)),
    ] {
      try write(text, to: "\(name).ld")
      try ludi("run", "\(name).ld", status: 65, errors: "\(name).ld:1:")
    }
  }

  func testAPanicOfTheMainProcess() throws {
    try write("print! (1)\npanic! (\"oh\")\n", to: "panics.ld")
    XCTAssertEqual(try ludi("run", "panics.ld", status: 70, errors: "panics.ld:2:").outputText, "1\n")
  }

  func testOtherProcesses() throws {
    try write("spawn! (fn () -> { sleep! (50); print! (\"late\") })\nprint! (\"main\")\n", to: "two.ld")
    XCTAssertEqual(try ludi("run", "two.ld", status: 0).outputText, "main\n")
    XCTAssertEqual(try ludi("run", "--wait-all", "two.ld", status: 0).outputText, "main\nlate\n")
    try write("spawn! (fn () -> panic! (\"oh\"))\nsleep! (50)\n", to: "other.ld")
    try ludi("run", "other.ld", status: 0, errors: "panicked: oh")
    XCTAssertEqual(try ludi("run", "--quiet-exits", "other.ld", status: 0).errorText, "")
  }

  /// Whoever gave up waiting, or ended, does not hear of a panic: so it is reported.
  func testPanicsThatNobodyAwaitsAnyMore() throws {
    let gone = "fn gone! (p) -> loop () with () -> if alive? (p) then { yield! (); recur () } else nil"
    try write(
      """
      \(gone)
      let p = spawn! (fn () -> receive { :go -> panic! ("given up") })
      print! (await! (p, 0))
      send (p, :go)
      gone! (p)
      """, to: "given_up.ld")
    try ludi("run", "given_up.ld", status: 0, errors: "panicked: given up")
    try write(
      """
      \(gone)
      let p = spawn! (fn () -> receive { :go -> panic! ("left alone") })
      let q = spawn! (fn () -> await! (p))
      yield! ()
      exit! (q, :kill)
      gone! (q)
      send (p, :go)
      gone! (p)
      """, to: "left_alone.ld")
    try ludi("run", "left_alone.ld", status: 0, errors: "panicked: left alone")
  }

  func testWaitingForWhatCannotCome() throws {
    try write("receive { :never -> 1 }\n", to: "waits.ld")
    try ludi("run", "waits.ld", status: 70, errors: "waits.ld:1")
  }

  func testMemoryThatNeverEnds() throws {
    try write(
      """
      fn deep (n) -> inc (deep (inc (n)))
      fn long (xs) -> long (append (xs, xs))
      print! (await! (spawn! (fn () -> deep (0)), 60_000))
      print! (await! (spawn! (fn () -> long ([])), 60_000))
      """, to: "endless.ld")
    let run = try Command.run(["run", "endless.ld"], in: try folder, limit: 120)
    let line = "(:err, (:panic, \"out of memory\"))\n"
    XCTAssertEqual(run.outputText, line + line)
    XCTAssertEqual(run.status, 0)
  }

  func testArgumentsBehindTheFileBelongToTheProgram() throws {
    try write("print! (args ())", to: "args.ld")
    let run = try ludi("run", "args.ld", "--show", "-h", status: 0)
    XCTAssertEqual(run.outputText, "[\"--show\", \"-h\"]\n")
  }

  func testModulesAndAssemblyRunLikeTheirSource() throws {
    try write("fn twice (x) -> mult (x, 2)\nprint! (map (twice, [1, 2, 3]))\n", to: "twice.ld")
    try ludi("build", "twice.ld", status: 0)
    try ludi("dis", "-o", "twice.lasm", "twice.ld", status: 0)
    try ludi("asm", "-o", "again.lbc", "twice.lasm", status: 0)
    let module = try Data(contentsOf: folder.appending(path: "twice.lbc"))
    XCTAssertEqual(module, try Data(contentsOf: folder.appending(path: "again.lbc")))
    for file in ["twice.ld", "twice.lbc", "twice.lasm", "again.lbc"] {
      XCTAssertEqual(try ludi("run", file, status: 0).outputText, "[2, 4, 6]\n")
    }
    let listing = try ludi("dis", "twice.lbc", status: 0).output
    XCTAssertEqual(listing, try Data(contentsOf: folder.appending(path: "twice.lasm")))
  }

  func testBrokenModules() throws {
    try write("fn twice (x) -> mult (x, 2)\nprint! (twice (4))\n", to: "good.ld")
    try ludi("build", "good.ld", status: 0)
    let good = try Data(contentsOf: folder.appending(path: "good.lbc"))
    for length in [0, 1, 8, good.count / 2, good.count - 1] {
      try scratch.write(good.prefix(length), to: "cut.lbc")
      try ludi("run", "cut.lbc", status: 65, errors: "cut.lbc")
    }
    var newer = good
    newer[4] = 0xFF
    try scratch.write(newer, to: "newer.lbc")
    try ludi("run", "newer.lbc", status: 65, errors: "newer.lbc")
    try write("this is no assembly", to: "bad.lasm")
    try ludi("asm", "bad.lasm", status: 65, errors: "bad.lasm:1")
  }

  /// Nothing in a simulation depends on how fast its output is read.
  func testSimulationsDoNotSeeTheirReader() throws {
    try write(
      "let text = join (map (fn (_) -> \"a line of text\", range (20_000)), \"\\n\")\n"
        + "spawn! (fn () -> repeat 300 { yield! () })\nrepeat 6 { print! (text) }\n",
      to: "prints.ld")
    var reports: Set<String> = []
    for reader in ["sleep 0.5; cat", "cat"] {
      let run = "'\(Command.binary.path)' run --simulate 2 --seed 4 prints.ld"
      _ = try shell("\(run) 2> report | (\(reader)) > out")
      reports.insert(String(decoding: try scratch.contents("report"), as: UTF8.self))
      XCTAssertEqual(try scratch.contents("out").count, 6 * 20_000 * 15)
    }
    XCTAssertEqual(reports.count, 1, "\(reports)")
    XCTAssertTrue(reports.first?.contains("reductions") == true, "\(reports)")
  }

  /// What the shell says of a command that runs in the folder.
  private func shell(_ command: String) throws -> Int32 {
    let shell = Foundation.Process()
    shell.executableURL = URL(fileURLWithPath: "/bin/sh")
    shell.currentDirectoryURL = try scratch.folder
    shell.arguments = ["-c", command]
    try shell.run()
    shell.waitUntilExit()
    return shell.terminationStatus
  }

  /// A process calls as deep as its heap allows, however small the system makes the stacks of threads.
  func testDeepCallsNeedNoLargeStackOfTheSystem() throws {
    try write(
      """
      fn deep (n) -> if zero? (n) then 0 else add (1, deep (dec (n)))
      print! (deep (300_000))

      """, to: "deep.ld")
    XCTAssertEqual(
      try shell("ulimit -s 512; '\(Command.binary.path)' run --slice 100000 deep.ld > out"), 0)
    XCTAssertEqual(String(decoding: try scratch.contents("out"), as: UTF8.self), "300000\n")
  }

  func testInterruption() throws {
    try write("print! (\"ready\")\nsleep! (60_000)\n", to: "sleeps.ld")
    let files = try scratch
    let child = try Command.start(["run", "sleeps.ld"], in: files.folder, files)
    for _ in 0..<100 where try files.contents("output").isEmpty { usleep(20_000) }
    child.signal(SIGINT)
    XCTAssertEqual(child.wait(seconds: 10), .exited(130))
    XCTAssertEqual(try files.contents("output"), Data("ready\n".utf8))
  }
}
