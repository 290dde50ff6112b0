import Bytecode
import Core

extension ProcedureBuilder {
  /// The whole script: its toplevel is one procedure.
  func script(_ script: Script) -> Block {
    block {
      enter(script.scope)
      for expression in script.expressions.dropLast() { discard(expression) }
      guard let last = script.expressions.last else { return .return(.constant(.nil)) }
      return .return(value(last))
    }
  }

  /// Lowers an expression whose value goes on in the same block.
  func value(_ expression: Expression) -> Atom {
    switch expression {
    case .literal(let node): return .constant(node.value.constant)
    case .string(let node): return string(node)
    case .name(let use): return value(of: use)
    case .chain(let chain): return value(chain)
    case .collection(let node): return collection(node)
    case .dictionary(let node): return dictionary(node)
    case .function(let function):
      let atom = closure(of: function)
      if let binding = function.name?.binding { define(binding, atom) }
      return atom
    case .let(let form): return define(form)
    case .ref(let form):
      let place = place(form.range)
      let initial = value(form.value)
      let label = Atom.constant(.string(form.name.name.text))
      let atom = call(named: "prelude/ref_named", [label, initial], place)
      if let binding = form.name.binding { define(binding, atom) }
      return atom
    case .namespace(let form): return namespace(form)
    case .use(let form):
      use(form)
      return .constant(.nil)
    case .import, .test, .invalid: return .constant(.nil)
    case .do(let form): return value(form)
    case .recur, .if, .when, .match, .loop, .receive, .repeat, .block:
      return joinValue { end(expression, $0) }
    }
  }

  /// Lowers an expression for its effect.
  func discard(_ expression: Expression) {
    switch expression {
    case .if, .when, .match, .loop, .receive, .repeat, .block:
      let label = newLabel()
      join(label) { end(expression, .discard(label)) }
    case .let(let form): destructure(form)
    default: _ = value(expression)
    }
  }

  /// Lowers an expression that ends the block.
  func end(_ expression: Expression, _ destination: Destination) -> End {
    switch expression {
    case .chain(let chain): return end(chain, destination)
    case .recur(let form): return end(form)
    case .if(let form): return end(form, destination)
    case .when(let form): return end(form.clauses[...], form, destination)
    case .match(let form): return end(form, destination)
    case .do(let form): return end(form, destination)
    case .loop(let form): return end(form, destination)
    case .receive(let form): return end(form, destination)
    case .repeat(let form): return end(form, destination)
    case .block(let form):
      enter(form.scope)
      for expression in form.expressions.dropLast() { discard(expression) }
      guard let last = form.expressions.last else {
        return finish(.constant(.nil), destination, place(form.range))
      }
      return end(last, destination)
    case .let(let form):
      if case .discard(let label) = destination {
        destructure(form)
        return .jump(label, [], place(form.range))
      }
      return finish(value(expression), destination, place(expression.range))
    default: return finish(value(expression), destination, place(expression.range))
    }
  }

  // MARK: Literals and collections

  private func string(_ node: StringNode) -> Atom {
    if let literal = node.literal { return .constant(.string(literal)) }
    let parts = node.parts.map { part in
      switch part {
      case .text(let text): Atom.constant(.string(text))
      case .word(let use): value(of: use)
      }
    }
    return bind(.interpolate(parts), place(node.range))
  }

  func collection(_ node: CollectionNode) -> Atom {
    let hasSplat = node.members.contains { if case .splat = $0 { true } else { false } }
    if hasSplat { return spliced(node) }
    var members: [Atom] = []
    for case .value(let expression) in node.members { members.append(value(expression)) }
    return collection(node.kind, members, place(node.range))
  }

  func collection(_ kind: CollectionNode.Kind, _ members: [Atom], _ place: Place) -> Atom {
    let constants = members.compactMap(\.constant)
    let isConstant =
      constants.count == members.count && constants.allSatisfy { $0.isFlat(to: Constant.levels) }
    switch kind {
    case .tuple: return isConstant ? .constant(.tuple(constants)) : bind(.tuple(members), place)
    case .list: return isConstant ? .constant(.list(constants)) : bind(.list(members), place)
    case .set: return isConstant ? .constant(.set(constants)) : bind(.set(members), place)
    }
  }

  func dictionary(_ node: DictionaryNode) -> Atom {
    let hasSplat = node.entries.contains { if case .splat = $0 { true } else { false } }
    if hasSplat { return spliced(node) }
    return dictionary(node.kind, pairs(node.entries), place(node.range))
  }

  func dictionary(_ kind: DictionaryNode.Kind, _ pairs: [AtomPair], _ place: Place) -> Atom {
    let constants = pairs.compactMap(\.constant)
    let isConstant =
      constants.count == pairs.count && constants.allSatisfy { $0.value.isFlat(to: Constant.levels) }
    switch kind {
    case .dict: return isConstant ? .constant(.dict(constants)) : bind(.dict(pairs), place)
    case .structure: return isConstant ? .constant(.struct(constants)) : bind(.struct(pairs), place)
    }
  }

  private func pairs(_ entries: [Entry]) -> [AtomPair] {
    var pairs: [AtomPair] = []
    for case .pair(let key, let expression) in entries {
      pairs.append(AtomPair(.constant(key.constant), value(expression)))
    }
    return pairs
  }

  private func namespace(_ form: NamespaceForm) -> Atom {
    let place = place(form.range)
    let atom = bind(.namespace(form.name.name.text, pairs(form.entries)), place)
    if let binding = form.name.binding { define(binding, atom) }
    return atom
  }

  private func use(_ form: UseForm) {
    let place = place(form.range)
    let subject = value(of: form.subject)
    for binding in form.bindings { define(binding, bind(.key(subject, binding.name.text), place)) }
  }
}

extension Atom {
  var constant: Constant? {
    if case .constant(let constant) = self { constant } else { nil }
  }
}

extension Constant {
  /// How deep collections that are one constant may nest: less than the module format allows.
  fileprivate static let levels = 100

  fileprivate func isFlat(to levels: Int) -> Bool {
    switch self {
    case .tuple(let members), .list(let members), .set(let members):
      levels > 0 && members.allSatisfy { $0.isFlat(to: levels - 1) }
    case .dict(let pairs), .struct(let pairs):
      levels > 0 && pairs.allSatisfy { $0.value.isFlat(to: levels - 1) }
    default: true
    }
  }
}

extension AtomPair {
  var constant: ConstantPair? {
    guard let key = key.constant, let value = value.constant else { return nil }
    return ConstantPair(key, value)
  }
}

extension Literal {
  var constant: Constant {
    switch self {
    case .nil: .nil
    case .boolean(let value): .boolean(value)
    case .number(let value): .number(value)
    case .keyword(let name): .keyword(name.text)
    }
  }
}

extension Key {
  var constant: Constant {
    switch value {
    case .keyword(let name): .keyword(name.text)
    case .number(let number): .number(number)
    case .string(let node): .string(node.literal ?? "")
    }
  }
}
