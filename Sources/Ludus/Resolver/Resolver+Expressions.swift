extension Resolver {
  func resolve(_ expression: Expression, inTail: Bool = false) {
    switch expression {
    case .literal, .invalid: break
    case .string(let string): resolve(string)
    case .name(let name): use(name)
    case .chain(let chain): resolve(chain)
    case .collection(let collection): resolve(collection)
    case .dictionary(let dictionary):
      resolve(dictionary.entries)
      checkKeys(of: dictionary.entries)
    case .function(let function):
      if function.name == nil {
        resolveFunction(function, selfBinding: nil)
      } else {
        resolveMisplaced(expression)
      }
    case .recur(let form): resolve(form, inTail: inTail)
    case .if(let form): resolve(form, inTail: inTail)
    case .when(let form): resolve(form, inTail: inTail)
    case .match(let form):
      resolve(form.subject)
      resolve(form.clauses, as: .pattern, inTail: inTail)
    case .do(let form):
      resolve(form.value)
      for step in form.steps { resolve(step) }
      checkDo(form)
    case .loop(let form): resolve(form)
    case .receive(let form): resolve(form, inTail: inTail)
    case .repeat(let form):
      resolve(form.count)
      resolve(form.body, inTail: false)
    case .block(let form): resolve(form, inTail: inTail)
    case .let, .ref, .import, .use, .namespace, .test: resolveMisplaced(expression)
    }
  }

  private func resolve(_ string: StringNode) {
    for case .word(let word) in string.parts { use(word) }
  }

  private func resolve(_ chain: Chain) {
    resolve(chain.head)
    for case .call(let arguments) in chain.steps {
      for value in arguments.values { resolve(value) }
    }
    checkNamespaceKey(chain)
  }

  private func resolve(_ collection: CollectionNode) {
    for member in collection.members {
      switch member {
      case .value(let value): resolve(value)
      case .splat(let name): use(name)
      }
    }
  }

  func resolve(_ entries: [Entry]) {
    for entry in entries {
      switch entry {
      case .pair(let key, let value):
        if case .string(let string) = key.value { resolve(string) }
        resolve(value)
      case .splat(let name): use(name)
      }
    }
  }

  private func resolve(_ form: RecurForm, inTail: Bool) {
    for argument in form.arguments { resolve(argument) }
    checkRecur(form, inTail: inTail)
  }

  private func resolve(_ form: IfForm, inTail: Bool) {
    switch form.condition {
    case .value(let condition):
      resolve(condition)
      form.consequenceScope = resolveBranch(form.consequence, inTail: inTail)
    case .binding(let binding):
      resolve(binding.value)
      form.consequenceScope = inScope(.branch) {
        declare(binding.pattern, as: .let)
        markBound(binding.pattern)
        declare(form.consequence)
        resolveStatement(form.consequence, inTail: inTail)
      }
    }
    form.alternativeScope = resolveBranch(form.alternative, inTail: inTail)
  }

  private func resolve(_ form: WhenForm, inTail: Bool) {
    for clause in form.clauses {
      if let condition = clause.condition { resolve(condition) }
      clause.scope = resolveBranch(clause.body, inTail: inTail)
    }
    warnAboutUnreachable(form.clauses)
  }

  private func resolve(_ form: LoopForm) {
    for argument in form.arguments { resolve(argument) }
    let outer = loop
    loop = form
    resolve(form.clauses, as: .loop, inTail: true)
    loop = outer
  }

  private func resolve(_ form: ReceiveForm, inTail: Bool) {
    resolve(form.clauses, as: .pattern, inTail: inTail)
    guard let timeout = form.timeout else { return }
    resolve(timeout.limit)
    timeout.scope = resolveBranch(timeout.body, inTail: inTail)
  }

  /// Clauses of a function, loop, match or receive.
  private func resolve(_ clauses: [Clause], as kind: Binding.Kind, inTail: Bool) {
    for clause in clauses {
      clause.scope = inScope(.clause) {
        declare(clause.pattern, as: kind)
        markBound(clause.pattern)
        declare(clause.body)
        if let condition = clause.guardCondition { resolve(condition) }
        resolveStatement(clause.body, inTail: inTail)
      }
    }
    if kind == .pattern {
      warnAboutUnreachable(matching: clauses)
    } else {
      warnAboutUnreachable(calling: clauses)
    }
  }

  func resolve(_ block: BlockForm, inTail: Bool) {
    _ = inScope(.block) {
      block.scope = scope
      for expression in block.expressions { declare(expression) }
      for expression in block.expressions.dropLast() { resolveStatement(expression, inTail: false) }
      guard let last = block.expressions.last else { return }
      resolveStatement(last, inTail: inTail)
      if case .let(let form) = last { forEachName(in: form.pattern) { $0.binding?.isUsed = true } }
    }
  }

  /// `selfBinding`: the name that is bound to this very function.
  func resolveFunction(_ inner: Function, selfBinding: Binding?) {
    let outer = (function, loop, testBlock)
    inner.parent = function
    inner.selfBinding = selfBinding
    function = inner
    loop = nil
    testBlock = nil
    if inner.kind == .test, case .block(let block)? = inner.clauses.first?.body { testBlock = block }
    resolve(inner.clauses, as: .parameter, inTail: false)
    (function, loop, testBlock) = outer
  }
}
