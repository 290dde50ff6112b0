import Bytecode
import XCTest

@testable import Core
@testable import Ludus

/// Programs made at random: what passes the front end becomes
/// a module that the verifier passes. Runs for `LUDI_FUZZ_SECONDS` (1), from `LUDI_FUZZ_SEED` if it is set.
final class LoweringFuzzTests: XCTestCase {
  func testFuzzMadeProgramsAreLowered() throws {
    let environment = ProcessInfo.processInfo.environment
    let seconds = environment["LUDI_FUZZ_SECONDS"].flatMap(Double.init) ?? 1
    var seed = environment["LUDI_FUZZ_SEED"].flatMap(UInt64.init) ?? UInt64.random(in: 0...UInt64.max)
    let end = ContinuousClock.now + .seconds(seconds)
    var rounds = 0
    var good = 0
    while rounds < 20 || ContinuousClock.now < end {
      if try lower(ProgramMaker.program(seed: seed, size: 20 + Int(seed % 120)), seed) { good += 1 }
      seed &+= 1
      rounds += 1
    }
    // A maker whose programs are refused would test nothing.
    XCTAssertGreaterThan(good, rounds / 2, "seed \(seed): \(good) of \(rounds) programs pass the front end")
  }

  /// - Returns: whether the front end takes the program.
  private func lower(_ source: String, _ seed: UInt64) throws -> Bool {
    let checked = FrontEnd.check(
      bytes: Array(source.utf8), fileName: "made.ld",
      surroundings: .init(preludeNames: loweringPrelude.names.union(["id"])))
    if checked.hasErrors {
      if ProcessInfo.processInfo.environment["LUDI_FUZZ_SHOWS"] != nil {
        print(DiagnosticRenderer(checked.script.file).render(checked))
      }
      return false
    }
    do {
      try Verifier.verify(try Compiler.compile(checked.script, name: "made.ld", prelude: loweringPrelude))
    } catch let failure as Compiler.Failure
      where failure.diagnostics.allSatisfy({ $0.message.hasPrefix("a receive") })
    {
      return false
    } catch {
      XCTFail("seed \(seed): \(error)\n\(source)")
      throw error
    }
    return true
  }
}
