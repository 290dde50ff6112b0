import Foundation
import XCTest

/// What happens when the output goes where it cannot, or where nobody reads fast enough.
final class OutputTests: XCTestCase {
  /// Runs a program through the shell, where `$LUDI` is the command.
  private func shell(_ line: String, program: String) throws -> (text: String, errors: String, status: Int32)
  {
    let scratch = try Scratch()
    defer { scratch.remove() }
    try scratch.write(Data(program.utf8), to: "p.ld")
    let process = Process()
    process.executableURL = URL(filePath: "/bin/bash")
    process.arguments = ["-c", line]
    process.currentDirectoryURL = scratch.folder
    process.environment = ["LUDI": Command.binary.path(percentEncoded: false), "PATH": "/usr/bin:/bin"]
    let (output, errors) = (Pipe(), Pipe())
    process.standardOutput = output
    process.standardError = errors
    try process.run()
    let text = output.fileHandleForReading.readDataToEndOfFile()
    let complaints = errors.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return (
      String(decoding: text, as: UTF8.self), String(decoding: complaints, as: UTF8.self),
      process.terminationStatus
    )
  }

  func testAFullDisk() throws {
    for program in [
      "print! (1)", "repeat 100_000 { print! (:line) }", "write! (repeat_string (\"x\", 100_000))",
    ] {
      let run = try shell("$LUDI run p.ld > /dev/full", program: program)
      XCTAssertEqual(run.status, 73, program)
      XCTAssertTrue(run.errors.contains("cannot write standard output: no space left on device"), run.errors)
    }
    XCTAssertEqual(try shell("$LUDI run --show p.ld > /dev/full", program: "1").status, 73)
    XCTAssertEqual(try shell("$LUDI --help > /dev/full", program: "").status, 73)
  }

  func testAClosedPipe() throws {
    let program = "repeat 100_000 { print! (:line) }"
    for prefix in ["", "trap '' PIPE; "] {
      let run = try shell("\(prefix)$LUDI run p.ld | head -n 1; exit ${PIPESTATUS[0]}", program: program)
      XCTAssertEqual(run.text, ":line\n")
      XCTAssertEqual(run.errors, "")
      XCTAssertEqual(run.status, 128 + SIGPIPE)
    }
  }

  /// A file that a program writes may be a pipe that nobody reads any more: that is an error of `write_file!`.
  func testAClosedPipeAsAFile() throws {
    let program = """
      let text = repeat_string ("x", 1_000_000)
      print! (write_file! ("pipe", text))
      """
    let run = try shell("mkfifo pipe; head -c 1 pipe > /dev/null & $LUDI run p.ld", program: program)
    XCTAssertEqual(run.text, "(:err, \"pipe: broken pipe\")\n")
  }

  /// While a reader sleeps, processes go on, and nothing is lost or mixed.
  func testASlowReader() throws {
    let program = """
      let big = repeat_string ("0123456789abcde\\n", 100_000)
      let ps = map (fn (i) -> spawn! (fn () -> repeat 500 { print! ("p", i, "xxxxxxxxxxxxxxxxxxxxxxxxxx") }), range (4))
      write! (big)
      each! (fn (p) -> await! (p), ps)
      print! ("end")
      """
    let run = try shell("$LUDI run p.ld | (sleep 0.3; cat)", program: program)
    let lines = run.text.split(separator: "\n")
    XCTAssertEqual(lines.count, 102_001)
    XCTAssertEqual(lines.filter { $0.hasPrefix("p ") && $0.hasSuffix("x") && $0.count == 30 }.count, 2000)
    XCTAssertEqual(lines.filter { $0 == "0123456789abcde" }.count, 100_000)
    XCTAssertEqual(lines.last, "end")
  }

  func testLongLinesOfInput() throws {
    let program = """
      let a = read_line! ()
      let b = read_line! ()
      let c = read_line! ()
      print! (count (a), count (b), c, read_line! ())
      """
    let run = try shell(
      """
      { yes é | head -n 200001 | tr -d '\\n'; printf '\\r\\n'; yes x | head -n 65536 | tr -d '\\n'; printf '\\nlast'; } \
        | $LUDI run p.ld
      """,
      program: program)
    XCTAssertEqual(run.text, "200001 65536 last nil\n", run.errors)
  }
}
