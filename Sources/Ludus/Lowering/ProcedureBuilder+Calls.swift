import Bytecode
import Core

/// What stands before the arguments of a call, evaluated.
enum Called {
  /// A value, or a keyword that is called.
  case value(Atom)
  /// A known function of this module that captures nothing.
  case function(Function)
  /// A Prelude name that is not shadowed.
  case prelude(String)
  case native(String)
}

extension ProcedureBuilder {
  // MARK: Chains

  func value(_ chain: Chain) -> Atom {
    let last = prefix(chain, steps: chain.steps.dropLast())
    guard let step = chain.steps.last else { return atom(of: last, place(chain.range)) }
    return apply(last, step, place(chain.range))
  }

  func end(_ chain: Chain, _ destination: Destination) -> End {
    let place = place(chain.range)
    guard case .result = destination, function != nil, case .call(let arguments)? = chain.steps.last,
      arguments.placeholder == nil
    else { return finish(value(chain), destination, place) }
    let called = prefix(chain, steps: chain.steps.dropLast())
    let atoms = arguments.values.map(value)
    return tailCall(called, atoms, place)
  }

  /// All of the chain but for the steps that are left out.
  private func prefix(_ chain: Chain, steps: ArraySlice<ChainStep>) -> Called {
    var called = self.called(chain.head)
    for step in steps { called = .value(apply(called, step, place(chain.range))) }
    return called
  }

  private func apply(_ called: Called, _ step: ChainStep, _ place: Place) -> Atom {
    switch step {
    case .key(let key): return bind(.key(atom(of: called, place), key.name.text), place)
    case .call(let arguments):
      guard let hole = arguments.placeholder else {
        return call(called, arguments.values.map(value), place)
      }
      let function = atom(of: called, place)
      return bind(.partial(function, arguments.values.map(value), hole: hole), place)
    }
  }

  /// What an expression means as the head of a call.
  func called(_ head: Expression) -> Called {
    guard case .name(let use) = head else { return .value(value(head)) }
    switch use.resolution {
    case .prelude(let name): return .prelude(name.text)
    case .native(let name): return .native(name)
    case .unresolved: return .value(.constant(.nil))
    case .local(let binding):
      let isCertain =
        !use.mayBeUnbound || isFixed(binding) || module.captures.isCertain(binding, in: function)
      guard isCertain, let known = binding.knownFunction, module.captures.isConstant(known) else {
        return .value(value(of: use))
      }
      if let primitive = preludeName(binding) { return .prelude(primitive) }
      return .function(known)
    }
  }

  /// Within the Prelude, its own functions may be instructions too, but not inside their own definitions.
  private func preludeName(_ binding: Binding) -> String? {
    guard module.isPrelude, binding.isGlobal else { return nil }
    var outermost = function
    while let parent = outermost?.parent { outermost = parent }
    return outermost?.selfBinding === binding ? nil : binding.name.text
  }

  func atom(of called: Called, _ place: Place) -> Atom {
    switch called {
    case .value(let atom): atom
    case .function(let function): .constant(.function(module.index(of: function)))
    case .prelude(let name): preludeValue(name)
    case .native: .constant(.nil)
    }
  }

  private func preludeValue(_ name: String) -> Atom {
    guard module.isPrelude else { return .constant(.prelude(name)) }
    let binding = module.script.scope?.bindings.first { $0.name.text == name }
    guard let known = binding?.knownFunction else { return .constant(.nil) }
    return .constant(.function(module.index(of: known)))
  }

  // MARK: Calls

  func call(named name: String, _ arguments: [Atom], _ place: Place) -> Atom {
    call(.prelude(name), arguments, place)
  }

  func call(_ called: Called, _ arguments: [Atom], _ place: Place) -> Atom {
    if case .value(.constant(.keyword(let key))) = called, arguments.count == 1 {
      return bind(.key(arguments[0], key), place)
    }
    if let inlined = inlined(called, arguments, place) { return inlined }
    let (callee, arguments) = resolve(called, arguments, place)
    return bind(.call(callee, arguments), place)
  }

  private func tailCall(_ called: Called, _ arguments: [Atom], _ place: Place) -> End {
    if case .value(.constant(.keyword)) = called, arguments.count == 1 {
      return .return(call(called, arguments, place))
    }
    if let inlined = inlined(called, arguments, place) { return .return(inlined) }
    let (callee, arguments) = resolve(called, arguments, place)
    return .tailCall(callee, arguments, place)
  }

  /// Chooses the procedure, if it is known, and makes the list of arguments for a variadic one.
  private func resolve(_ called: Called, _ arguments: [Atom], _ place: Place) -> (Callee, [Atom]) {
    let count = arguments.count
    switch called {
    case .value(let atom): return (.value(atom), arguments)
    case .native(let name):
      guard let native = Native.allCases.first(where: { $0.name == name }) else {
        module.fail("there is no native \(name)", at: SourceRange(0, 0))
        return (.value(.constant(.nil)), arguments)
      }
      return (.native(native), arguments)
    case .function(let function):
      let shape = module.shape(of: function)
      let index = module.index(of: function)
      if shape.takes(count) { return (.function(index, arity: count), arguments) }
      if shape.takesList(count) {
        return (
          .function(index, arity: nil), [collection(.list, arguments, place)]
        )
      }
      return (.value(atom(of: called, place)), arguments)
    case .prelude(let name):
      return resolve(prelude: name, arguments, place)
    }
  }

  private func resolve(prelude name: String, _ arguments: [Atom], _ place: Place) -> (Callee, [Atom]) {
    if module.isPrelude {
      let binding = module.script.scope?.bindings.first { $0.name.text == name }
      if let known = binding?.knownFunction {
        return resolve(.function(known), arguments, place)
      }
      return (.value(.constant(.nil)), arguments)
    }
    if let signature = module.prelude.functions[name] {
      if signature.arities.contains(arguments.count) {
        return (.prelude(name, arity: arguments.count), arguments)
      }
      if let minimum = signature.variadicMinimum, arguments.count >= minimum {
        return (.prelude(name, arity: nil), [collection(.list, arguments, place)])
      }
    }
    return (.value(.constant(.prelude(name))), arguments)
  }

  // MARK: do

  func value(_ form: DoForm) -> Atom {
    var atom = value(form.value)
    for step in form.steps { atom = apply(step, to: atom) }
    return atom
  }

  func end(_ form: DoForm, _ destination: Destination) -> End {
    guard case .result = destination, function != nil, let last = form.steps.last else {
      return finish(value(form), destination, place(form.range))
    }
    var atom = value(form.value)
    for step in form.steps.dropLast() { atom = apply(step, to: atom) }
    let (called, arguments) = called(step: last, with: atom)
    return tailCall(called, arguments, place(last.range))
  }

  private func apply(_ step: Expression, to atom: Atom) -> Atom {
    let (called, arguments) = called(step: step, with: atom)
    return call(called, arguments, place(step.range))
  }

  /// `g (1, _)` as a step is a call of `g` at once; any other expression is evaluated and then called.
  private func called(step: Expression, with atom: Atom) -> (Called, [Atom]) {
    switch step {
    case .name: return (called(step), [atom])
    case .chain(let chain):
      guard case .call(let arguments)? = chain.steps.last, let hole = arguments.placeholder else {
        return (.value(value(step)), [atom])
      }
      let called = prefix(chain, steps: chain.steps.dropLast())
      var atoms = arguments.values.map(value)
      atoms.insert(atom, at: hole)
      return (called, atoms)
    default: return (.value(value(step)), [atom])
    }
  }
}
