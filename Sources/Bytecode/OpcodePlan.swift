/// An opcode's row laid out by field, without references: what the verifier looks at for each instruction.
struct OpcodePlan: Sendable {
  private(set) var x: OperandKind?
  private(set) var a: OperandKind?
  private(set) var b: OperandKind?
  private(set) var c: OperandKind?
  /// Instead of `b` and `c`.
  private(set) var wide: OperandKind?
  /// Of the index in an `extend`.
  private(set) var index: OperandKind?
  let second: SecondWord
  let width: Int
  let range: RegisterRange?
  let window: SafepointWindow
  let fallsThrough: Bool
  let flags: Int
  /// Whether it has a jump offset, in `c` or `wide`.
  let jumps: Bool

  init(_ shape: OpcodeShape) {
    second = shape.second
    width = shape.width
    range = shape.range
    window = shape.window
    fallsThrough = shape.fallsThrough
    flags = shape.flags
    jumps = shape.operands.contains { $0.kind == .jump }
    for operand in shape.operands { place(operand) }
    if let range = shape.range, range.base == .b { b = .base }
  }

  private mutating func place(_ operand: Operand) {
    switch operand.field {
    case .x: x = operand.kind
    case .a: a = operand.kind
    case .b: b = operand.kind
    case .c: c = operand.kind
    case .wide: wide = operand.kind
    case .second: index = operand.kind
    }
  }

  /// Indexed by raw value of the opcode.
  static let all: [OpcodePlan] = Opcode.shapes.map { OpcodePlan($0) }
}

extension Instruction {
  /// The contents of a field that is not in the second word.
  func field(_ field: OperandField) -> Int {
    switch field {
    case .x: x
    case .a: a
    case .b: b
    case .c: c
    case .wide, .second: index
    }
  }
}
