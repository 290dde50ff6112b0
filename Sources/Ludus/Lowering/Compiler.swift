import Bytecode
import Core

/// From a checked script to a module.
public enum Compiler {
  /// A script that passed the static checks may still be too large for the bytecode.
  public struct Failure: Error {
    public var diagnostics: [Diagnostic]
  }

  /// Compiles a script. Run it with a stack that suits the parser's limit of nesting.
  /// - Parameters:
  ///   - name: what the module is called: the path of the script.
  ///   - prelude: what the script may call directly.
  public static func compile(
    _ script: Script, name: String, prelude: PreludeSignatures
  ) throws(Failure) -> CodeImage {
    try emit(lower(script, name: name, prelude: prelude), script)
  }

  /// The Core of a script, for those who want to read it.
  public static func lower(
    _ script: Script, name: String, prelude: PreludeSignatures
  ) throws(Failure) -> CoreModule {
    try lower(script, name: name, prelude: prelude, isPrelude: false, lines: LineMap(file: name))
  }

  private static func lower(
    _ script: Script, name: String, prelude: PreludeSignatures, isPrelude: Bool, lines: LineMap
  ) throws(Failure) -> CoreModule {
    let lowering = ModuleLowering(script, name: name, prelude: prelude, isPrelude: isPrelude, lines: lines)
    let module = lowering.run()
    if !lowering.diagnostics.isEmpty { throw Failure(diagnostics: lowering.diagnostics) }
    return module
  }

  private static func emit(_ module: CoreModule, _ script: Script) throws(Failure) -> CodeImage {
    do {
      return try ModuleEmitter.emit(module)
    } catch {
      let range = script.file.range(nearLine: error.place.line)
      throw Failure(diagnostics: [Diagnostic(.error, range, error.message)])
    }
  }
}

extension Compiler {
  /// The Prelude, put together from its files.
  public struct PreludeSource: Sendable {
    /// The files one after another.
    public let text: [UInt8]
    let lines: LineMap

    /// - Parameter files: in an order in which no `let` uses what a later file binds.
    public init(files: [(name: String, bytes: [UInt8])]) {
      var text: [UInt8] = []
      var lines = LineMap()
      var line = 1
      for file in files {
        lines.add(file.name, firstLine: line)
        text += file.bytes
        text.append(Ascii.newline)
        line += 1 + file.bytes.count { $0 == Ascii.newline }
      }
      self.text = text
      self.lines = lines
    }

    /// The file and line that a line of the whole text came from.
    public func origin(ofLine line: Int) -> (file: String, line: Int) {
      let place = lines.place(line: line, column: 1)
      return (lines.files.isEmpty ? "" : lines.files[place.file], place.line)
    }
  }

  /// Checks and compiles the Prelude: its functions are bound from the start, and it may call natives.
  public static func compilePrelude(_ source: PreludeSource) throws(Failure) -> CodeImage {
    let surroundings = FrontEnd.Surroundings(preludeNames: [], allowsNatives: true)
    let checked = FrontEnd.check(bytes: source.text, fileName: "prelude", surroundings: surroundings)
    if checked.hasErrors { throw Failure(diagnostics: checked.diagnostics) }
    let module = try lower(
      checked.script, name: "prelude", prelude: PreludeSignatures(), isPrelude: true, lines: source.lines)
    return try emit(module, checked.script)
  }
}
