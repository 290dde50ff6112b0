/// A whole file. After `FrontEnd.check` without errors it is ready to be lowered.
public final class Script {
  public let file: SourceFile
  let expressions: [Expression]
  /// Every function of the file, tests included, in the order of their beginnings; `Function.index` counts
  /// through it.
  let functions: [Function]
  /// The scope of the toplevel: its bindings are globals.
  var scope: Scope?

  /// The names that the toplevel binds, in the order of the text; after `FrontEnd.check`.
  public var globalNames: [String] { scope?.bindings.map(\.name.text) ?? [] }

  init(file: SourceFile, expressions: [Expression], functions: [Function]) {
    self.file = file
    self.expressions = expressions
    self.functions = functions
  }
}

/// `import "path" as name`.
final class ImportForm {
  let path: String
  let pathRange: SourceRange
  let name: NamePattern
  let range: SourceRange

  init(_ path: String, _ pathRange: SourceRange, _ name: NamePattern, _ range: SourceRange) {
    self.path = path
    self.pathRange = pathRange
    self.name = name
    self.range = range
  }
}

/// `use name`: binds each key of a namespace that is a word.
final class UseForm {
  /// The namespace.
  let subject: NameUse
  let range: SourceRange
  /// What it binds: each binding has the value of the key of the same name.
  var bindings: [Binding] = []

  init(_ subject: NameUse, _ range: SourceRange) {
    self.subject = subject
    self.range = range
  }
}

/// `ns name { entries }`.
final class NamespaceForm {
  let name: NamePattern
  /// Keys are keywords; there are no splats.
  let entries: [Entry]
  let range: SourceRange

  init(_ name: NamePattern, _ entries: [Entry], _ range: SourceRange) {
    self.name = name
    self.entries = entries
    self.range = range
  }
}

/// `test "name" body`.
final class TestForm {
  let name: String
  /// The body as a function without parameters: each test runs in a process of its own.
  let function: Function
  let range: SourceRange

  init(_ name: String, _ function: Function, _ range: SourceRange) {
    self.name = name
    self.function = function
    self.range = range
  }
}
