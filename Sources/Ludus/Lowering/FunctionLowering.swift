import Bytecode
import Core

/// Groups the clauses of a function by their numbers of arguments and lowers each group to a procedure.
struct FunctionLowering {
  let module: ModuleLowering
  let function: Function

  init(_ module: ModuleLowering, _ function: Function) {
    self.module = module
    self.function = function
  }

  func run() -> CoreFunction {
    let shape = module.shape(of: function)
    let place = module.place(function.range)
    return CoreFunction(
      name: function.kind == .named ? function.name?.name.text ?? "anonymous" : "anonymous", place: place,
      clauses: function.clauses.map(heading), doc: function.documentation,
      captures: module.captures.slots[function.index].count,
      procedures: shape.arities.map { fixed($0, place) },
      variadic: shape.variadicMinimum == nil ? nil : variadic(place),
      variadicMinimum: shape.variadicMinimum ?? 0)
  }

  /// The patterns as written, on one line.
  private func heading(_ clause: Clause) -> String {
    let text = module.script.file.text(in: clause.headRange)
    return text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
  }

  private func fixed(_ arity: Int, _ place: Place) -> CoreProcedure {
    let builder = ProcedureBuilder(module, function: function)
    let parameters = (0..<arity).map { _ in builder.newVariable() }
    let fitting = function.clauses.filter { $0.parameters?.fits(arity) ?? false }
    let body = builder.block {
      var patterns = PatternCompiler(builder, subjects: parameters.map { .local($0) })
      let rows = fitting.map { clause in patterns.row(arguments: clause) }
      return patterns.run(rows, place: place, to: .result) { .panic(.noClause, place) }
    }
    return builder.procedure(parameters: parameters, body)
  }

  /// The procedure of the list of all arguments, for the clauses with a splat.
  private func variadic(_ place: Place) -> CoreProcedure {
    let builder = ProcedureBuilder(module, function: function)
    let list = builder.newVariable()
    let fitting = function.clauses.filter { $0.parameters?.splat != nil }
    let body = builder.block {
      var patterns = PatternCompiler(builder, subjects: [.local(list)])
      let rows = fitting.map { clause in patterns.row(argumentList: clause) }
      return patterns.run(rows, place: place, to: .result) { .panic(.noClause, place) }
    }
    return builder.procedure(parameters: [list], body)
  }
}

/// Which numbers of arguments a function tells apart.
struct ArgumentShape {
  /// Ascending: those that have a procedure of their own.
  let arities: [Int]
  /// Some clause has a splat, and takes so many arguments or more.
  let variadicMinimum: Int?

  init(_ function: Function) {
    let parameters = function.clauses.compactMap(\.parameters)
    arities = Set(parameters.filter { $0.splat == nil }.map(\.members.count)).sorted()
    variadicMinimum = parameters.filter { $0.splat != nil }.map(\.members.count).min()
  }

  func takes(_ count: Int) -> Bool { arities.contains(count) }

  /// Whether so many arguments go to the variadic procedure.
  func takesList(_ count: Int) -> Bool {
    !arities.contains(count) && variadicMinimum.map { count >= $0 } ?? false
  }
}

extension SequencePattern {
  /// Whether so many members may match.
  func fits(_ count: Int) -> Bool {
    splat == nil ? members.count == count : members.count <= count
  }
}
