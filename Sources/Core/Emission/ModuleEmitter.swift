import Bytecode

/// Turns a Core module into bytecode.
public struct ModuleEmitter {
  let module: CoreModule
  var constants: [Constant] = []
  var constantIndex: [Constant: Int] = [:]
  var imports: [ImportedProcedure] = []
  var importIndex: [ImportedProcedure: Int] = [:]
  /// Index of the first procedure of each function; its variadic one stands last.
  private var firstProcedure: [Int] = []
  private(set) var procedureCount = 0
  /// By procedure: whether it reads its closure.
  private(set) var needsClosure: [Bool] = []

  init(_ module: CoreModule) {
    self.module = module
    for function in module.functions {
      firstProcedure.append(procedureCount)
      for procedure in function.procedures + (function.variadic.map { [$0] } ?? []) {
        needsClosure.append(function.captures > 0 && Usage(procedure).readsClosure)
        procedureCount += 1
      }
    }
  }

  /// Emits the whole module.
  /// - Throws: `CoreError` for the first limit of the bytecode that the module breaks.
  public static func emit(_ module: CoreModule) throws(CoreError) -> CodeImage {
    var emitter = ModuleEmitter(module)
    return try emitter.run()
  }

  private mutating func run() throws(CoreError) -> CodeImage {
    var image = CodeImage(name: module.name, files: module.files, globals: module.globals)
    for (index, function) in module.functions.enumerated() {
      var entries: [FunctionEntry] = []
      for procedure in function.procedures {
        entries.append(
          FunctionEntry(arity: procedure.parameters.count, procedure: image.procedures.count))
        image.procedures.append(try emit(procedure, of: index, isVariadic: false, at: image.procedures.count))
      }
      var variadic: Int?
      if let procedure = function.variadic {
        variadic = image.procedures.count
        image.procedures.append(try emit(procedure, of: index, isVariadic: true, at: image.procedures.count))
      }
      image.functions.append(
        Function(
          name: function.name, file: function.place.file, line: function.place.line,
          column: function.place.column, clauses: function.clauses, doc: function.doc,
          captures: function.captures, entries: entries, variadic: variadic,
          variadicMinimum: function.variadicMinimum))
    }
    image.constants = constants
    image.imports = imports
    image.entry = firstProcedure[module.entry]
    return image
  }

  private mutating func emit(
    _ procedure: CoreProcedure, of function: Int, isVariadic: Bool, at index: Int
  ) throws(CoreError) -> Procedure {
    let place = module.functions[function].place
    var emitter = ProcedureEmitter(
      self, procedure, at: index, isVariadic: isVariadic, jumpsFar: false)
    emitter.run(at: place)
    if emitter.code.jumpIsTooFar {
      emitter = ProcedureEmitter(
        self, procedure, at: index, isVariadic: isVariadic, jumpsFar: true)
      emitter.run(at: place)
    }
    if let error = emitter.error { throw error }
    self = emitter.module
    return Procedure(
      function: function, arity: procedure.parameters.count, isVariadic: isVariadic,
      needsClosure: needsClosure[index], frameSize: emitter.frameSize, code: emitter.code.instructions,
      positions: emitter.code.positions)
  }

  /// The index of a constant; equal constants share one.
  mutating func index(of constant: Constant) -> Int {
    if let index = constantIndex[constant] { return index }
    constants.append(constant)
    constantIndex[constant] = constants.count - 1
    return constants.count - 1
  }

  /// What `callDirect` has as its second word for a function of this module.
  func procedureIndex(function: Int, arity: Int?) -> Int? {
    let function = (index: function, core: module.functions[function])
    if let arity {
      guard let offset = function.core.procedures.firstIndex(where: { $0.parameters.count == arity })
      else { return nil }
      return firstProcedure[function.index] + offset
    }
    guard function.core.variadic != nil else { return nil }
    return firstProcedure[function.index] + function.core.procedures.count
  }

  /// The same for a procedure of the Prelude.
  mutating func importIndex(name: String, arity: Int?) -> Int {
    let procedure = ImportedProcedure(name: name, arity: arity)
    if let index = importIndex[procedure] { return procedureCount + index }
    imports.append(procedure)
    importIndex[procedure] = imports.count - 1
    return procedureCount + imports.count - 1
  }
}
