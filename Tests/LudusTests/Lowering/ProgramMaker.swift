/// Numbers from a seed, the same on every machine (SplitMix64).
struct SeededNumbers: RandomNumberGenerator {
  private var state: UInt64
  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var bits = state
    bits = (bits ^ bits >> 30) &* 0xBF58_476D_1CE4_E5B9
    bits = (bits ^ bits >> 27) &* 0x94D0_49BB_1331_11EB
    return bits ^ bits >> 31
  }

  mutating func below(_ limit: Int) -> Int { Int.random(in: 0..<limit, using: &self) }
}

/// Makes programs without static errors at random: every form within every other, names before and behind the
/// functions that use them.
struct ProgramMaker {
  private var numbers: SeededNumbers
  private var nameCount = 0
  /// Names in reach; those of `later` only from within functions.
  private var scope: [String] = []
  private var later: [String] = []
  private var isInFunction = false
  /// Expressions that may still be made.
  private var fuel = 0

  private init(seed: UInt64) { numbers = SeededNumbers(seed: seed) }

  static func program(seed: UInt64, size: Int) -> String {
    var maker = ProgramMaker(seed: seed)
    maker.fuel = size
    return maker.statements(3 + Int(seed % 4)).joined(separator: "\n") + "\n"
  }

  private mutating func name() -> String {
    nameCount += 1
    return "v\(nameCount)"
  }

  private mutating func pick(_ texts: [String]) -> String { texts[numbers.below(texts.count)] }

  private mutating func list(_ range: ClosedRange<Int>, _ make: (inout ProgramMaker) -> String) -> String {
    let count = range.lowerBound + numbers.below(range.count)
    return (0..<count).map { _ in make(&self) }.joined(separator: ", ")
  }

  private mutating func inner(_ make: (inout ProgramMaker) -> String) -> String {
    let outer = (scope, later, isInFunction)
    defer { (scope, later, isInFunction) = outer }
    return make(&self)
  }

  // MARK: Statements

  /// A scope's statements; the last one is an expression.
  private mutating func statements(_ count: Int) -> [String] {
    let names = (0..<count).map { _ in name() }
    let outer = later
    defer { later = outer }
    later += names
    var result: [String] = []
    for name in names {
      result.append(statement(name))
      later.removeAll { $0 == name }
      scope.append(name)
    }
    return result + [expression(3)]
  }

  private mutating func statement(_ name: String) -> String {
    switch numbers.below(5) {
    case 0: return "let \(name) = \(expression(3))"
    case 1: return "let [\(name), ..._] = \(expression(3))"
    case 2: return "let \(name) = \(lambda(3))"
    default:
      let clauses = (0...numbers.below(3)).map { _ in clause(3) }
      return "fn \(name) { " + clauses.joined(separator: "; ") + " }"
    }
  }

  private mutating func clause(_ depth: Int) -> String {
    inner {
      $0.isInFunction = true
      let parameters = $0.parameters()
      return "\(parameters)\($0.guardText()) -> \($0.expression(depth))"
    }
  }

  private mutating func parameters() -> String {
    var members = (0..<numbers.below(4)).map { _ in pattern(2) }
    if numbers.below(5) == 0 { members.append(splat()) }
    return "(" + members.joined(separator: ", ") + ")"
  }

  private mutating func guardText() -> String {
    numbers.below(4) == 0 ? " if id (\(expression(1)))" : ""
  }

  private mutating func lambda(_ depth: Int) -> String { "fn " + clause(depth - 1) }

  // MARK: Patterns

  private mutating func bound() -> String {
    let new = name()
    scope.append(new)
    return new
  }

  private mutating func splat() -> String { numbers.below(3) == 0 ? "..." : "...\(bound())" }

  private mutating func pattern(_ depth: Int) -> String {
    switch numbers.below(depth > 0 ? 11 : 5) {
    case 0: return pick(["0", "1", "-0", "2.5", "nil", "true", ":a", "\"s\""])
    case 1: return "_"
    case 2, 3: return bound()
    case 4: return "\(bound()) as :\(pick(["number", "list", "dict", "fn", "nil"]))"
    case 5, 6: return "(" + members(depth) + ")"
    case 7, 8: return "[" + members(depth) + "]"
    case 9:
      return
        "#{:a \(pattern(depth - 1)), \"k\" \(pattern(depth - 1))\(numbers.below(3) == 0 ? ", " + splat() : "")}"
    default: return "@{:a \(pattern(depth - 1))}"
    }
  }

  private mutating func members(_ depth: Int) -> String {
    var members = (0..<numbers.below(4)).map { _ in pattern(depth - 1) }
    if numbers.below(4) == 0 { members.append(splat()) }
    return members.joined(separator: ", ")
  }

  private mutating func rows(_ depth: Int) -> String {
    (0...numbers.below(4)).map { _ in
      inner { "\($0.pattern(2))\($0.guardText()) -> \($0.expression(depth))" }
    }.joined(separator: "; ")
  }

  // MARK: Expressions

  private mutating func word() -> String {
    let names = isInFunction ? scope + later : scope
    return names.isEmpty || numbers.below(6) == 0 ? "inc" : pick(names)
  }

  private mutating func leaf() -> String {
    numbers.below(2) == 0 ? word() : pick(["0", "1", "7", "nil", "true", ":a", "\"s\"", "[]", "()", "pi"])
  }

  private mutating func expression(_ depth: Int) -> String {
    fuel -= 1
    guard depth > 0, fuel > 0 else { return leaf() }
    return numbers.below(2) == 0 ? call(depth - 1) : form(depth - 1)
  }

  private mutating func call(_ depth: Int) -> String {
    switch numbers.below(9) {
    case 0, 1:
      let name = pick(["add", "sub", "lt?", "gte?", "eq?", "neq?", "at", "send", "and", "or", "append"])
      return "\(name) (\(expression(depth)), \(expression(depth)))"
    case 2: return "\(pick(["inc", "not", "count", "rest", "zero?", "nil?", "show"])) (\(expression(depth)))"
    case 3: return "sub (\(expression(depth)), 3)"
    case 4: return "\(word()) (\(list(0...3) { $0.expression(depth) }))"
    case 5: return "\(word()) (\(expression(depth)), _)"
    case 6: return "print! (\(list(0...2) { $0.expression(depth) }))"
    case 7: return numbers.below(2) == 0 ? "\(word()) :a :b" : ":a (\(expression(depth)))"
    default: return "do { \(expression(depth)) } > \(word()) > add (1, _) > :a"
    }
  }

  private mutating func form(_ depth: Int) -> String {
    switch numbers.below(14) {
    case 0: return "if \(expression(depth)) then \(branch(depth)) else \(branch(depth))"
    case 1:
      let value = expression(depth)
      let then = inner { "\($0.pattern(2)) = \(value) then \($0.expression(depth))" }
      return "if let \(then) else \(branch(depth))"
    case 2:
      return "when { \(expression(depth)) -> \(branch(depth)); \(expression(depth)) -> \(branch(depth)) }"
    case 3: return "match \(expression(depth)) with { \(rows(depth)) }"
    case 4: return "match (\(expression(depth)), \(expression(depth))) with { \(rows(depth)) }"
    case 5: return inner { "{ " + $0.statements($0.numbers.below(3)).joined(separator: "; ") + " }" }
    case 6: return lambda(depth)
    case 7: return loop(depth)
    case 8: return "repeat \(pick(["3", word()])) { \(branch(depth)) }"
    case 9: return "receive { \(rows(depth)); after \(pick(["0", word()])) -> \(branch(depth)) }"
    case 10: return "(\(list(0...3) { $0.expression(depth) }))"
    case 11: return "[\(list(0...3) { $0.expression(depth) }), ...\(word())]"
    case 12: return "#{:a \(expression(depth)), ...\(word()), \"k\" \(leaf())}"
    default: return "(@{:a \(expression(depth))}, ${\(leaf()), ...\(word())}, \"<{\(word())}>\")"
    }
  }

  private mutating func branch(_ depth: Int) -> String { inner { $0.expression(depth) } }

  private mutating func loop(_ depth: Int) -> String {
    let (first, second) = (expression(depth), expression(depth))
    let body = inner {
      let test = $0.expression(1)
      let clause = "(\($0.bound()), \($0.bound())) -> if \(test) then \($0.branch(depth)) else "
      return clause + "recur (\($0.expression(depth)), \($0.expression(depth)))"
    }
    return "loop (\(first), \(second)) with { (\(pick(["0", ":a", "[]"])), _) -> \(leaf()); \(body) }"
  }
}
