import Bytecode

/// The text of Core: a line a step, blocks indented, every name with its number so that no two are alike.
///
///     function 1 fib
///       procedure (%0)
///         join L1
///           require same %0 0 else L1 @1:10
///           return 0
///         …
public struct CorePrinter {
  private var lines: [String] = []
  private var names: [Variable: String] = [:]

  private init() {}

  public static func text(of module: CoreModule) -> String {
    var printer = CorePrinter()
    printer.line(0, "module \(quoted(module.name)) entry \(module.entry)")
    for (index, global) in module.globals.enumerated() {
      printer.line(0, "global \(index) \(global.name)" + (global.function.map { " function \($0)" } ?? ""))
    }
    for (index, function) in module.functions.enumerated() { printer.print(function, index) }
    return printer.lines.joined(separator: "\n") + "\n"
  }

  public static func text(of procedure: CoreProcedure) -> String {
    var printer = CorePrinter()
    printer.print(procedure, isVariadic: false, 0)
    return printer.lines.joined(separator: "\n") + "\n"
  }

  private mutating func line(_ depth: Int, _ text: String) {
    lines.append(String(repeating: "  ", count: depth) + text)
  }

  private mutating func print(_ function: CoreFunction, _ index: Int) {
    let captures = function.captures == 0 ? "" : " captures \(function.captures)"
    line(0, "function \(index) \(function.name)\(captures)" + at(function.place))
    for procedure in function.procedures { print(procedure, isVariadic: false, 1) }
    if let variadic = function.variadic { print(variadic, isVariadic: true, 1) }
  }

  private mutating func print(_ procedure: CoreProcedure, isVariadic: Bool, _ depth: Int) {
    names = procedure.names
    line(depth, (isVariadic ? "variadic " : "procedure ") + list(procedure.parameters))
    print(procedure.body, depth + 1)
  }

  // MARK: Blocks

  private mutating func print(_ block: Block, _ depth: Int) {
    for step in block.steps { print(step, depth) }
    print(block.end, depth)
  }

  private mutating func print(_ step: Step, _ depth: Int) {
    switch step {
    case .bind(let variable, let operation, let place):
      line(depth, "\(name(variable)) = \(text(operation))" + at(place))
    case .effect(let effect, let place): line(depth, text(effect) + at(place))
    case .require(let test, let place, let label):
      line(depth, "require \(text(test)) else \(name(label))" + at(place))
    case .check(let test, let place, let otherwise):
      line(depth, "check \(text(test)) else" + at(place))
      print(otherwise, depth + 1)
    case .join(let label, let parameters, let body):
      line(depth, "join \(name(label)) \(list(parameters))")
      print(body, depth + 1)
    }
  }

  private mutating func print(_ end: End, _ depth: Int) {
    switch end {
    case .return(let atom): line(depth, "return \(text(atom))")
    case .tailCall(let callee, let arguments, let place):
      line(depth, "tail call \(text(callee)) \(list(arguments))" + at(place))
    case .branch(let test, let place, let then, let otherwise):
      line(depth, "if \(text(test))" + at(place))
      print(then, depth + 1)
      line(depth, "else")
      print(otherwise, depth + 1)
    case .jump(let label, let atoms, let place):
      line(depth, "jump \(name(label)) \(list(atoms))" + at(place))
    case .loop(let label, let parameters, let atoms, let body, let place):
      line(depth, "loop \(name(label)) \(list(parameters)) = \(list(atoms))" + at(place))
      print(body, depth + 1)
    case .wait(let label, let timeout, let place):
      line(depth, "wait \(name(label)) else" + at(place))
      print(timeout, depth + 1)
    case .panic(let panic, let place): line(depth, "panic \(text(panic))" + at(place))
    }
  }

  // MARK: Parts

  private func name(_ variable: Variable) -> String {
    "%\(variable.id)" + (names[variable].map { "." + $0 } ?? "")
  }

  private func name(_ label: Label) -> String { "L\(label.id)" }

  private func at(_ place: Place) -> String { " @\(place.file):\(place.line):\(place.column)" }

  private func list(_ variables: [Variable]) -> String {
    "(" + variables.map(name).joined(separator: ", ") + ")"
  }

  private func list(_ atoms: [Atom]) -> String { "(" + atoms.map(text).joined(separator: ", ") + ")" }

  private func list(_ pairs: [AtomPair]) -> String {
    "(" + pairs.map { text($0.key) + " " + text($0.value) }.joined(separator: ", ") + ")"
  }

  private func text(_ atom: Atom) -> String {
    switch atom {
    case .local(let variable): name(variable)
    case .constant(let constant): Self.text(constant)
    case .captured(let index): "captured \(index)"
    case .itself: "itself"
    }
  }

  private func text(_ callee: Callee) -> String {
    switch callee {
    case .value(let atom): text(atom)
    case .function(let index, let arity): "function \(index)/\(arity.map(String.init) ?? "…")"
    case .prelude(let name, let arity): "prelude \(name)/\(arity.map(String.init) ?? "…")"
    case .native(let native): "native \(native.name)"
    }
  }

  private func text(_ operation: Operation) -> String {
    switch operation {
    case .call(let callee, let arguments): "call \(text(callee)) \(list(arguments))"
    case .primitive(let primitive, let atoms): "\(text(primitive)) \(list(atoms))"
    case .global(let index): "global \(index)"
    case .closure(let function, let captures): "closure \(function) \(list(captures))"
    case .partial(let function, let arguments, let hole):
      "partial \(text(function)) \(list(arguments)) hole \(hole)"
    case .environment(let slots): "environment \(slots)"
    case .slot(let environment, let slot, let name): "slot \(text(environment)) \(slot) \(name)"
    case .tuple(let atoms): "tuple \(list(atoms))"
    case .list(let atoms): "list \(list(atoms))"
    case .set(let atoms): "set \(list(atoms))"
    case .dict(let pairs): "dict \(list(pairs))"
    case .struct(let pairs): "struct \(list(pairs))"
    case .namespace(let name, let pairs): "namespace \(name) \(list(pairs))"
    case .interpolate(let atoms): "interpolate \(list(atoms))"
    case .tupleMember(let atom, let index): "tupleMember \(text(atom)) \(index)"
    case .listMember(let atom, let index): "listMember \(text(atom)) \(index)"
    case .tupleRest(let atom, let index): "tupleRest \(text(atom)) \(index)"
    case .listRest(let atom, let index): "listRest \(text(atom)) \(index)"
    case .dictRest(let atom, let keys):
      "dictRest \(text(atom)) without (" + keys.map(Self.text).joined(separator: ", ") + ")"
    case .key(let atom, let key): "key \(text(atom)) :\(key)"
    case .hold: "hold"
    }
  }

  private func text(_ primitive: Primitive) -> String {
    if case .addInteger(let number, let form) = primitive { return "addInteger \(number) \(form)" }
    return "\(primitive)"
  }

  private func text(_ test: Test) -> String {
    switch test {
    case .truthy(let atom): "truthy \(text(atom))"
    case .constant(let atom, let constant): "same \(text(atom)) \(Self.text(constant))"
    case .equal(let left, let right): "equal \(text(left)) \(text(right))"
    case .less(let left, let right): "less \(text(left)) \(text(right))"
    case .lessOrEqual(let left, let right): "lessOrEqual \(text(left)) \(text(right))"
    case .greater(let left, let right): "greater \(text(left)) \(text(right))"
    case .greaterOrEqual(let left, let right): "greaterOrEqual \(text(left)) \(text(right))"
    case .type(let atom, let type): "type \(text(atom)) :\(type.name)"
    case .tuple(let atom, let count): "tuple \(text(atom)) \(count)"
    case .tupleFrom(let atom, let count): "tupleFrom \(text(atom)) \(count)"
    case .list(let atom, let count): "list \(text(atom)) \(count)"
    case .listFrom(let atom, let count): "listFrom \(text(atom)) \(count)"
    case .dictKey(let variable, let atom, let key):
      "\(name(variable)) = dictKey \(text(atom)) \(Self.text(key))"
    case .structKey(let variable, let atom, let key):
      "\(name(variable)) = structKey \(text(atom)) \(Self.text(key))"
    case .message(let variable): "\(name(variable)) = message"
    }
  }

  private func text(_ effect: Effect) -> String {
    switch effect {
    case .storeGlobal(let index, let atom): "store global \(index) \(text(atom))"
    case .storeSlot(let environment, let slot, let atom):
      "store slot \(text(environment)) \(slot) \(text(atom))"
    case .receive(let limit): "receive" + (limit.map { " after " + text($0) } ?? "")
    case .take: "take"
    case .resume(let atom): "resume \(text(atom))"
    case .checkCount(let atom): "checkCount \(text(atom))"
    }
  }

  private func text(_ panic: Panic) -> String {
    switch panic {
    case .noMatch(let atom, let isLet): (isLet ? "noMatch let " : "noMatch ") + text(atom)
    case .noClause: "noClause"
    case .noLoopClause(let variables): "noLoopClause \(list(variables))"
    case .noWhen: "noWhen"
    }
  }

  // MARK: Constants

  static func text(_ constant: Constant) -> String {
    switch constant {
    case .nil: "nil"
    case .boolean(let value): "\(value)"
    case .number(let number): Int(exactly: number).map(String.init) ?? "\(number)"
    case .keyword(let name): ":\(name)"
    case .string(let text): quoted(text)
    case .tuple(let members): "(" + members.map(text).joined(separator: ", ") + ")"
    case .list(let members): "[" + members.map(text).joined(separator: ", ") + "]"
    case .set(let members): "${" + members.map(text).joined(separator: ", ") + "}"
    case .dict(let pairs):
      "#{" + pairs.map { text($0.key) + " " + text($0.value) }.joined(separator: ", ") + "}"
    case .struct(let pairs):
      "@{" + pairs.map { text($0.key) + " " + text($0.value) }.joined(separator: ", ") + "}"
    case .function(let index): "function \(index)"
    case .prelude(let name): "prelude \(name)"
    }
  }

  private static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}
