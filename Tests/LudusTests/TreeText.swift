@testable import Ludus

/// A compact text of a syntax tree, for tests to compare.
enum TreeText {
  static func of(_ script: Script) -> String { joined(script.expressions, "; ") }

  static func of(_ expression: Ludus.Expression) -> String {
    switch expression {
    case .literal(let node): of(node.value)
    case .string(let node): of(node)
    case .name(let use): use.name.text
    case .chain(let chain): of(chain.head) + chain.steps.map(of).joined()
    case .collection(let node): of(node)
    case .dictionary(let node): (node.kind == .dict ? "#" : "@") + of(node.entries)
    case .function(let function): of(function)
    case .recur(let form): "recur (\(joined(form.arguments)))"
    case .if(let form): "if \(of(form.condition)) then \(of(form.consequence)) else \(of(form.alternative))"
    case .when(let form): "when {\(form.clauses.map(of).joined(separator: "; "))}"
    case .match(let form): "match \(of(form.subject)) {\(of(form.clauses))}"
    case .do(let form): "do \(of(form.value))" + form.steps.map { " > \(of($0))" }.joined()
    case .loop(let form): "loop (\(joined(form.arguments))) {\(of(form.clauses))}"
    case .receive(let form): of(form)
    case .repeat(let form): "repeat \(of(form.count)) {\(joined(form.body.expressions, "; "))}"
    case .block(let form): "{\(joined(form.expressions, "; "))}"
    case .let(let form): of(form)
    case .ref(let form): "ref \(form.name.name.text) = \(of(form.value))"
    case .import(let form): "import \"\(form.path)\" as \(form.name.name.text)"
    case .use(let form): "use \(form.subject.name.text)"
    case .namespace(let form): "ns \(form.name.name.text) \(of(form.entries))"
    case .test(let form): "test \"\(form.name)\" \(form.function.clauses.map { of($0.body) }.joined())"
    case .invalid: "INVALID"
    }
  }

  private static func joined(_ list: [Ludus.Expression], _ separator: String = ", ") -> String {
    list.map(of).joined(separator: separator)
  }

  private static func of(_ literal: Literal) -> String {
    switch literal {
    case .nil: "nil"
    case .boolean(let value): "\(value)"
    case .number(let value): value == value.rounded() ? "\(Int(value))" : "\(value)"
    case .keyword(let name): ":\(name.text)"
    }
  }

  private static func of(_ node: StringNode) -> String {
    let parts = node.parts.map { part in
      switch part {
      case .text(let text): text
      case .word(let use): "{\(use.name.text)}"
      }
    }
    return "\"\(parts.joined())\""
  }

  private static func of(_ step: ChainStep) -> String {
    switch step {
    case .key(let key): return ":\(key.name.text)"
    case .call(let arguments):
      var values = arguments.values.map(of)
      if let place = arguments.placeholder { values.insert("_", at: place) }
      return "(\(values.joined(separator: ", ")))"
    }
  }

  private static func of(_ node: CollectionNode) -> String {
    let members = node.members.map { member in
      switch member {
      case .value(let value): of(value)
      case .splat(let use): "...\(use.name.text)"
      }
    }
    let text = members.joined(separator: ", ")
    switch node.kind {
    case .tuple: return "(\(text))"
    case .list: return "[\(text)]"
    case .set: return "${\(text)}"
    }
  }

  private static func of(_ entries: [Entry]) -> String {
    let texts = entries.map { entry in
      switch entry {
      case .pair(let key, let value): "\(of(key)) \(of(value))"
      case .splat(let use): "...\(use.name.text)"
      }
    }
    return "{\(texts.joined(separator: ", "))}"
  }

  private static func of(_ key: Key) -> String {
    switch key.value {
    case .keyword(let name): ":\(name.text)"
    case .number(let value): of(Literal.number(value))
    case .string(let node): of(node)
    }
  }

  private static func of(_ function: Function) -> String {
    let name = function.name.map { " \($0.name.text)" } ?? ""
    let documentation = function.documentation.map { " \($0)" } ?? ""
    return "fn\(name)\(documentation) {\(of(function.clauses))}"
  }

  private static func of(_ clauses: [Clause]) -> String {
    clauses.map { clause in
      let condition = clause.guardCondition.map { " if \(of($0))" } ?? ""
      return "\(of(clause.pattern))\(condition) -> \(of(clause.body))"
    }.joined(separator: "; ")
  }

  private static func of(_ condition: IfForm.Condition) -> String {
    switch condition {
    case .value(let value): of(value)
    case .binding(let form): of(form)
    }
  }

  private static func of(_ form: LetForm) -> String { "let \(of(form.pattern)) = \(of(form.value))" }

  private static func of(_ clause: WhenClause) -> String {
    "\(clause.condition.map(of) ?? "else") -> \(of(clause.body))"
  }

  private static func of(_ form: ReceiveForm) -> String {
    let timeout = form.timeout.map { "; after \(of($0.limit)) -> \(of($0.body))" } ?? ""
    return "receive {\(of(form.clauses))\(timeout)}"
  }

  private static func of(_ pattern: Pattern) -> String {
    switch pattern {
    case .literal(let node): of(node.value)
    case .string(let node): of(node)
    case .ignore: "_"
    case .name(let name): of(name)
    case .tuple(let node): "(\(of(node)))"
    case .list(let node): "[\(of(node))]"
    case .dict(let node): "#{\(of(node))}"
    case .structure(let node): "@{\(of(node))}"
    case .invalid: "INVALID"
    }
  }

  private static func of(_ name: NamePattern) -> String {
    name.name.text + (name.typeName.map { " as :\($0.name.text)" } ?? "")
  }

  private static func of(_ node: SequencePattern) -> String {
    (node.members.map(of) + splat(node.splat)).joined(separator: ", ")
  }

  private static func of(_ node: EntryPattern) -> String {
    (node.entries.map { "\(of($0.key)) \(of($0.pattern))" } + splat(node.splat)).joined(separator: ", ")
  }

  private static func splat(_ splat: SplatPattern?) -> [String] {
    splat.map { ["...\($0.name?.name.text ?? "_")"] } ?? []
  }
}
