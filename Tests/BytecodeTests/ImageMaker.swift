import Bytecode

/// Makes random modules. With `isWild` they are only printable; else every procedure is likely, not sure, to pass
/// the verifier.
struct ImageMaker {
  var random: SeededRandom
  let isWild: Bool
  private static let names = [
    "fib", "map", "anonymous", "anonymous", "script", "print!", "nil?", "e\u{301}", "é", "", "odd name", "1",
    "r1",
    "prelude", "function", "a\"b\\\n\u{1}", "#", "𝛑",
  ]

  init(seed: UInt64, isWild: Bool) {
    random = SeededRandom(seed: seed)
    self.isWild = isWild
  }

  mutating func image() -> CodeImage {
    var image = CodeImage(name: name())
    image.files = many(1, 3) { $0.name() }
    let functions = 1 + random.below(4)
    image.imports = many(0, 3) { maker in
      ImportedProcedure(name: maker.name(), arity: maker.random.chance(4) ? nil : maker.random.below(3))
    }
    image.constants = many(2, 8) { $0.constant(functions, depth: 0) } + [.keyword("key")]
    image.globals = many(1, 3) { maker in
      Global(name: maker.name(), function: maker.random.chance(2) ? nil : maker.random.below(functions))
    }
    image.functions = (0..<functions).map { _ in function(image) }
    addProcedures(to: &image)
    return image
  }

  private mutating func many<Element>(
    _ least: Int, _ most: Int, _ make: (inout ImageMaker) -> Element
  ) -> [Element] {
    (0..<least + random.below(most - least + 1)).map { _ in make(&self) }
  }

  private mutating func name() -> String { random.pick(Self.names) }

  private mutating func function(_ image: CodeImage) -> Function {
    Function(
      name: name(), file: random.below(image.files.count), line: random.below(300), column: random.below(90),
      clauses: many(0, 2) { $0.name() }, doc: random.chance(2) ? name() : nil,
      captures: isWild ? random.below(3) : 0)
  }

  mutating func constant(_ functions: Int, depth: Int) -> Constant {
    switch random.below(depth > 3 ? 8 : 13) {
    case 0: return .nil
    case 1: return .boolean(random.chance(2))
    case 2: return .number(Double(bitPattern: random.next()))
    case 3: return .number(Double(random.below(2000) - 1000) / 4)
    case 4: return .keyword(name())
    case 5: return .string(name())
    case 6: return .function(random.below(functions))
    case 7: return .prelude(name())
    case 8: return .tuple(many(0, 3) { $0.constant(functions, depth: depth + 1) })
    case 9: return .list(many(0, 3) { $0.constant(functions, depth: depth + 1) })
    case 10: return .set(many(0, 3) { $0.constant(functions, depth: depth + 1) })
    case 11: return .dict(many(0, 3) { $0.pair(functions, depth) })
    default: return .struct(many(0, 3) { $0.pair(functions, depth) })
    }
  }

  private mutating func pair(_ functions: Int, _ depth: Int) -> ConstantPair {
    ConstantPair(constant(functions, depth: depth + 1), constant(functions, depth: depth + 1))
  }

  private mutating func addProcedures(to image: inout CodeImage) {
    let count = 1 + random.below(4)
    for index in 0..<count {
      let function = random.below(image.functions.count)
      let isVariadic = index > 0 && random.chance(5)
      let arity = index == 0 ? 0 : isVariadic ? 1 : random.below(4)
      image.procedures.append(
        Procedure(
          function: function, arity: arity, isVariadic: isVariadic, needsClosure: isWild && random.chance(4),
          frameSize: arity + 4 + random.below(6), code: []))
    }
    for index in 0..<count {
      let made = CodeMaker(image, index, random, isWild: isWild).code()
      random = made.random
      image.procedures[index].code = made.code
      image.procedures[index].positions = positions(made.starts, image)
    }
    for index in 0..<count where isWild || random.chance(2) { addEntry(index, to: &image) }
  }

  private mutating func addEntry(_ index: Int, to image: inout CodeImage) {
    let procedure = image.procedures[index]
    if procedure.isVariadic {
      image.functions[procedure.function].variadic = index
      image.functions[procedure.function].variadicMinimum = random.below(3)
    } else if !image.functions[procedure.function].entries.contains(where: { $0.arity == procedure.arity }) {
      image.functions[procedure.function].entries.append(
        FunctionEntry(arity: procedure.arity, procedure: index))
    }
  }

  private mutating func positions(_ starts: [Int], _ image: CodeImage) -> [CodePosition] {
    var all: [CodePosition] = []
    for start in starts where random.chance(3) {
      all.append(
        CodePosition(
          start: start, file: random.below(image.files.count), line: 1 + random.below(500),
          column: 1 + random.below(80)))
    }
    return all
  }
}

/// Makes the code of one procedure, instruction by instruction.
private struct CodeMaker {
  let image: CodeImage
  let procedure: Procedure
  var random: SeededRandom
  let isWild: Bool
  private var words: [Instruction] = []
  private var starts: [Int] = []
  private static let opcodes = Opcode.allCases.filter { $0 != .extend }

  init(_ image: CodeImage, _ index: Int, _ random: SeededRandom, isWild: Bool) {
    self.image = image
    procedure = image.procedures[index]
    self.random = random
    self.isWild = isWild
  }

  consuming func code() -> (code: [Instruction], starts: [Int], random: SeededRandom) {
    // Registers that hold values from the start make it likelier that later ones are read rightly.
    for register in procedure.arity..<procedure.frameSize - 3 where !random.chance(8) {
      append(Instruction(.loadInteger, a: register, wide: random.below(9)))
    }
    for _ in 0..<random.below(isWild ? 20 : 8) { appendRandom() }
    append(Instruction(.return, a: random.below(procedure.frameSize - 3)))
    setJumps()
    return (words, starts, random)
  }

  private mutating func append(_ first: Instruction, _ second: Instruction? = nil) {
    starts.append(words.count)
    words.append(first)
    if let second { words.append(second) }
  }

  private mutating func appendRandom() {
    if isWild, random.chance(12) { return append(Instruction(bits: random.next())) }
    let opcode = random.pick(Self.opcodes)
    let shape = opcode.shape
    var fields: [OperandField: Int] = [:]
    for operand in shape.operands { fields[operand.field] = value(of: operand, shape, fields) }
    let first =
      fields[.wide].map { Instruction(opcode, x: fields[.x] ?? 0, a: fields[.a] ?? 0, wide: $0) }
      ?? Instruction(
        opcode, x: fields[.x] ?? 0, a: fields[.a] ?? 0, b: fields[.b] ?? 0, c: fields[.c] ?? 0)
    let second = fields[.second] ?? 0
    switch shape.second {
    case .none: append(first)
    case .extend: append(first, Instruction(.extend, wide: second))
    case .move: append(first, Instruction(.move, a: first.a, b: second))
    case .jumpIfFalsy: append(first, Instruction(.jumpIfFalsy, a: second))
    }
  }

  private mutating func value(
    of operand: Operand, _ shape: OpcodeShape, _ fields: [OperandField: Int]
  ) -> Int {
    switch operand.kind {
    case .destination, .destinations, .source: return random.below(procedure.frameSize - 2)
    case .base, .window: return random.below(procedure.frameSize - 2)
    case .sourceIfFlag: return fields[.x] == 1 ? random.below(procedure.frameSize) : 0
    case .count, .number: return random.below(3)
    case .jump: return 0
    case .integer: return random.below(9) - 4
    case .flag: return random.below(shape.flags)
    case .type: return random.below(TypeCode.allCases.count)
    case .native: return Int(Native.typeOf.rawValue)
    case .constant, .sameConstant: return random.below(image.constants.count)
    case .keyword: return image.constants.count - 1
    case .procedure: return random.below(image.procedures.count + image.imports.count)
    case .function: return random.below(image.functions.count)
    case .global: return random.below(image.globals.count)
    }
  }

  /// Lets jumps lead to instructions, forward or back as the opcode has it; sometimes anywhere.
  private mutating func setJumps() {
    for pc in starts {
      guard let opcode = words[pc].opcode,
        let operand = opcode.shape.operands.first(where: { $0.kind == .jump })
      else { continue }
      let isBack = opcode == .loop || (opcode == .receiveWait && random.chance(2))
      let choice = isWild ? starts : starts.filter { isBack ? $0 < pc : $0 > pc }
      guard !choice.isEmpty else { continue }
      let offset = random.pick(choice) - pc
      let old = words[pc]
      words[pc] =
        operand.field == .c
        ? Instruction(opcode, x: old.x, a: old.a, b: old.b, c: offset)
        : Instruction(opcode, x: old.x, a: old.a, wide: offset)
      if case .jumpIfFalsy = opcode.shape.second, pc + 1 < words.count {
        words[pc + 1] = Instruction(.jumpIfFalsy, a: words[pc + 1].a, wide: offset - 1)
      }
    }
  }
}
