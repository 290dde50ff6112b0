import Bytecode
import Core
import XCTest

/// Core made at random becomes bytecode that the verifier passes: registers are initialised at every call,
/// windows are free, jumps land where they may.
final class EmissionFuzzTests: XCTestCase {
  func testFuzzEmittedModulesPassTheVerifier() throws {
    let seconds = Double(ProcessInfo.processInfo.environment["LUDI_FUZZ_SECONDS"] ?? "1") ?? 1
    let end = Date().addingTimeInterval(seconds)
    let given = ProcessInfo.processInfo.environment["LUDI_FUZZ_SEED"].flatMap(UInt64.init)
    var seed = given ?? (seconds > 1 ? UInt64.random(in: 0...UInt64.max) : 1)
    while Date() < end {
      try check(seed: seed, size: 2 + Int(seed % 97))
      seed &+= 1
    }
  }

  /// Modules that were once refused.
  func testFormerCounterexamplesPassTheVerifier() throws {
    // A loop that nothing reaches, whose body live code joins.
    try check(seed: 2_743_197_775_764_855_005, size: 86)
    // A member that the opened tuple does not have.
    try check(seed: 3_203_690_318_619_888_038, size: 40)
  }

  private func check(seed: UInt64, size: Int) throws {
    let module = CoreMaker.module(seed: seed, size: size)
    do {
      try Verifier.verify(try ModuleEmitter.emit(module))
    } catch {
      XCTFail("seed \(seed), size \(size): \(error)\n\(CorePrinter.text(of: module))")
      throw error
    }
  }
}
