/// Writes one procedure as assembly text.
struct ProcedureWriter {
  private let writer: AssemblyWriter
  private let index: Int
  private let procedure: Procedure
  private(set) var lines: [String] = []
  /// Instruction starts that jumps lead to, and their labels.
  private var labels: [Int: String] = [:]
  /// Words that are written as numbers, because they are no instruction as the assembler would make it.
  private var isRaw: [Bool]
  private var isStart: [Bool]
  private var positions: [Int: CodePosition] = [:]

  init(_ writer: AssemblyWriter, _ index: Int) throws(BytecodeError) {
    self.writer = writer
    self.index = index
    procedure = writer.image.procedures[index]
    isRaw = [Bool](repeating: false, count: procedure.code.count)
    isStart = isRaw
    var last = -1
    for position in procedure.positions {
      guard position.start > last, procedure.code.indices.contains(position.start), position.line >= 1,
        position.column >= 1
      else {
        throw BytecodeError(
          .procedure(index, name: writer.procedures[index]), "its positions are out of order or out of range",
          advice: "verify the module first")
      }
      positions[position.start] = position
      last = position.start
    }
    markInstructions()
    markLabels()
  }

  mutating func write(noting use: inout ConstantUse) throws(BytecodeError) {
    let closure = procedure.needsClosure ? " closure" : ""
    guard procedure.arity >= 0, procedure.frameSize >= 0 else {
      throw BytecodeError(
        .procedure(index, name: writer.procedures[index]), "its arity or frame is negative",
        advice: "verify the module first")
    }
    lines = ["", ".procedure \(writer.procedures[index]) frame \(procedure.frameSize)\(closure)"]
    for pc in procedure.code.indices where isStart[pc] || isRaw[pc] {
      if let label = labels[pc] { lines.append("\(label):") }
      if let position = positions[pc] { lines.append("  .line \(try place(position))") }
      let word = procedure.code[pc]
      if isRaw[pc] {
        lines.append("  .word 0x\(String(word.bits, radix: 16))")
      } else if let opcode = word.opcode {
        lines.append("  \(text(of: pc, opcode, &use))")
      }
    }
  }

  private func place(_ position: CodePosition) throws(BytecodeError) -> String {
    let place = "\(position.line):\(position.column)"
    if writer.image.functions[procedure.function].file == position.file { return place }
    return "\(try writer.name(position.file, writer.files, "file")):\(place)"
  }
}

// MARK: What is an instruction

extension ProcedureWriter {
  private mutating func markInstructions() {
    var pc = 0
    while pc < procedure.code.count {
      let opcode = procedure.code[pc].opcode
      let width = opcode?.width ?? 1
      if let opcode, pc + width <= procedure.code.count, isCanonical(pc, opcode) {
        isStart[pc] = true
        pc += width
      } else {
        isRaw[pc] = true
        pc += 1
      }
    }
  }

  /// A jump to a place that has no line of its own becomes a plain word. Its words get lines, so a second look
  /// finds no further ones.
  private mutating func markLabels() {
    var targets: Set<Int> = []
    for pc in procedure.code.indices where isStart[pc] {
      guard let target = target(of: pc), !hasLine(target) else { continue }
      isStart[pc] = false
      isRaw[pc] = true
      if procedure.code[pc].opcode?.width == 2 { isRaw[pc + 1] = true }
    }
    for pc in procedure.code.indices where isStart[pc] {
      if let target = target(of: pc) { targets.insert(target) }
    }
    for (number, target) in targets.sorted().enumerated() { labels[target] = "L\(number + 1)" }
  }

  private func hasLine(_ target: Int) -> Bool {
    procedure.code.indices.contains(target) && (isStart[target] || isRaw[target])
  }

  private func target(of pc: Int) -> Int? {
    guard let opcode = procedure.code[pc].opcode else { return nil }
    let plan = OpcodePlan.all[Int(opcode.rawValue)]
    guard plan.jumps else { return nil }
    return pc + (plan.wide == .jump ? procedure.code[pc].wide : procedure.code[pc].signedC)
  }

  /// Whether the assembler would make the very same words of the instruction's text.
  private func isCanonical(_ pc: Int, _ opcode: Opcode) -> Bool {
    let word = procedure.code[pc]
    let plan = OpcodePlan.all[Int(opcode.rawValue)]
    guard opcode != .extend, plan.unusedBits(of: word) == 0 else { return false }
    if plan.a == .sourceIfFlag, word.x != 1, word.a != 0 { return false }
    guard opcode.shape.operands.allSatisfy({ isReadable($0, pc, plan) }) else { return false }
    if plan.width == 2, positions[pc + 1] != nil { return false }
    switch plan.second {
    case .none: return true
    case .move:
      return procedure.code[pc + 1] == Instruction(.move, a: word.a, b: procedure.code[pc + 1].b)
    case .jumpIfFalsy:
      let second = procedure.code[pc + 1]
      return second == Instruction(.jumpIfFalsy, a: second.a, wide: word.signedC - 1)
    case .extend:
      let second = procedure.code[pc + 1]
      return second == Instruction(.extend, wide: second.index) && isInRange(second.index, plan.index)
    }
  }

  /// Whether the assembler takes the operand: a register of the frame, a flag, type or native that exists.
  private func isReadable(_ operand: Operand, _ pc: Int, _ plan: OpcodePlan) -> Bool {
    let isSecond = operand.field == .second
    let value =
      isSecond ? procedure.code[pc + 1].field(plan.windowField) : procedure.code[pc].field(operand.field)
    switch operand.kind {
    case .destination, .destinations, .source, .sourceIfFlag: return value < procedure.frameSize
    case .base, .window: return value <= procedure.frameSize
    case .flag: return value < plan.flags
    case .type: return value < TypeCode.allCases.count
    case .native: return Native(rawValue: UInt16(value)) != nil
    default: return true
    }
  }

  private func isInRange(_ index: Int, _ kind: OperandKind?) -> Bool {
    switch kind {
    case .procedure: index < writer.procedures.count + writer.imports.count
    case .function: index < writer.functions.count
    case .global: index < writer.globals.count
    default: index < writer.constants.count
    }
  }
}

// MARK: Text of an instruction

extension ProcedureWriter {
  private func text(of pc: Int, _ opcode: Opcode, _ use: inout ConstantUse) -> String {
    let word = procedure.code[pc]
    var operands: [String] = []
    for operand in opcode.shape.operands {
      if operand.kind == .sourceIfFlag, word.x != 1 { continue }
      operands.append(text(of: operand, pc, opcode, &use))
    }
    return operands.isEmpty ? opcode.name : "\(opcode.name) \(operands.joined(separator: ", "))"
  }

  private func text(of operand: Operand, _ pc: Int, _ opcode: Opcode, _ use: inout ConstantUse) -> String {
    let word = procedure.code[pc]
    let isSecond = operand.field == .second
    let value = isSecond ? procedure.code[pc + 1].index : word.field(operand.field)
    switch operand.kind {
    case .destination, .destinations, .source, .sourceIfFlag, .base: return "r\(value)"
    case .window:
      let plan = OpcodePlan.all[Int(opcode.rawValue)]
      return "r\(isSecond ? procedure.code[pc + 1].field(plan.windowField) : value)"
    case .count, .number, .flag: return "\(value)"
    case .integer: return "\(operand.field == .c ? word.signedC : word.wide)"
    case .jump: return labels[target(of: pc) ?? pc] ?? "?"
    case .type: return TypeCode(rawValue: UInt8(value))?.name ?? "?"
    case .native: return Native(rawValue: UInt16(value))?.name ?? "?"
    case .constant, .sameConstant, .keyword:
      use.note(value)
      return writer.constants[value]
    case .procedure:
      let count = writer.procedures.count
      return value < count ? writer.procedures[value] : "prelude \(writer.imports[value - count])"
    case .function: return writer.functions[value]
    case .global: return writer.globals[value]
    }
  }
}

extension OpcodePlan {
  /// The fields that the opcode does not use, all together; 0 in a valid instruction.
  func unusedBits(of word: Instruction) -> Int {
    (x == nil ? word.x : 0) | (a == nil ? word.a : 0) | (b == nil && wide == nil ? word.b : 0)
      | (c == nil && wide == nil ? word.c : 0)
  }
}
