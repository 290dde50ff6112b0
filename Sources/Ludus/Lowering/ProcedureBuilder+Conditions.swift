import Bytecode
import Core

/// Expressions of which only the truth is asked for.
extension ProcedureBuilder {
  /// Ends the block with one of two ways on; each is built at most once.
  func condition(_ expression: Expression, then: () -> End, else otherwise: () -> End) -> End {
    if case .literal(let node) = expression { return node.value.isTruthy ? then() : otherwise() }
    guard let (name, arguments, range) = preludeCall(expression) else {
      return branch(.truthy(value(expression)), place(expression.range), then, otherwise)
    }
    let place = place(range)
    switch (name, arguments.count) {
    case ("not", 1): return condition(arguments[0], then: otherwise, else: then)
    case ("and", 2...): return all(parts(arguments)[...], place, then: then, else: otherwise)
    case ("or", 2...): return any(parts(arguments)[...], place, then: then, else: otherwise)
    case ("zero?", 1): return zero(value(arguments[0]), place, then, otherwise)
    default:
      let atoms = arguments.map(value)
      guard let (test, isNegated) = test(name, atoms) else {
        return branch(.truthy(call(.prelude(name), atoms, place)), place, then, otherwise)
      }
      return isNegated ? branch(test, place, otherwise, then) : branch(test, place, then, otherwise)
    }
  }

  func branch(_ test: Test, _ place: Place, _ then: () -> End, _ otherwise: () -> End) -> End {
    let yes = block(then)
    return .branch(test, place, then: yes, else: block(otherwise))
  }

  /// A call of a Prelude name that is not shadowed, and nothing else.
  private func preludeCall(_ expression: Expression) -> (String, [Expression], SourceRange)? {
    guard case .chain(let chain) = expression, chain.steps.count == 1,
      case .call(let arguments) = chain.steps[0], arguments.placeholder == nil, case .name = chain.head,
      case .prelude(let name) = called(chain.head)
    else { return nil }
    return (name, arguments.values, chain.range)
  }

  /// `zero?` of what is no number is the Prelude's to refuse.
  private func zero(_ atom: Atom, _ place: Place, _ then: () -> End, _ otherwise: () -> End) -> End {
    let isZero = block(then)
    let isOther = block {
      let refused = block {
        _ = call(.prelude("zero?"), [atom], place)
        return .panic(.noMatch(atom, isLet: false), place)
      }
      check(.type(atom, .number), place, else: refused)
      return otherwise()
    }
    return .branch(.constant(atom, .number(0)), place, then: isZero, else: isOther)
  }

  // MARK: and, or

  /// An argument of `and` or `or`: both are strict, so that what may panic or has effects is evaluated at once;
  /// what is left may be skipped without a difference.
  private enum Part {
    case value(Atom)
    case later(Expression)
  }

  private func parts(_ arguments: [Expression]) -> [Part] {
    arguments.enumerated().map { index, argument in
      isHarmless(argument) ? .later(argument) : .value(value(argument))
    }
  }

  private func isHarmless(_ expression: Expression) -> Bool {
    switch expression {
    case .literal: return true
    case .name(let use): return !use.mayBeUnbound
    case .chain:
      guard let (name, arguments, _) = preludeCall(expression), arguments.allSatisfy(isHarmless)
      else { return false }
      if name == "not" && arguments.count == 1 { return true }
      if name == "eq?" || name == "neq?" { return arguments.count == 2 }
      let isComparison = ["lt?", "lte?", "gt?", "gte?"].contains(name)
      return !isComparison && test(name, arguments.map { _ in .constant(.nil) }) != nil
    default: return false
    }
  }

  /// Prelude functions besides tests of which it is plain that they do not wait for messages.
  private static let neverReceive: Set<String> = [
    "and", "or", "not", "zero?", "add", "sub", "mult", "div", "mod", "inc", "dec", "at", "count", "first",
    "rest", "get", "even?", "odd?", "empty?", "contains?", "self",
  ]

  /// Whether evaluating an expression may run a `receive`: whether it calls anything that is not known.
  func mayReceive(_ expression: Expression) -> Bool {
    switch expression {
    case .literal, .name: return false
    case .chain:
      guard let (name, arguments, _) = preludeCall(expression),
        Self.neverReceive.contains(name) || test(name, arguments.map { _ in .constant(.nil) }) != nil
      else { return true }
      return arguments.contains(where: mayReceive)
    default: return true
    }
  }

  private func condition(_ part: Part, _ place: Place, _ then: () -> End, _ otherwise: () -> End) -> End {
    switch part {
    case .value(let atom): branch(.truthy(atom), place, then, otherwise)
    case .later(let expression): condition(expression, then: then, else: otherwise)
    }
  }

  private func all(_ parts: ArraySlice<Part>, _ place: Place, then: () -> End, else otherwise: () -> End)
    -> End
  {
    let no = newLabel()
    join(no) { chain(parts, place, then: then) { .jump(no, [], place) } }
    return otherwise()
  }

  private func chain(
    _ parts: ArraySlice<Part>, _ place: Place, then: () -> End, else otherwise: () -> End
  ) -> End {
    guard let first = parts.first else { return then() }
    return condition(
      first, place, { chain(parts.dropFirst(), place, then: then, else: otherwise) }, otherwise)
  }

  private func any(_ parts: ArraySlice<Part>, _ place: Place, then: () -> End, else otherwise: () -> End)
    -> End
  {
    let yes = newLabel()
    join(yes) { alternatives(parts, place, then: { .jump(yes, [], place) }, else: otherwise) }
    return then()
  }

  private func alternatives(
    _ parts: ArraySlice<Part>, _ place: Place, then: () -> End, else otherwise: () -> End
  ) -> End {
    guard let first = parts.first else { return otherwise() }
    return condition(
      first, place, then, { alternatives(parts.dropFirst(), place, then: then, else: otherwise) })
  }
}

extension Literal {
  fileprivate var isTruthy: Bool {
    switch self {
    case .nil, .boolean(false): false
    default: true
    }
  }
}
