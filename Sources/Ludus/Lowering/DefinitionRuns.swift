/// Finds runs of neighbouring definitions: statements of a block or script that run no code of the program.
/// A function of a run may call the others of its run without a check that they are bound: nothing can run
/// before all of them are.
struct DefinitionRuns {
  private var runs: [ObjectIdentifier: Int] = [:]
  private var count = 0

  init(_ script: Script) {
    visit(statements: script.expressions)
    for function in script.functions {
      for clause in function.clauses { visit(clause) }
    }
  }

  /// Whether both names are bound by definitions of one run.
  func areTogether(_ left: Binding, _ right: Binding) -> Bool {
    guard let run = runs[ObjectIdentifier(left)] else { return false }
    return run == runs[ObjectIdentifier(right)]
  }

  private mutating func visit(statements: [Expression]) {
    count += 1
    for statement in statements {
      switch statement {
      case .function(let function):
        note(function.name)
      case .let(let form):
        if let name = form.inertName { note(name) } else { count += 1 }
      case .test: break
      default: count += 1
      }
      visit(statement)
    }
    count += 1
  }

  private mutating func note(_ name: NamePattern?) {
    if let binding = name?.binding { runs[ObjectIdentifier(binding)] = count }
  }

  private mutating func visit(_ clause: Clause) {
    if let guardCondition = clause.guardCondition { visit(guardCondition) }
    visit(clause.body)
  }

  private mutating func visit(_ expressions: [Expression]) {
    for expression in expressions { visit(expression) }
  }

  /// Looks for blocks; bodies of functions are visited from the list of functions.
  private mutating func visit(_ expression: Expression) {
    switch expression {
    case .literal, .string, .name, .function, .use, .import, .test, .invalid: break
    case .block(let form): visit(statements: form.expressions)
    case .repeat(let form): visit(statements: form.body.expressions)
    case .chain(let chain):
      visit(chain.head)
      for case .call(let arguments) in chain.steps { visit(arguments.values) }
    case .collection(let node):
      for case .value(let value) in node.members { visit(value) }
    case .dictionary(let node): visit(entries: node.entries)
    case .namespace(let form): visit(entries: form.entries)
    case .recur(let form): visit(form.arguments)
    case .let(let form): visit(form.value)
    case .ref(let form): visit(form.value)
    case .if(let form): visit(form)
    case .when(let form):
      for clause in form.clauses {
        if let condition = clause.condition { visit(condition) }
        visit(clause.body)
      }
    case .match(let form):
      visit(form.subject)
      for clause in form.clauses { visit(clause) }
    case .do(let form): visit([form.value] + form.steps)
    case .loop(let form):
      visit(form.arguments)
      for clause in form.clauses { visit(clause) }
    case .receive(let form):
      for clause in form.clauses { visit(clause) }
      if let timeout = form.timeout { visit([timeout.limit, timeout.body]) }
    }
  }

  private mutating func visit(_ form: IfForm) {
    switch form.condition {
    case .value(let value): visit(value)
    case .binding(let form): visit(form.value)
    }
    visit([form.consequence, form.alternative])
  }

  private mutating func visit(entries: [Entry]) {
    for case .pair(_, let value) in entries { visit(value) }
  }
}

extension LetForm {
  /// The name of `let name = fn …` or `let name = literal`: a `let` that runs nothing.
  var inertName: NamePattern? {
    guard case .name(let name) = pattern, name.typeName == nil else { return nil }
    switch value {
    case .literal, .function: return name
    case .string(let node): return node.literal == nil ? nil : name
    default: return nil
    }
  }
}
