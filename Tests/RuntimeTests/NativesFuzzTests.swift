import Bytecode
import Foundation
import XCTest

@testable import Runtime

/// Natives called with anything, as assembly might: each call ends in a value or a panic, never in a crash.
final class NativesFuzzTests: XCTestCase {
  /// Natives that touch the world outside, wait, or may only be called by the VM's own code.
  private static let left: Set<Native> = [
    .finish, .write, .writeLine, .writeError, .readLine, .readFile, .writeFile,
  ]

  private static let pool: [Constant] = [
    .nil, .boolean(true), .number(0), .number(-1), .number(1.5), .number(3), .number(.nan),
    .number(.infinity),
    .number(9_007_199_254_740_992), .number(1e300), .number(40), .keyword("a"), .string(""), .string("añ👍 b"),
    .string("12"), .tuple([]), .tuple([.number(1), .number(2)]), .tuple([.number(1)]), .list([]),
    .list([.number(3), .string("x"), .number(1)]), .list((0..<40).map { .number(Double($0)) }),
    .list([.tuple([.keyword("k"), .number(1)]), .tuple([.number(2), .nil])]), .list([.tuple([])]), .set([]),
    .set([.number(1), .string("s")]), .set((0..<50).map { .number(Double($0)) }), .dict([]),
    .dict([ConstantPair(.keyword("a"), .number(1))]),
    .dict((0..<50).map { ConstantPair(.number(Double($0)), .nil) }),
    .struct([ConstantPair(.keyword("a"), .nil)]),
    .prelude("inc"), .prelude("map"), .prelude("flush!"),
  ]

  func testFuzzNativesWithAnyArguments() throws {
    let seconds = ProcessInfo.processInfo.environment["LUDI_FUZZ_SECONDS"].flatMap(Double.init) ?? 1
    let end = Date(timeIntervalSinceNow: seconds)
    repeat {
      let seed = UInt64.random(in: 0...UInt64.max)
      let image = callers(seed: seed)
      try Verifier.verify(image)
      print("NativesFuzz seed \(seed)")
      _ = try Evaluation.run(image, prelude: try Evaluation.prelude(), waitsForAll: true)
    } while Date() < end
  }

  /// A module whose entry spawns a process for each native, a few times over, which calls it with random constants.
  private func callers(seed: UInt64) -> CodeImage {
    var random = Seeded(seed)
    var image = CodeImage(name: "fuzz", files: ["fuzz"], constants: Self.pool)
    image.functions = [Function(name: "script", line: 1, column: 1)]
    image.procedures = [Procedure(function: 0, arity: 0, frameSize: 4, code: [])]
    var entry: [Instruction] = []
    for native in Native.allCases where !Self.left.contains(native) {
      for _ in 0..<8 {
        let index = image.functions.count
        image.functions.append(
          Function(
            name: native.name, line: 1, column: 1, entries: [FunctionEntry(arity: 0, procedure: index)]))
        image.procedures.append(caller(of: native, function: index, &random))
        image.constants.append(.function(index))
        entry += [
          Instruction(.loadConstant, a: 0), Instruction(.extend, wide: image.constants.count - 1),
          Instruction(.callNative, a: 0, b: 1, c: Int(Native.spawn.rawValue)),
        ]
      }
    }
    entry += [Instruction(.loadInteger, a: 0, wide: 0), Instruction(.return, a: 0)]
    image.procedures[0].code = entry
    image.functions[0].entries = [FunctionEntry(arity: 0, procedure: 0)]
    return image
  }

  private func caller(of native: Native, function: Int, _ random: inout Seeded) -> Procedure {
    var code: [Instruction] = []
    for i in 0..<native.arity {
      code += [
        Instruction(.loadConstant, a: i), Instruction(.extend, wide: random.below(Self.pool.count)),
      ]
    }
    code += [
      Instruction(.callNative, a: 0, b: native.arity, c: Int(native.rawValue)), Instruction(.return, a: 0),
    ]
    return Procedure(function: function, arity: 0, frameSize: native.arity + 3, code: code)
  }
}
