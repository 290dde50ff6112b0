import Bytecode
import Ludus
import Prelude
import XCTest

@testable import Runtime

/// Runs Ludus in this process, with the Prelude that the build has compiled.
enum Evaluation {
  static func prelude() throws -> CodeImage {
    try ModuleFile.image(from: Prelude.moduleBytes(), isEmbedded: true)
  }

  /// The value of a script, shown; nil: it did not end normally.
  static func value(of source: String) throws -> String? {
    let prelude = try prelude()
    guard let image = try image(of: source, prelude),
      case .finished(let shown) = try run(image, prelude: prelude)
    else { return nil }
    return shown
  }

  /// A script as a verified module; nil: it has errors, which are failures.
  private static func image(of source: String, _ prelude: CodeImage) throws -> CodeImage? {
    let signatures = PreludeSignatures(prelude)
    let checked = FrontEnd.check(
      bytes: Array(source.utf8), fileName: "test", surroundings: .init(preludeNames: signatures.names))
    XCTAssertFalse(checked.hasErrors, "\(checked.diagnostics)")
    if checked.hasErrors { return nil }
    let image = try Compiler.compile(checked.script, name: "test", prelude: signatures)
    try Verifier.verify(image)
    return image
  }

  /// Runs a script in a simulation that keeps its trace.
  static func play(
    _ source: String, _ options: VMOptions, seed: UInt64
  ) throws -> (outcome: RunOutcome, report: SimulationReport) {
    let prelude = try prelude()
    let image = try XCTUnwrap(image(of: source, prelude))
    var options = options
    options.simulation = SimulationPlan(seed: seed)
    options.simulation?.traces = true
    let machine = try VirtualMachine(prelude: prelude, options: options)
    let outcome = try machine.run(image, showsValue: true)
    return (outcome, try XCTUnwrap(machine.simulation))
  }

  static func run(_ image: CodeImage, prelude: CodeImage, waitsForAll: Bool = false) throws -> RunOutcome {
    var options = VMOptions()
    options.schedulers = 1
    options.quietExits = true
    options.waitsForAll = waitsForAll
    return try VirtualMachine(prelude: prelude, options: options).run(image, showsValue: true)
  }
}

/// Expressions and what they must show, evaluated together.
struct Expectations {
  private var pairs: [(expression: String, shown: String)] = []

  mutating func expect(_ expression: String, _ shown: String) { pairs.append((expression, shown)) }

  /// Evaluates all in one script, whose value is the list of the texts.
  func check(_ note: String = "", file: StaticString = #filePath, line: UInt = #line) throws {
    let members = pairs.map { "show (\($0.expression))" }.joined(separator: "\n")
    let value = try Evaluation.value(of: "join ([\n\(members)\n], \"\\0\")")
    // The value is one string, shown: undo what a string's text escapes.
    let texts = (value ?? "").dropFirst().dropLast().split(separator: "\\0", omittingEmptySubsequences: false)
    XCTAssertEqual(texts.count, pairs.count, note, file: file, line: line)
    for (text, pair) in zip(texts, pairs) {
      XCTAssertEqual(
        String(text), Self.escaped(pair.shown), "\(pair.expression) \(note)", file: file, line: line)
    }
  }

  /// A text as `show` writes it within quotes.
  static func escaped(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"", "\\", "{", "}": result += "\\\(scalar)"
      case "\n": result += "\\n"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}
