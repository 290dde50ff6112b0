import Bytecode
import Core

/// Calls of Prelude functions that are instructions.
extension ProcedureBuilder {
  /// The value of a call that needs none, or nil.
  func inlined(_ called: Called, _ arguments: [Atom], _ place: Place) -> Atom? {
    switch called {
    case .prelude(let name): inlined(name, arguments, place)
    case .native(let name): Primitive.ofNative(name).map { bind(.primitive($0, arguments), place) }
    default: nil
    }
  }

  /// The value of a call that needs none, or nil.
  func inlined(_ name: String, _ arguments: [Atom], _ place: Place) -> Atom? {
    switch (name, arguments.count) {
    case ("self", 0): return bind(.primitive(.selfPid, []), place)
    case ("and", 2...): return joinValue { firstFalsy(arguments[...], $0, place) }
    case ("or", 2...): return joinValue { firstTruthy(arguments[...], $0, place) }
    case ("eq?", 2): return bind(.primitive(.equal, arguments), place)
    case ("neq?", 2): return bind(.primitive(.not, [bind(.primitive(.equal, arguments), place)]), place)
    case (_, 1):
      if let primitive = Primitive.ofOne(name) { return bind(.primitive(primitive, arguments), place) }
      return test(name, arguments).map { boolean($0.test, isNegated: $0.isNegated, place) }
    case (_, 2):
      if let number = addend(name, arguments) {
        let form = name == "add" ? AddForm.add : .sub
        return bind(.primitive(.addInteger(number, form), [arguments[0]]), place)
      }
      return Primitive.ofTwo(name).map { bind(.primitive($0, arguments), place) }
    default: return nil
    }
  }

  /// The small whole number other than 0 that `add (x, n)` or `sub (x, n)` adds.
  private func addend(_ name: String, _ arguments: [Atom]) -> Int? {
    guard name == "add" || name == "sub", case .constant(.number(let number)) = arguments[1],
      let integer = Int(exactly: number), integer != 0, abs(integer) < 0x8000
    else { return nil }
    if case .constant = arguments[0] { return nil }
    return name == "add" ? integer : -integer
  }

  private func boolean(_ test: Test, isNegated: Bool, _ place: Place) -> Atom {
    joinValue { destination in
      let yes = block { finish(.constant(.boolean(!isNegated)), destination, place) }
      let no = block { finish(.constant(.boolean(isNegated)), destination, place) }
      return .branch(test, place, then: yes, else: no)
    }
  }

  private func firstFalsy(_ atoms: ArraySlice<Atom>, _ destination: Destination, _ place: Place) -> End {
    guard let first = atoms.first, atoms.count > 1 else {
      return finish(atoms.first ?? .constant(.boolean(true)), destination, place)
    }
    return .branch(
      .truthy(first), place, then: block { firstFalsy(atoms.dropFirst(), destination, place) },
      else: block { finish(first, destination, place) })
  }

  private func firstTruthy(_ atoms: ArraySlice<Atom>, _ destination: Destination, _ place: Place) -> End {
    guard let first = atoms.first, atoms.count > 1 else {
      return finish(atoms.first ?? .constant(.boolean(false)), destination, place)
    }
    return .branch(
      .truthy(first), place, then: block { finish(first, destination, place) },
      else: block { firstTruthy(atoms.dropFirst(), destination, place) })
  }

  /// The test that a call is when only its truth is asked for.
  func test(_ name: String, _ atoms: [Atom]) -> (test: Test, isNegated: Bool)? {
    switch (name, atoms.count) {
    case ("eq?", 2): return (equality(atoms), false)
    case ("neq?", 2): return (equality(atoms), true)
    case ("lt?", 2): return (.less(atoms[0], atoms[1]), false)
    case ("lte?", 2): return (.lessOrEqual(atoms[0], atoms[1]), false)
    case ("gt?", 2): return (.greater(atoms[0], atoms[1]), false)
    case ("gte?", 2): return (.greaterOrEqual(atoms[0], atoms[1]), false)
    case ("nil?", 1): return (.constant(atoms[0], .nil), false)
    case ("some?", 1): return (.constant(atoms[0], .nil), true)
    case ("bool?", 1): return (.type(atoms[0], .boolean), false)
    case (_, 1):
      guard name.hasSuffix("?"), let type = TypeCode.allCases.first(where: { "\($0.name)?" == name })
      else { return nil }
      return (.type(atoms[0], type), false)
    default: return nil
    }
  }

  private func equality(_ atoms: [Atom]) -> Test {
    if case .constant(let constant) = atoms[1], constant.isScalar { return .constant(atoms[0], constant) }
    if case .constant(let constant) = atoms[0], constant.isScalar { return .constant(atoms[1], constant) }
    return .equal(atoms[0], atoms[1])
  }
}

extension Constant {
  /// Whether it is no collection or function.
  fileprivate var isScalar: Bool {
    switch self {
    case .nil, .boolean, .number, .keyword, .string: true
    default: false
    }
  }
}

extension Primitive {
  fileprivate static func ofOne(_ name: String) -> Primitive? {
    switch name {
    case "inc": .addInteger(1, .inc)
    case "dec": .addInteger(-1, .dec)
    case "not": .not
    case "count": .count
    case "first": .first
    case "rest": .rest
    default: nil
    }
  }

  /// Words of the Prelude that are written like natives and are instructions: its patterns have made sure of
  /// numbers, and of lists. Only those whose instruction takes all of them: the slow path of the others is the very function
  /// that asks.
  fileprivate static func ofNative(_ name: String) -> Primitive? {
    switch name {
    case "add": .add
    case "subtract": .subtract
    case "multiply": .multiply
    case "isLess": .less
    case "isLessOrEqual": .lessOrEqual
    case "listAppend": .append
    default: nil
    }
  }

  fileprivate static func ofTwo(_ name: String) -> Primitive? {
    switch name {
    case "add": .add
    case "sub": .subtract
    case "mult": .multiply
    case "div": .divide
    case "mod": .modulo
    case "quot": .quotient
    case "lt?": .less
    case "lte?": .lessOrEqual
    case "gt?": .greater
    case "gte?": .greaterOrEqual
    case "at": .at
    case "append": .append
    case "send": .send
    default: nil
    }
  }
}
