import Foundation

@testable import Ludus

/// A small Prelude for tests of the front end, which knows only its names.
let testPrelude: Set<String> = [
  "add", "sub", "mult", "div", "inc", "dec", "zero?", "gt?", "lt?", "gte?", "lte?", "eq?", "not", "and", "or",
  "count", "first", "rest", "append", "list", "map", "filter", "fold", "print!", "panic!", "show", "string",
  "type", "some", "mod", "neg", "even?", "deref", "update!", "make!", "send", "spawn!", "self",
]

func check(_ source: String, natives: Bool = false) -> FrontEnd.Checked {
  FrontEnd.check(
    bytes: Array(source.utf8), fileName: "test.ld",
    surroundings: .init(preludeNames: testPrelude, allowsNatives: natives))
}

/// What is wrong with a source, each as `line:column message`, errors only.
func errors(_ source: String) -> [String] { found(.error, source) }

/// The warnings, likewise.
func warnings(_ source: String) -> [String] { found(.warning, source) }

private func found(_ severity: Diagnostic.Severity, _ source: String) -> [String] {
  let checked = check(source)
  return checked.diagnostics.filter { $0.severity == severity }.map { diagnostic in
    let place = checked.script.file.position(of: diagnostic.range.start)
    return "\(place.line):\(place.column) \(diagnostic.message)"
  }
}

/// The diagnostics of a source as people see them.
func rendered(_ source: String) -> String {
  let checked = check(source)
  return DiagnosticRenderer(checked.script.file).render(checked)
}
