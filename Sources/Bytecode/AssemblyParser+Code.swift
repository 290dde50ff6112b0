// Labels and instructions.

/// A procedure in the making.
struct AssemblyBody {
  /// A jump whose label may come later.
  struct Jump {
    let pc: Int
    let label: AssemblyToken
    let isShort: Bool
  }

  var isOpen = false
  /// Where its header is in the text.
  var header = 0
  var procedure = Procedure(function: 0, arity: 0, frameSize: 0, code: [])
  /// The file of its function.
  var file: Int?
  /// Where the last `.line` is in the text.
  var lastLine = 0
  var labels: [[UInt8]: Int] = [:]
  var jumps: [Jump] = []
  /// Where in the text each word of the code comes from.
  var places: [Int] = []

  mutating func append(_ instruction: Instruction, at offset: Int) {
    procedure.code.append(instruction)
    places.append(offset)
  }
}

/// The operands of one instruction in the making.
private struct OperandValues {
  var x = 0
  var a = 0
  var b = 0
  var c = 0
  var wide: Int?
  var second = 0

  mutating func set(_ field: OperandField, _ value: Int) {
    switch field {
    case .x: x = value
    case .a: a = value
    case .b: b = value
    case .c: c = value
    case .wide: wide = value
    case .second: second = value
    }
  }

  func instruction(_ opcode: Opcode) -> Instruction {
    if let wide { return Instruction(opcode, x: x, a: a, wide: wide) }
    return Instruction(opcode, x: x, a: a, b: b, c: c)
  }
}

extension AssemblyParser {
  mutating func label(_ name: AssemblyToken) throws(BytecodeError) {
    guard body.isOpen else { throw fail(name, "the label belongs to code", "put it below .procedure") }
    guard body.labels.updateValue(body.procedure.code.count, forKey: name.bytes) == nil else {
      throw fail(name, "label \(name.text) is defined twice", "give the second another name")
    }
  }

  mutating func instruction(_ name: AssemblyToken) throws(BytecodeError) {
    guard body.isOpen else {
      throw fail(name, "the instruction belongs to code", "put it below .procedure")
    }
    guard let opcode = Opcode.named[name.text], opcode != .extend else {
      let advice =
        nearest(name.text, Opcode.allCases.map(\.name)).map { "did you mean \($0)?" }
        ?? "Docs/Bytecode.md lists the instructions"
      throw fail(name, "there is no instruction \(name.text)", advice)
    }
    let shape = opcode.shape
    var values = OperandValues()
    for (number, operand) in shape.operands.enumerated() {
      if operand.kind == .sourceIfFlag, values.x != 1 { continue }
      if number > 0 { try expect(",", "before the next operand of \(opcode.name)") }
      values.set(operand.field, try value(of: operand, shape))
    }
    body.append(values.instruction(opcode), at: name.offset)
    switch shape.second {
    case .none: break
    case .extend: body.append(Instruction(.extend, wide: values.second), at: name.offset)
    case .move: body.append(Instruction(.move, a: values.a, b: values.second), at: name.offset)
    case .jumpIfFalsy: body.append(Instruction(.jumpIfFalsy, a: values.second), at: name.offset)
    }
  }

  private mutating func value(of operand: Operand, _ shape: OpcodeShape) throws(BytecodeError) -> Int {
    switch operand.kind {
    case .destination, .destinations, .source, .sourceIfFlag:
      return try register(below: body.procedure.frameSize)
    case .base, .window: return try register(below: body.procedure.frameSize + 1)
    case .count, .number: return try number("a number", atMost: operand.field == .x ? 0xFF : 0xFFFF)
    case .flag: return try number("a flag", atMost: shape.flags - 1)
    case .integer: return try integer(bits: operand.field == .wide ? 32 : 16)
    case .jump: return try jump(isShort: operand.field == .c)
    case .type: return try type()
    case .native: return try native()
    case .constant, .sameConstant, .keyword: return try constantOperand()
    case .procedure: return try calledProcedure()
    case .function: return try function()
    case .global: return try global()
    }
  }

  // MARK: Operands

  private mutating func register(below limit: Int) throws(BytecodeError) -> Int {
    let token = try lexer.next()
    guard token.kind == .atom, token.bytes.first == UInt8(ascii: "r"),
      let register = decimal(token.bytes.dropFirst())
    else {
      throw fail(token, "a register should be here", "write r and its number, such as r0")
    }
    guard register < limit, register <= 0xFFFF else {
      throw fail(
        token, "register \(register) is outside the frame",
        "the frame has \(body.procedure.frameSize) registers: use a lower one, or make the frame larger")
    }
    return register
  }

  private mutating func integer(bits: Int) throws(BytecodeError) -> Int {
    let token = try lexer.next()
    let isNegative = token.bytes.first == UInt8(ascii: "-")
    guard token.kind == .atom, let size = decimal(isNegative ? token.bytes.dropFirst() : token.bytes[...])
    else {
      throw fail(token, "a whole number should be here", "write digits, with - before a negative number")
    }
    let value = isNegative ? -size : size
    let limit = 1 << (bits - 1)
    guard value >= -limit, value < limit else {
      throw fail(token, "the number \(value) is too large", "it is \(-limit) to \(limit - 1); use a constant")
    }
    return value
  }

  private mutating func type() throws(BytecodeError) -> Int {
    let token = try lexer.next()
    guard token.kind == .atom, let type = TypeCode.allCases.first(where: { token.isAtom($0.name) }) else {
      throw fail(
        token, "a type should be here", "it is one of \(TypeCode.allCases.map(\.name).joined(separator: " "))"
      )
    }
    return Int(type.rawValue)
  }

  private mutating func native() throws(BytecodeError) -> Int {
    let token = try lexer.next()
    guard token.kind == .atom, let native = Native.named[token.text] else {
      let advice =
        nearest(token.text, Native.allCases.map(\.name)).map { "did you mean \($0)?" }
        ?? "Sources/Bytecode/Native.swift lists them"
      throw fail(token, "the name of a native should be here", advice)
    }
    return Int(native.rawValue)
  }

  // MARK: Jumps

  private mutating func jump(isShort: Bool) throws(BytecodeError) -> Int {
    let label = try lexer.next()
    guard label.kind == .atom else {
      throw fail(label, "a label should be here", "write the label's name; it is defined by name and colon")
    }
    let pc = body.procedure.code.count
    body.jumps.append(.init(pc: pc, label: label, isShort: isShort))
    return 0
  }

  mutating func resolveJumps() throws(BytecodeError) {
    for jump in body.jumps {
      guard let target = body.labels[jump.label.bytes] else {
        throw fail(
          jump.label, "there is no label \(jump.label.text) in this procedure",
          nearest(jump.label.text, body.labels.keys.map { String(decoding: $0, as: UTF8.self) })
            .map { "did you mean \($0)?" } ?? "define it with a line \(jump.label.text):")
      }
      let offset = target - jump.pc
      guard !jump.isShort || (-0x8000..<0x8000).contains(offset) else {
        throw fail(
          jump.label, "the jump is too long: \(offset) words of at most 32767", "jump to a jump nearby")
      }
      let old = body.procedure.code[jump.pc]
      guard let opcode = old.opcode else { continue }
      body.procedure.code[jump.pc] =
        jump.isShort
        ? Instruction(opcode, x: old.x, a: old.a, b: old.b, c: offset)
        : Instruction(opcode, x: old.x, a: old.a, wide: offset)
      if opcode.shape.isJumpPair {
        let second = body.procedure.code[jump.pc + 1]
        body.procedure.code[jump.pc + 1] = Instruction(.jumpIfFalsy, a: second.a, wide: offset - 1)
      }
    }
  }
}

extension OpcodeShape {
  /// Whether its second word jumps where it does itself.
  var isJumpPair: Bool {
    if case .jumpIfFalsy = second { true } else { false }
  }
}

extension Opcode {
  /// By their names.
  static let named: [String: Opcode] = Dictionary(uniqueKeysWithValues: allCases.map { ($0.name, $0) })
}

extension Native {
  static let named: [String: Native] = Dictionary(uniqueKeysWithValues: allCases.map { ($0.name, $0) })
}
