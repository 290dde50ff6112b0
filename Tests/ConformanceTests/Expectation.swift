import Foundation

/// A Ludus program and what a run of it must show; the files beside it say so (see Docs/Testing.md).
struct Expectation: Sendable {
  /// `area/name`.
  let name: String
  let program: String
  let arguments: [String]
  let input: Data
  let output: Data
  let status: Int32
  /// Regular expressions, each for some line of standard error.
  let errors: [String]
  /// Regular expressions for some line of either output, in place of an exact one.
  let anywhere: [String]?

  init(area: String, name: String, in folder: URL) {
    self.name = "\(area)/\(name)"
    let base = folder.appending(path: name)
    func data(_ suffix: String) -> Data? { try? Data(contentsOf: base.appendingPathExtension(suffix)) }
    func text(_ suffix: String) -> String? { data(suffix).map { String(decoding: $0, as: UTF8.self) } }
    program = name + ".ld"
    arguments = (text("args") ?? "run CASE").split(whereSeparator: \.isWhitespace).map(String.init)
    input = data("in") ?? Data()
    output = data("out") ?? Data()
    status = text("code").flatMap { Int32($0.trimmingCharacters(in: .whitespacesAndNewlines)) } ?? 0
    errors = text("err").map(Self.lines) ?? []
    anywhere = text("anyout").map(Self.lines)
  }

  /// The command line; `options` go behind `run`.
  func commandLine(options: [String]) -> [String] {
    var words = arguments.map { $0 == "CASE" ? program : $0 }
    if words.first == "run" { words.insert(contentsOf: options, at: 1) }
    return words
  }

  /// What is wrong with a run; empty: it is as expected.
  func complaints(about run: Command.Run) -> [String] {
    var found: [String] = []
    if run.timedOut {
      found.append("did not end in time")
    } else if run.crashed {
      found.append("was killed by signal \(run.status)")
    } else if run.status != status {
      found.append("status \(run.status) instead of \(status)")
    }
    if anywhere == nil, run.output != output { found.append(difference(run.outputText)) }
    let errorLines = Self.lines(run.errorText)
    for regex in errors where !Self.matches(regex, errorLines) {
      found.append("standard error lacks \(regex)")
    }
    for regex in anywhere ?? [] where !Self.matches(regex, errorLines + Self.lines(run.outputText)) {
      found.append("the output lacks \(regex)")
    }
    if !found.isEmpty, !run.errors.isEmpty { found.append("standard error: \(run.errorText.prefix(600))") }
    return found
  }

  /// The first line of the output that is not as expected.
  private func difference(_ text: String) -> String {
    let wanted = Self.lines(String(decoding: output, as: UTF8.self))
    let got = Self.lines(text)
    let place = zip(wanted, got).prefix { $0 == $1 }.count
    func line(_ lines: [String]) -> String { place < lines.count ? "“\(lines[place])”" : "the end" }
    return "line \(place + 1) of the output is \(line(got)) instead of \(line(wanted))"
  }

  private static func lines(_ text: String) -> [String] {
    text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init).filter { !$0.isEmpty }
  }

  private static func matches(_ regex: String, _ lines: [String]) -> Bool {
    lines.contains { $0.range(of: regex, options: .regularExpression) != nil }
  }
}
