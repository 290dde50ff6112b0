import Bytecode
import Core

/// Where the value of an expression goes.
enum Destination {
  /// It is the value of the procedure: calls are tail calls.
  case result
  /// To the end of a join with one parameter.
  case value(Label)
  /// To the end of a join without parameters: nobody wants the value.
  case discard(Label)
}

/// Builds the Core of one procedure. Methods that lower an expression append steps to the block under
/// construction; those that return an `End` finish it.
final class ProcedureBuilder {
  let module: ModuleLowering
  /// The function that the procedure belongs to; nil for the script.
  let function: Function?
  private var steps: [Step] = []
  private var variableCount = 0
  private var labelCount = 0
  private var names: [Variable: String] = [:]
  /// By binding: where its value is, once it is bound in this procedure.
  private var atoms: [ObjectIdentifier: Atom] = [:]
  /// By scope: its environment record.
  private var environments: [ObjectIdentifier: Atom] = [:]
  /// By loop of the source: its head.
  var loops: [ObjectIdentifier: Label] = [:]

  init(_ module: ModuleLowering, function: Function?) {
    self.module = module
    self.function = function
  }

  // MARK: Making Core

  func newVariable(_ name: String? = nil) -> Variable {
    let variable = Variable(variableCount)
    variableCount += 1
    if let name { names[variable] = name }
    return variable
  }

  func newLabel() -> Label {
    labelCount += 1
    return Label(labelCount - 1)
  }

  func procedure(parameters: [Variable], _ body: Block) -> CoreProcedure {
    CoreProcedure(
      parameters: parameters, body: body, variableCount: variableCount, labelCount: labelCount, names: names)
  }

  /// Builds a block of its own.
  func block(_ body: () -> End) -> Block {
    let outer = steps
    steps = []
    let end = body()
    defer { steps = outer }
    return Block(steps, end)
  }

  func bind(_ operation: Operation, _ place: Place, name: String? = nil) -> Atom {
    let variable = newVariable(name)
    steps.append(.bind(variable, operation, place))
    return .local(variable)
  }

  func effect(_ effect: Effect, _ place: Place) { steps.append(.effect(effect, place)) }

  func require(_ test: Test, _ place: Place, else label: Label) {
    steps.append(.require(test, place, else: label))
  }

  func check(_ test: Test, _ place: Place, else otherwise: Block) {
    steps.append(.check(test, place, else: otherwise))
  }

  /// Appends a join without parameters.
  func join(_ label: Label, _ body: () -> End) {
    let block = block(body)
    steps.append(.join(label, [], block))
  }

  /// Appends a join whose body hands on a value.
  func joinValue(_ body: (Destination) -> End) -> Atom {
    let label = newLabel()
    let variable = newVariable()
    let block = block { body(.value(label)) }
    steps.append(.join(label, [variable], block))
    return .local(variable)
  }

  func finish(_ atom: Atom, _ destination: Destination, _ place: Place) -> End {
    switch destination {
    case .result: .return(atom)
    case .value(let label): .jump(label, [atom], place)
    case .discard(let label): .jump(label, [], place)
    }
  }

  func place(_ range: SourceRange) -> Place { module.place(range) }

  // MARK: Names

  /// Makes the environment record of the scope, if it needs one, at the scope's beginning.
  func enter(_ scope: Scope?) {
    guard let scope else { return }
    let recorded = module.captures.recorded(in: scope)
    guard !recorded.isEmpty else { return }
    let place = place(recorded[0].range)
    environments[ObjectIdentifier(scope)] = bind(.environment(slots: recorded.count), place)
  }

  /// Binds a name to a value.
  func define(_ binding: Binding, _ atom: Atom) {
    let place = place(binding.range)
    if let variable = atom.variable, names[variable] == nil { names[variable] = binding.name.text }
    if binding.isGlobal {
      defineGlobal(binding, atom, place)
      return
    }
    atoms[ObjectIdentifier(binding)] = atom
    if let environment = environments[ObjectIdentifier(binding.scope)],
      let slot = slot(of: binding)
    {
      effect(.storeSlot(environment: environment, slot, atom), place)
    }
  }

  private func defineGlobal(_ binding: Binding, _ atom: Atom, _ place: Place) {
    if case .constant(let constant) = atom {
      module.globalConstants[ObjectIdentifier(binding)] = constant
      if module.isPrelude, binding.kind == .function { return }
    }
    effect(.storeGlobal(binding.index, atom), place)
  }

  private func slot(of binding: Binding) -> Int? {
    module.captures.recorded(in: binding.scope).firstIndex { $0 === binding }
  }

  /// The value of a name.
  func value(of use: NameUse) -> Atom {
    switch use.resolution {
    case .prelude(let name): return .constant(.prelude(name.text))
    case .native, .unresolved:
      module.fail("a native can only be called", at: use.range)
      return .constant(.nil)
    case .local(let binding):
      let isCertain = !use.mayBeUnbound || module.captures.isCertain(binding, in: function)
      return value(of: binding, isCertain: isCertain, place(use.range))
    }
  }

  func value(of binding: Binding, isCertain: Bool, _ place: Place) -> Atom {
    if isCertain || isFixed(binding), let known = binding.knownFunction, module.captures.isConstant(known) {
      return .constant(.function(module.index(of: known)))
    }
    if binding.isGlobal {
      if isCertain, let constant = module.globalConstants[ObjectIdentifier(binding)] {
        return .constant(constant)
      }
      return bind(.global(binding.index), place, name: binding.name.text)
    }
    return local(binding, place)
  }

  /// The Prelude's functions are bound before anything runs.
  func isFixed(_ binding: Binding) -> Bool {
    module.isPrelude && binding.isGlobal && binding.kind == .function
  }

  private func local(_ binding: Binding, _ place: Place) -> Atom {
    if let atom = atoms[ObjectIdentifier(binding)] { return atom }
    guard let function else { preconditionFailure("a name of no scope: \(binding.name.text)") }
    if function.selfBinding === binding { return .itself }
    let slot = module.captures.slot(for: binding, in: function)
    guard case .environment(let scope) = slot else { return captured(slot) }
    let environment = self.environment(of: scope)
    return bind(
      .slot(environment: environment, self.slot(of: binding) ?? 0, name: binding.name.text), place,
      name: binding.name.text)
  }

  private func environment(of scope: Scope) -> Atom {
    environments[ObjectIdentifier(scope)] ?? captured(.environment(scope))
  }

  private func captured(_ slot: Captures.Slot) -> Atom {
    let slots = function.map { module.captures.slots[$0.index] } ?? []
    guard let index = slots.firstIndex(where: { $0.identity == slot.identity }) else {
      preconditionFailure("a captured name without a slot")
    }
    return .captured(index)
  }

  /// The value of a function of the source.
  func closure(of function: Function) -> Atom {
    let index = module.index(of: function)
    let slots = module.captures.slots[function.index]
    if slots.isEmpty { return .constant(.function(index)) }
    let place = place(function.headRange)
    let values = slots.map { slot in
      switch slot {
      case .binding(let binding): local(binding, place)
      case .environment(let scope): environment(of: scope)
      }
    }
    return bind(.closure(index, captures: values), place)
  }
}
