/// What the closures of a script capture, after functions that need no closure have been taken out.
struct Captures {
  /// One captured value of a closure.
  enum Slot {
    case binding(Binding)
    /// The environment record of a scope whose names are used before they are bound.
    case environment(Scope)

    var identity: ObjectIdentifier {
      switch self {
      case .binding(let binding): ObjectIdentifier(binding)
      case .environment(let scope): ObjectIdentifier(scope)
      }
    }
  }

  private let runs: DefinitionRuns
  /// By `Function.index`: a value of it needs no closure.
  private var isConstant: [Bool]
  /// By `Function.index`.
  private(set) var slots: [[Slot]] = []
  /// Names that live in the environment records of their scopes.
  private var recorded: Set<ObjectIdentifier> = []

  init(_ script: Script) {
    runs = DefinitionRuns(script)
    isConstant = Array(repeating: true, count: script.functions.count)
    findConstants(script.functions)
    for function in script.functions { slots.append(makeSlots(function)) }
  }

  /// Whether values of the function are one constant.
  func isConstant(_ function: Function) -> Bool { isConstant[function.index] }

  /// The names of a scope that its environment record has slots for, in order.
  func recorded(in scope: Scope) -> [Binding] {
    guard scope.kind != .script else { return [] }
    return scope.bindings.filter { recorded.contains(ObjectIdentifier($0)) }
  }

  /// Whether the name is surely bound whenever the function runs, although the function may stand before it.
  func isCertain(_ binding: Binding, in function: Function?) -> Bool {
    var next = function
    while let function = next {
      if let own = function.selfBinding, own === binding || runs.areTogether(own, binding) { return true }
      next = function.parent
    }
    return false
  }

  /// Whether the function captures nothing for the binding, as its value is a constant function.
  private func isFree(_ binding: Binding, in function: Function) -> Bool {
    guard let known = binding.knownFunction, isConstant[known.index] else { return false }
    return !binding.isForwardReferenced || stands(function, behind: binding)
      || isCertain(binding, in: function)
  }

  private func stands(_ function: Function, behind binding: Binding) -> Bool {
    function.range.start > (binding.knownFunction?.range.end ?? binding.range.end)
  }

  /// All functions are constant until one is found that captures a value; then again for those that capture it.
  private mutating func findConstants(_ functions: [Function]) {
    var changes = true
    while changes {
      changes = false
      for function in functions where isConstant[function.index] {
        if function.captures.contains(where: { !isFree($0, in: function) }) {
          isConstant[function.index] = false
          changes = true
        }
      }
    }
  }

  private mutating func makeSlots(_ function: Function) -> [Slot] {
    var result: [Slot] = []
    var seen: Set<ObjectIdentifier> = []
    for binding in function.captures where !isFree(binding, in: function) {
      let slot = slot(for: binding, in: function)
      if case .environment = slot { recorded.insert(ObjectIdentifier(binding)) }
      if seen.insert(slot.identity).inserted { result.append(slot) }
    }
    return result
  }

  /// A function around hands on itself; other names that are bound late are reached through their record.
  func slot(for binding: Binding, in function: Function) -> Slot {
    guard binding.isForwardReferenced else { return .binding(binding) }
    var next = function.parent
    while let outer = next {
      if outer.selfBinding === binding { return .binding(binding) }
      next = outer.parent
    }
    return .environment(binding.scope)
  }
}
