import Bytecode
import Foundation
import XCTest

/// A deterministic source of random numbers (SplitMix64).
struct SeededRandom: RandomNumberGenerator {
  private var state: UInt64
  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  mutating func below(_ limit: Int) -> Int { Int.random(in: 0..<limit, using: &self) }
  mutating func chance(_ one: Int) -> Bool { below(one) == 0 }
  mutating func pick<Element>(_ elements: [Element]) -> Element { elements[below(elements.count)] }
}

/// A program that uses most of what assembly has.
let sampleText = """
  ; a sample
  .module "sample.ld"
  .file "sample.ld"
  .import map/2
  .import print!/*
  .global fib = fib
  .global answer

  .function script "sample.ld":1:1
    .takes 0 script/0
  .function fib "sample.ld":3:1
    .clause "(0)"
    .clause "(n)"
    .doc "Fibonacci's numbers.\\n\\"Old\\"."
    .takes 1 fib/1
  .function anonymous#2 "sample.ld":9:4
    .captures 1
    .takes 2 anonymous#2/2
    .variadic 3 anonymous#2/*
  .function anonymous#3 "sample.ld":10:4

  .procedure script/0 frame 12
    .line 1:1
    loadInteger r1, -7
    callDirect r0, 1, fib/1
    storeGlobal r0, answer
    makeClosure r1, r0, 1, anonymous#2
    loadConstant r2, (1, "two", :three, [4.5, ${nil, true}], #{:a 1, "b" -0}, @{:x (), :"odd key" prelude map})
    loadConstant r3, function fib
    makeTuple r4, r0, 4
    move r6, r1
    move r7, r4
    callDirect r5, 2, prelude map/2
    receiveStart 0
  L1:
    receiveNext r6, L2
    jumpUnlessSame r6, :stop, L3
    receiveTake
    return r6
  L2:
    receiveWait r6, L1
    panicNoWhen
  L3:
    loop r6, L1

  .procedure fib/1 frame 8
    .line 3:1
    jumpUnlessZero r0, L1
    loadInteger r1, 1
    return r1
  L1:
    .line 4:3
    jumpUnlessLess r0, r0, 1, r1, L2
    loadConstant r1, :less
    return r1
  L2:
    addInteger r2, r0, -1, 3, r1
    callDirect r1, 1, fib/1
    addInteger r3, r0, -2, 1, r2
    callDirect r2, 1, fib/1
    .line "sample.ld":5:9
    add r1, r1, r2, r3
    return r1

  .procedure anonymous#2/2 frame 6 closure
    loadCapture r3, r2, 0
    jumpUnlessType r3, number, L1
    return r3
  L1:
    callNative r3, 1, show
    tailCall r3, 0
  .procedure anonymous#2/* frame 3
    dictFind r1, r0, "key", L1
    return r1
  L1:
    panicNoClause 0, r0, 1

  .start script/0
  """

extension XCTestCase {
  /// The error of a body; a failure if there is none.
  func bytecodeError(
    file: StaticString = #filePath, line: UInt = #line, _ body: () throws -> Void
  ) -> BytecodeError? {
    do {
      try body()
      XCTFail("nothing was thrown", file: file, line: line)
    } catch {
      if let error = error as? BytecodeError { return error }
      XCTFail("another error: \(error)", file: file, line: line)
    }
    return nil
  }

  /// A module whose only procedure has these lines, unverified.
  func image(frame: Int, _ code: String) throws -> CodeImage {
    try Assembler.assemble(
      """
      .module "test"
      .file "test.ld"
      .global g
      .function f "test.ld":1:1
      .takes 0 f/0
      .function two "test.ld":1:1
      .takes 2 two/2
      .function closure "test.ld":1:1
      .captures 2
      .takes 1 closure/1
      .procedure two/2 frame 2
      return r1
      .procedure closure/1 frame 3 closure
      loadCapture r2, r1, 1
      return r2
      .procedure f/0 frame \(frame)
      \(code)
      .start f/0
      """, verifies: false)
  }
}

/// Runs a body with new seeds until the time for fuzzing is over; `LUDI_FUZZ_SECONDS` sets it, `LUDI_FUZZ_SEED` the first.
func fuzz(_ name: String, _ body: (inout SeededRandom) throws -> Void) {
  let environment = ProcessInfo.processInfo.environment
  let seconds = environment["LUDI_FUZZ_SECONDS"].flatMap(Double.init) ?? 1
  let first = environment["LUDI_FUZZ_SEED"].flatMap(UInt64.init) ?? 1
  let end = Date().addingTimeInterval(seconds)
  var seed = first
  while Date() < end {
    var random = SeededRandom(seed: seed)
    do {
      try body(&random)
    } catch {
      XCTFail("\(name), LUDI_FUZZ_SEED=\(seed): \(error)")
      return
    }
    seed += 1
  }
  print("\(name): seeds \(first) ..< \(seed)")
}
