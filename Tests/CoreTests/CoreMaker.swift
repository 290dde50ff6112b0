import Bytecode
import Core

/// Numbers from a seed, the same on every machine.
struct SeededNumbers: RandomNumberGenerator {
  private var state: UInt64
  init(seed: UInt64) { state = seed &+ 0x9E37_79B9_7F4A_7C15 }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var bits = state
    bits = (bits ^ bits >> 30) &* 0xBF58_476D_1CE4_E5B9
    bits = (bits ^ bits >> 27) &* 0x94D0_49BB_1331_11EB
    return bits ^ bits >> 31
  }

  mutating func below(_ limit: Int) -> Int { Int.random(in: 0..<limit, using: &self) }
}

/// Makes well-formed Core at random: every operation, joins and loops within each other, names used once, often
/// and never.
struct CoreMaker {
  private var numbers: SeededNumbers
  private var variableCount = 0
  private var labelCount = 0
  /// Steps that may still be made.
  private var fuel: Int
  private let captures: Int
  private var scope: [Variable] = []
  private var joins: [(label: Label, parameters: Int)] = []
  private var loops: [(label: Label, parameters: Int)] = []

  private init(seed: UInt64, size: Int, captures: Int) {
    numbers = SeededNumbers(seed: seed)
    fuel = size
    self.captures = captures
  }

  /// A module of three functions: 0 is the entry, 1 takes two arguments or a list, 2 captures two values.
  static func module(seed: UInt64, size: Int) -> CoreModule {
    var module = CoreModule(name: "made", files: ["made"], globals: [Global(name: "g"), Global(name: "h")])
    let place = Place()
    for (index, captures) in [0, 0, 2].enumerated() {
      func make(_ parameters: Int, _ salt: UInt64) -> CoreProcedure {
        var maker = CoreMaker(seed: seed &* 31 &+ salt, size: size, captures: captures)
        return maker.procedure(parameters: parameters)
      }
      module.functions.append(
        CoreFunction(
          name: "f\(index)", place: place, captures: captures,
          procedures: [make(index == 0 ? 0 : 2, UInt64(index) * 2)],
          variadic: index == 1 ? make(1, 9) : nil))
    }
    return module
  }

  private mutating func procedure(parameters: Int) -> CoreProcedure {
    scope = (0..<parameters).map { _ in variable() }
    let own = scope
    let body = block()
    return CoreProcedure(parameters: own, body: body, variableCount: variableCount, labelCount: labelCount)
  }

  private mutating func variable() -> Variable {
    variableCount += 1
    return Variable(variableCount - 1)
  }

  private mutating func label() -> Label {
    labelCount += 1
    return Label(labelCount - 1)
  }

  private mutating func place() -> Place { Place(file: 0, line: numbers.below(50) + 1, column: 1) }

  // MARK: Atoms

  private mutating func atom() -> Atom {
    // The newest names are read most, so that values are often used once, where they were made.
    if !scope.isEmpty, numbers.below(4) != 0 {
      let near = numbers.below(2) == 0 ? min(3, scope.count) : scope.count
      return .local(scope[scope.count - 1 - numbers.below(near)])
    }
    if captures > 0, numbers.below(3) == 0 {
      return numbers.below(3) == 0 ? .itself : .captured(numbers.below(captures))
    }
    return .constant(constant())
  }

  private mutating func constant() -> Constant {
    let constants: [Constant] = [
      .nil, .number(0), .number(1), .number(2.5), .keyword("k"), .string("s"), .function(1), .tuple([]),
      .prelude("add"),
    ]
    return constants[numbers.below(constants.count)]
  }

  private mutating func atoms(_ range: ClosedRange<Int>) -> [Atom] {
    (0..<(range.lowerBound + numbers.below(range.count))).map { _ in atom() }
  }

  private mutating func pairs() -> [AtomPair] {
    (0..<numbers.below(3)).map { _ in AtomPair(.constant(constant()), atom()) }
  }

  // MARK: Steps

  private mutating func callee() -> (Callee, [Atom]) {
    switch numbers.below(6) {
    case 0: (.function(1, arity: 2), atoms(2...2))
    case 1: (.function(1, arity: nil), atoms(1...1))
    case 2 where captures > 0: (.value(.itself), atoms(0...3))
    case 3: (.prelude("add", arity: 2), atoms(2...2))
    case 4: (.native(.show), atoms(1...1))
    default: (.value(atom()), atoms(0...4))
    }
  }

  private mutating func operation() -> Operation {
    switch numbers.below(24) {
    case 0...4:
      let (callee, arguments) = callee()
      return .call(callee, arguments)
    case 5...7:
      let primitives: [Primitive] = [.add, .subtract, .less, .greaterOrEqual, .equal, .at, .send, .modulo]
      return .primitive(primitives[numbers.below(primitives.count)], atoms(2...2))
    case 8:
      let primitives: [Primitive] = [.addInteger(-3, .sub), .not, .count, .first, .rest]
      return .primitive(primitives[numbers.below(primitives.count)], atoms(1...1))
    case 9: return .global(numbers.below(2))
    case 10: return .closure(2, captures: atoms(2...2))
    case 11: return .partial(atom(), atoms(1...3), hole: numbers.below(2))
    case 12: return .environment(slots: 1 + numbers.below(3))
    case 13: return .slot(environment: atom(), 0, name: "x")
    case 14: return .tuple(atoms(0...4))
    case 15: return .list(atoms(0...4))
    case 16: return .set(atoms(0...3))
    case 17: return .dict(pairs())
    case 18: return .struct(pairs())
    case 19: return .interpolate(atoms(1...3))
    case 20: return .tupleMember(atom(), numbers.below(3))
    case 21: return .listMember(atom(), numbers.below(3))
    case 22: return numbers.below(2) == 0 ? .listRest(atom(), 1) : .dictRest(atom(), without: [constant()])
    default: return .key(atom(), "k")
    }
  }

  private mutating func test() -> Test {
    switch numbers.below(10) {
    case 0: .truthy(atom())
    case 1: .constant(atom(), constant())
    case 2: .equal(atom(), atom())
    case 3: numbers.below(2) == 0 ? .less(atom(), atom()) : .greater(atom(), atom())
    case 4: .lessOrEqual(atom(), atom())
    case 5: .type(atom(), .list)
    case 6: .tuple(atom(), 2)
    case 7: .listFrom(atom(), 1)
    case 8: .dictKey(variable(), atom(), .keyword("k"))
    default: .structKey(variable(), atom(), .keyword("k"))
    }
  }

  private mutating func step() -> Step {
    switch numbers.below(12) {
    case 0:
      return .effect(numbers.below(2) == 0 ? .storeGlobal(0, atom()) : .checkCount(atom()), place())
    case 1 where joins.contains { $0.parameters == 0 }:
      let open = joins.filter { $0.parameters == 0 }
      let test = test()
      let target = open[numbers.below(open.count)].label
      if let bound = test.bound { scope.append(bound) }
      return .require(test, place(), else: target)
    case 2:
      let test = test()
      let refused = aside()
      if let bound = test.bound { scope.append(bound) }
      return .check(test, place(), else: refused)
    case 3, 4:
      let label = label()
      let parameters = (0..<numbers.below(3)).map { _ in variable() }
      joins.append((label, parameters.count))
      let body = inner { $0.block() }
      joins.removeLast()
      scope += parameters
      return .join(label, parameters, body)
    default:
      let operation = operation()
      let variable = variable()
      scope.append(variable)
      return .bind(variable, operation, place())
    }
  }

  /// A block that neither jumps nor goes on.
  private mutating func aside() -> Block {
    let variable = variable()
    return Block(
      [.bind(variable, .tuple(atoms(0...2)), place())],
      .panic(.noMatch(.local(variable), isLet: true), place()))
  }

  /// Builds with a scope and loops that are forgotten afterwards.
  private mutating func inner(_ make: (inout CoreMaker) -> Block) -> Block {
    let outer = scope
    let block = make(&self)
    scope = outer
    return block
  }

  private mutating func block() -> Block {
    var steps: [Step] = []
    while fuel > 0, numbers.below(6) != 0 {
      fuel -= 1
      steps.append(step())
    }
    return Block(steps, end())
  }

  private mutating func end() -> End {
    if fuel > 0 {
      fuel -= 1
      switch numbers.below(5) {
      case 0, 1:
        let test = test()
        let then = inner {
          if let bound = test.bound { $0.scope.append(bound) }
          return $0.block()
        }
        return .branch(test, place(), then: then, else: inner { $0.block() })
      case 2:
        let parameters = (0..<numbers.below(4)).map { _ in variable() }
        let initial = atoms(parameters.count...parameters.count)
        let label = label()
        loops.append((label, parameters.count))
        let body = inner {
          $0.scope += parameters
          return $0.block()
        }
        loops.removeLast()
        return .loop(label, parameters, initial, body, place())
      default: break
      }
    }
    return leaf()
  }

  private mutating func leaf() -> End {
    let targets = joins + loops
    if !targets.isEmpty, numbers.below(4) != 0 {
      let target = targets[numbers.below(targets.count)]
      return .jump(target.label, atoms(target.parameters...target.parameters), place())
    }
    switch numbers.below(4) {
    case 0: return .return(atom())
    case 1:
      let (callee, arguments) = callee()
      return .tailCall(callee, arguments, place())
    case 2: return .panic(.noMatch(atom(), isLet: false), place())
    default: return .panic(.noClause, place())
    }
  }
}
