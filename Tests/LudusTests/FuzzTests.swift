import Foundation
import XCTest

@testable import Ludus

/// Random sources: lexer, parser, resolver and renderer must come back, whatever they are given, with errors
/// whose places lie in the file. Runs for `LUDI_FUZZ_SECONDS` (1), from `LUDI_FUZZ_SEED` if it is set.
final class FuzzTests: XCTestCase {
  /// SplitMix64: the same seed gives the same sources everywhere.
  private struct Random: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
      state &+= 0x9E37_79B9_7F4A_7C15
      var mixed = state
      mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
      mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
      return mixed ^ (mixed >> 31)
    }
  }

  private let pieces: [String] = [
    "(", ")", "[", "]", "{", "}", "#{", "${", "@{", ",", ";", "=", ">", "->", "...", "\\", "\n", " ", "& c\n",
    "_",
    "_x", "x", "y", "inc", "add (x, _)", ":a", ":a 1", "1", "-2.5e3", "1__", "\"", "\"a{x}b\"", "\"\\u{41}\"",
    "\"\\q",
    "{x}", "after ", "as ", "do ", "else ", "false ", "fn ", "fn f ", "if ", "import ", "let ", "let x = ",
    "loop ",
    "match ", "nil ", "ns ", "receive ", "recur ", "ref ", "repeat ", "test ", "then ", "true ", "use ",
    "when ",
    "with ", "(x, y) -> ", "{ (x) -> y }", "\r\n", "\u{FEFF}", "größe", "Total", "-", "#",
    "import \"a\" as b", "\0",
  ]

  private let programs: [String] = [
    "fn fib {\n  \"doc\"\n  (0) -> 0\n  (1) -> 1\n  (n) -> add (fib (dec (n)), fib (sub (n, 2)))\n}\nprint! (fib (20))\n",
    "let #{a, :b [x as :number, ...rest]} = #{:a 1, :b [1, 2]}\nprint! (\"{a} {x} {rest}\", @{a, x} :a)\n",
    "loop (1, []) with {\n  (n, xs) if gt? (n, 3) -> xs\n  (n, xs) -> recur (inc (n), append (xs, n))\n}\n",
    "ns shapes { :area fn (x) -> mult (x, x), :unit 1 }\nuse shapes\ntest \"area\" eq? (area (2), 4)\n",
    "receive {\n  (:add, x) if some (x, 1) -> { let y = x; later (y) }\n  after 10 -> nil\n}\nfn later (z) -> do z > inc > add (1, _) > :key\n",
    "when { eq? (1, 2) -> :a; else -> if let (x, _) = (1, 2) then x else repeat 3 { print! (:hi) } }\n${1, 2, ...xs}\n",
  ]

  func testRandomSources() {
    let environment = ProcessInfo.processInfo.environment
    let seconds = environment["LUDI_FUZZ_SECONDS"].flatMap(Double.init) ?? 1
    var seed = environment["LUDI_FUZZ_SEED"].flatMap(UInt64.init) ?? UInt64.random(in: 0...UInt64.max)
    let end = ContinuousClock.now + .seconds(seconds)
    print("FuzzTests: LUDI_FUZZ_SEED=\(seed)")
    var rounds = 0
    while rounds == 0 || ContinuousClock.now < end {
      examine(source(seed), seed)
      seed &+= 1
      rounds += 1
    }
    print("FuzzTests: \(rounds) sources")
  }

  private func source(_ seed: UInt64) -> [UInt8] {
    var random = Random(state: seed)
    switch Int.random(in: 0..<4, using: &random) {
    case 0:
      return (0..<Int.random(in: 0..<200, using: &random)).map { _ in
        UInt8.random(in: 0...255, using: &random)
      }
    case 1:
      let count = Int.random(in: 0..<80, using: &random)
      return Array((0..<count).map { _ in pieces.randomElement(using: &random) ?? "" }.joined().utf8)
    default:
      var bytes = Array((programs.randomElement(using: &random) ?? "").utf8)
      for _ in 0..<Int.random(in: 1..<8, using: &random) { mutate(&bytes, &random) }
      return bytes
    }
  }

  private func mutate(_ bytes: inout [UInt8], _ random: inout Random) {
    let at = Int.random(in: 0...bytes.count, using: &random)
    let end = min(bytes.count, at + Int.random(in: 0..<12, using: &random))
    switch Int.random(in: 0..<5, using: &random) {
    case 0: bytes.removeSubrange(at..<end)
    case 1: bytes.insert(contentsOf: bytes[at..<end], at: Int.random(in: 0...bytes.count, using: &random))
    case 2: bytes.insert(UInt8.random(in: 0...255, using: &random), at: at)
    case 3: bytes.removeSubrange(at...)
    default: bytes.insert(contentsOf: (pieces.randomElement(using: &random) ?? "").utf8, at: at)
    }
  }

  private func examine(_ bytes: [UInt8], _ seed: UInt64) {
    let start = ContinuousClock.now
    let checked = FrontEnd.check(
      bytes: bytes, fileName: "fuzz.ld", surroundings: .init(preludeNames: testPrelude))
    for diagnostic in checked.diagnostics {
      XCTAssertTrue(diagnostic.range.start >= 0 && diagnostic.range.end <= bytes.count, "seed \(seed)")
      XCTAssertLessThanOrEqual(diagnostic.range.start, diagnostic.range.end, "seed \(seed)")
    }
    XCTAssertFalse(DiagnosticRenderer(checked.script.file).render(checked).contains("\u{0}"), "seed \(seed)")
    if !checked.hasErrors { Soundness.examine(checked.script, "seed \(seed)") }
    XCTAssertLessThan(ContinuousClock.now - start, .seconds(5), "seed \(seed)")
  }
}
