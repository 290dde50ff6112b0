import XCTest

@testable import Ludus

/// What lowering relies on in a tree without errors: nothing invalid, every name resolved, every binding and
/// scope set, every recur with its loop.
struct Soundness {
  private let label: String

  static func examine(_ script: Script, _ label: String) {
    let soundness = Soundness(label: label)
    XCTAssertNotNil(script.scope, label)
    for (index, function) in script.functions.enumerated() {
      XCTAssertEqual(function.index, index, label)
      for binding in function.captures {
        XCTAssertFalse(binding.isGlobal, label)
        XCTAssertTrue(binding.scope.function !== function, label)
        XCTAssertTrue(function.selfBinding !== binding, label)
      }
    }
    for expression in script.expressions { soundness.visit(expression) }
  }

  private func visit(_ expression: Ludus.Expression) {
    switch expression {
    case .invalid: XCTFail("\(label): invalid expression")
    case .literal, .import: break
    case .string(let node): visit(node)
    case .name(let name): visit(name)
    case .chain(let chain):
      visit(chain.head)
      XCTAssertFalse(chain.steps.isEmpty, label)
      for case .call(let arguments) in chain.steps { arguments.values.forEach(visit) }
    case .collection(let node):
      for member in node.members {
        switch member {
        case .value(let value): visit(value)
        case .splat(let name):
          XCTAssertNotEqual(node.kind, .tuple, label)
          visit(name)
        }
      }
    case .dictionary(let node): visit(node.entries)
    case .function(let function): visit(function)
    case .recur(let form):
      XCTAssertEqual(form.loop?.arguments.count, form.arguments.count, label)
      form.arguments.forEach(visit)
    case .if(let form):
      switch form.condition {
      case .value(let value): visit(value)
      case .binding(let form):
        visit(form.value)
        visit(form.pattern)
      }
      XCTAssertTrue(form.consequenceScope != nil && form.alternativeScope != nil, label)
      visit(form.consequence)
      visit(form.alternative)
    case .when(let form): visit(form)
    case .match(let form):
      visit(form.subject)
      visit(form.clauses)
    case .do(let form):
      XCTAssertFalse(form.steps.isEmpty, label)
      visit(form.value)
      form.steps.forEach(visit)
    case .loop(let form):
      form.arguments.forEach(visit)
      visit(form.clauses)
    case .receive(let form):
      XCTAssertTrue(!form.clauses.isEmpty || form.timeout != nil, label)
      visit(form.clauses, mayBeEmpty: true)
      if let timeout = form.timeout {
        visit(timeout.limit)
        visit(timeout.body)
      }
    case .repeat(let form):
      visit(form.count)
      visit(.block(form.body))
    case .block(let form):
      XCTAssertTrue(form.scope != nil && !form.expressions.isEmpty, label)
      form.expressions.forEach(visit)
    case .let(let form):
      visit(form.value)
      visit(form.pattern)
    case .ref(let form): visit(form.value)
    case .use(let form): visit(form.subject)
    case .namespace(let form):
      XCTAssertNotNil(form.name.binding, label)
      visit(form.entries)
    case .test(let form): visit(form.function)
    }
  }

  private func visit(_ form: WhenForm) {
    XCTAssertFalse(form.clauses.isEmpty, label)
    for clause in form.clauses {
      if let condition = clause.condition { visit(condition) }
      XCTAssertNotNil(clause.scope, label)
      visit(clause.body)
    }
  }

  private func visit(_ function: Function) {
    if let name = function.name { XCTAssertNotNil(name.binding, label) }
    visit(function.clauses)
    for clause in function.clauses { XCTAssertNotNil(clause.parameters, label) }
  }

  private func visit(_ clauses: [Clause], mayBeEmpty: Bool = false) {
    XCTAssertTrue(mayBeEmpty || !clauses.isEmpty, label)
    for clause in clauses {
      XCTAssertNotNil(clause.scope, label)
      visit(clause.pattern)
      if let condition = clause.guardCondition { visit(condition) }
      visit(clause.body)
    }
  }

  private func visit(_ entries: [Entry]) {
    for entry in entries {
      switch entry {
      case .pair(let key, let value):
        if case .string(let node) = key.value { visit(node) }
        visit(value)
      case .splat(let name): visit(name)
      }
    }
  }

  private func visit(_ node: StringNode) {
    for case .word(let word) in node.parts { visit(word) }
  }

  private func visit(_ use: NameUse) {
    if case .unresolved = use.resolution { XCTFail("\(label): \(use.name.text) is unresolved") }
    if use.mayBeUnbound {
      guard case .local(let binding) = use.resolution else { return XCTFail(label) }
      XCTAssertTrue(binding.isForwardReferenced, label)
    }
  }

  private func visit(_ pattern: Pattern) {
    switch pattern {
    case .invalid: XCTFail("\(label): invalid pattern")
    case .literal, .ignore: break
    case .string(let node): XCTAssertNotNil(node.literal, label)
    case .name(let name): XCTAssertNotNil(name.binding, label)
    case .tuple(let node), .list(let node):
      node.members.forEach(visit)
      if let name = node.splat?.name { XCTAssertNotNil(name.binding, label) }
    case .dict(let node), .structure(let node):
      for entry in node.entries { visit(entry.pattern) }
      if let name = node.splat?.name { XCTAssertNotNil(name.binding, label) }
    }
  }
}
