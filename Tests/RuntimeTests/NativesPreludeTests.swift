import Bytecode
import XCTest

@testable import Runtime

/// The Prelude as a module.
final class NativesPreludeTests: XCTestCase {
  private func functions() throws -> [Function] {
    let image = try Evaluation.prelude()
    let bound = Set(image.globals.compactMap(\.function))
    return image.functions.enumerated().filter { bound.contains($0.offset) }.map(\.element)
  }

  func testEveryFunctionThatScriptsSeeHasADocstring() throws {
    let bare = try functions().filter { !$0.name.hasPrefix("prelude/") && ($0.doc ?? "").isEmpty }
    XCTAssertEqual(bare.map(\.name), [])
  }

  func testDocstringsAreSentences() throws {
    for function in try functions() {
      guard let doc = function.doc else { continue }
      XCTAssertTrue(doc.hasSuffix("."), "\(function.name): \(doc)")
      XCTAssertTrue(doc.first?.isUppercase == true, "\(function.name): \(doc)")
    }
  }

  /// A native that nothing calls is dead, or its Prelude function was forgotten.
  func testEveryNativeIsUsed() throws {
    let image = try Evaluation.prelude()
    var used: Set<Native> = [.finish]
    for procedure in image.procedures {
      for word in procedure.code where word.opcode == .callNative {
        if let native = Native(rawValue: UInt16(word.c)) { used.insert(native) }
      }
    }
    XCTAssertEqual(Native.allCases.filter { !used.contains($0) }.map(\.name), [])
  }
}
