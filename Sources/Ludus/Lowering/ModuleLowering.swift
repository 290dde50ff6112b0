import Bytecode
import Core

/// Lowers a checked script to Core. Functions are lowered when the first use of them is met.
final class ModuleLowering {
  let script: Script
  let prelude: PreludeSignatures
  /// The script is the Prelude itself: its functions are bound from the start.
  let isPrelude: Bool
  /// Turns lines of the script into files and lines of what it was made of.
  let lines: LineMap
  let captures: Captures
  var diagnostics: [Diagnostic] = []
  /// Literals that toplevel names are bound to.
  var globalConstants: [ObjectIdentifier: Constant] = [:]

  private var module: CoreModule
  private var shapes: [ObjectIdentifier: ArgumentShape] = [:]
  private var functionIndexes: [ObjectIdentifier: Int] = [:]
  private var queue: [(function: Function, index: Int)] = []

  init(_ script: Script, name: String, prelude: PreludeSignatures, isPrelude: Bool, lines: LineMap) {
    self.script = script
    self.prelude = prelude
    self.isPrelude = isPrelude
    self.lines = lines
    captures = Captures(script)
    module = CoreModule(name: name, files: lines.files)
    for binding in script.scope?.bindings ?? [] { module.globals.append(Global(name: binding.name.text)) }
  }

  func run() -> CoreModule {
    let builder = ProcedureBuilder(self, function: nil)
    module.functions.append(CoreFunction(name: "script", place: place(script.expressions.first?.range)))
    let body = builder.script(script)
    module.functions[0].procedures = [builder.procedure(parameters: [], body)]
    while let (function, index) = queue.popLast() {
      module.functions[index] = FunctionLowering(self, function).run()
    }
    if isPrelude { bindFunctions() }
    return module
  }

  /// The index of the function in the module.
  func index(of function: Function) -> Int {
    if let index = functionIndexes[ObjectIdentifier(function)] { return index }
    let index = module.functions.count
    module.functions.append(CoreFunction(name: "", place: Place()))
    functionIndexes[ObjectIdentifier(function)] = index
    queue.append((function, index))
    return index
  }

  /// Which numbers of arguments the function tells apart.
  func shape(of function: Function) -> ArgumentShape {
    if let shape = shapes[ObjectIdentifier(function)] { return shape }
    let shape = ArgumentShape(function)
    shapes[ObjectIdentifier(function)] = shape
    return shape
  }

  func place(_ range: SourceRange?) -> Place {
    let position = script.file.position(of: range?.start ?? 0)
    return lines.place(line: position.line, column: position.column)
  }

  func fail(_ message: String, at range: SourceRange) {
    diagnostics.append(Diagnostic(.error, range, message))
  }

  /// Functions of the Prelude need no code to be bound.
  private func bindFunctions() {
    for binding in script.scope?.bindings ?? [] where binding.kind == .function {
      if let function = binding.knownFunction { module.globals[binding.index].function = index(of: function) }
    }
    while let (function, index) = queue.popLast() {
      module.functions[index] = FunctionLowering(self, function).run()
    }
  }
}

/// Which file and line a line of the compiled text came from: the Prelude is compiled from several files.
struct LineMap {
  /// In order; a file's text begins at `firstLine` of the whole text.
  private var starts: [Int] = []
  private(set) var files: [String] = []

  init(file: String) { add(file, firstLine: 1) }
  init() {}

  mutating func add(_ file: String, firstLine: Int) {
    files.append(file)
    starts.append(firstLine)
  }

  func place(line: Int, column: Int) -> Place {
    let file = max(0, (starts.lastIndex { $0 <= line } ?? 0))
    let start = starts.isEmpty ? 1 : starts[file]
    return Place(file: file, line: line - start + 1, column: column)
  }
}
