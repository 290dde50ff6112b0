/// The one door to the front end: bytes in; a resolved syntax tree and everything wrong with it out.
///
/// ```
/// let checked = FrontEnd.check(bytes: bytes, fileName: "hello.ld", surroundings: .init(preludeNames: names))
/// write(DiagnosticRenderer(checked.script.file).render(checked))
/// if !checked.hasErrors { lower(checked.script) }
/// ```
public enum FrontEnd {
  /// What a script finds around it.
  public struct Surroundings: Sendable {
    /// The names of the Prelude. Those that begin with `prelude/` are its own: scripts do not see them.
    public var preludeNames: Set<String>
    /// For the source of the Prelude only: words such as `native/add` name natives, all names of
    /// `preludeNames` are seen, and there are no warnings.
    public var allowsNatives: Bool

    public init(preludeNames: Set<String> = [], allowsNatives: Bool = false) {
      self.preludeNames = preludeNames
      self.allowsNatives = allowsNatives
    }

    /// Whether a name of the Prelude is for this file.
    func shows(_ name: String) -> Bool { allowsNatives || !name.utf8.starts(with: "prelude/".utf8) }
  }

  /// A file after the front end.
  public struct Checked {
    public let script: Script
    /// By place: at most `maximumErrors` errors, the first of the file, and the warnings.
    public let diagnostics: [Diagnostic]
    /// How many errors more there are at least.
    public let hiddenErrors: Int

    /// The script must not be lowered.
    public var hasErrors: Bool { diagnostics.contains { $0.severity == .error } }
  }

  /// How many errors of a file are shown.
  public static var maximumErrors: Int { 20 }

  /// Lexes and parses, without a look at names.
  public static func parse(bytes: [UInt8], fileName: String) -> (script: Script, diagnostics: [Diagnostic]) {
    let parsed = Parsed(SourceFile(name: fileName, bytes: bytes))
    return (parsed.script, parsed.problems.list)
  }

  /// Parses, resolves every name and makes the static checks.
  public static func check(bytes: [UInt8], fileName: String, surroundings: Surroundings) -> Checked {
    let parsed = Parsed(SourceFile(name: fileName, bytes: bytes))
    let problems = Problems()
    let resolver = Resolver(
      file: parsed.script.file, names: parsed.names, surroundings: surroundings, mistakes: parsed.mistakes,
      problems: problems)
    resolver.resolve(parsed.script)
    let found = surroundings.allowsNatives ? problems.list.filter { $0.severity == .error } : problems.list
    return sorted(parsed.script, syntax: parsed.problems.list, names: found)
  }

  /// What the parser leaves behind.
  private struct Parsed {
    let script: Script
    let names: Names
    let mistakes: Mistakes
    let problems = Problems()

    init(_ file: SourceFile) {
      names = Names(bytes: file.bytes)
      guard file.bytes.count < Int32.max else {
        problems.error(SourceRange(0, 0), "the file is too large", hint: "2 GB is the most")
        (script, mistakes) = (Script(file: file, expressions: [], functions: []), Mistakes())
        return
      }
      Encoding.check(file.bytes, problems)
      var parser = Parser(file: file, names: names, problems: problems)
      script = parser.parseScript()
      mistakes = parser.mistakes
    }
  }

  /// Orders by place and keeps the first errors. At a place where the syntax is wrong nothing else is said.
  private static func sorted(_ script: Script, syntax: [Diagnostic], names: [Diagnostic]) -> Checked {
    let wrong = Set(syntax.map(\.range.start))
    let all = (syntax + names.filter { !wrong.contains($0.range.start) }).enumerated().sorted {
      ($0.element.range.start, $0.offset) < ($1.element.range.start, $1.offset)
    }
    var kept: [Diagnostic] = []
    var errors = 0
    for (_, diagnostic) in all {
      if diagnostic.severity == .error { errors += 1 }
      if diagnostic.severity == .warning || errors <= maximumErrors { kept.append(diagnostic) }
    }
    return Checked(script: script, diagnostics: kept, hiddenErrors: max(0, errors - maximumErrors))
  }
}
