import Bytecode
import XCTest

@testable import Core
@testable import Ludus

/// A small Prelude for tests of the lowering: names and numbers of arguments.
let loweringPrelude: PreludeSignatures = {
  var functions: [String: PreludeSignatures.Signature] = [:]
  let fixed: [Int: [String]] = [
    0: ["self"],
    1: ["inc", "dec", "not", "count", "first", "rest", "zero?", "nil?", "number?", "show", "spawn!"],
    2: [
      "add", "sub", "lt?", "lte?", "gt?", "gte?", "eq?", "neq?", "at", "send", "append", "and", "or",
      "concat",
    ],
  ]
  for (arity, names) in fixed {
    for name in names { functions[name] = PreludeSignatures.Signature(arities: [arity]) }
  }
  for name in ["print!", "panic!", "merge"] {
    functions[name] = PreludeSignatures.Signature(arities: [], variadicMinimum: 0)
  }
  return PreludeSignatures(functions: functions, values: ["pi"])
}()

func lowered(_ source: String) throws -> CodeImage {
  let checked = FrontEnd.check(
    bytes: Array(source.utf8), fileName: "test.ld",
    surroundings: .init(preludeNames: loweringPrelude.names))
  XCTAssertFalse(checked.hasErrors, DiagnosticRenderer(checked.script.file).render(checked))
  let image = try Compiler.compile(checked.script, name: "test.ld", prelude: loweringPrelude)
  try Verifier.verify(image)
  return image
}

/// The instructions of one procedure, as assembly writes them, without places.
func code(of procedure: String, in source: String) throws -> [String] {
  let text = try Disassembler.text(of: try lowered(source))
  let lines = text.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
  let first = try XCTUnwrap(lines.firstIndex { $0.hasPrefix(".procedure \(procedure) ") }, text)
  let rest = lines[(first + 1)...].filter { !$0.hasPrefix(".line") }
  return Array(rest.prefix { !$0.hasPrefix(".") })
}

/// The opcodes of one procedure.
func opcodes(of procedure: String, in source: String) throws -> [String] {
  try code(of: procedure, in: source).filter { !$0.hasSuffix(":") }.map {
    String($0.prefix { $0 != " " })
  }
}
