/// Where in an instruction an operand is kept.
public enum OperandField: Sendable {
  case x, a, b
  /// 16 bits; signed where it is an offset or a whole number.
  case c
  /// `b` and `c` together, 32 bits.
  case wide
  /// The second word: the index of an `extend`, or the window of a pair.
  case second
}

/// What an operand means.
public enum OperandKind: Sendable {
  /// A register that is written.
  case destination
  /// The first of the registers that are written: as many as field `x` says.
  case destinations
  /// A register that is read.
  case source
  /// A register that is read if the flag `x` is 1, and 0 otherwise.
  case sourceIfFlag
  /// The first register of the instruction's range (see `OpcodeShape.range`).
  case base
  /// A safepoint's window: all registers below it are initialised, and those above it are lost.
  case window
  /// How many registers (or pairs, or slots) there are.
  case count
  /// A jump's offset, in words, from this instruction.
  case jump
  /// A signed whole number.
  case integer
  /// A member, slot or hole: counts from 0.
  case number
  /// A variant of the instruction, below `OpcodeShape.flags`.
  case flag
  /// A `TypeCode`.
  case type
  /// A `Native`.
  case native
  /// Any constant.
  case constant
  /// A constant that equality compares bit by bit.
  case sameConstant
  /// A constant that is a keyword.
  case keyword
  /// A procedure, or an import when it is past their number.
  case procedure
  case function
  case global
}

/// One operand, in the order in which assembly text has them.
public struct Operand: Sendable {
  public let kind: OperandKind
  public let field: OperandField

  init(_ kind: OperandKind, _ field: OperandField) {
    self.kind = kind
    self.field = field
  }
}

/// What the second word of an instruction is.
public enum SecondWord: Sendable {
  /// There is none.
  case none
  /// `extend`: an index, of the kind that the operand in field `second` says.
  case extend
  /// `move a, w`: runs behind the slow path, which calls a Prelude function of so many arguments with window `w`.
  case move(arguments: Int)
  /// `jumpIfFalsy w`, to the same target: runs behind the slow path.
  case jumpIfFalsy(arguments: Int)
}

/// Consecutive registers that are read: `R[base + skip ..< base + skip + count × scale + extra]`.
public struct RegisterRange: Sendable {
  public let base: OperandField
  public let count: OperandField
  public let skip: Int
  public let scale: Int
  public let extra: Int

  init(_ base: OperandField, _ count: OperandField, skip: Int = 0, scale: Int = 1, extra: Int = 0) {
    self.base = base
    self.count = count
    self.skip = skip
    self.scale = scale
    self.extra = extra
  }
}

/// Which register is a safepoint's window.
public enum SafepointWindow: Sendable {
  /// The instruction is no safepoint.
  case none
  /// `R[a]`, where the call's result arrives too.
  case result
  /// `R[a]`: the first register that is not kept.
  case register
  /// The end of the native's arguments, `a + b`; the result arrives in `R[a]`, and what is above `a` is lost.
  case behindArguments
  /// The `w` of the pair's second word, where the slow path's result arrives.
  case second
}

/// All that the assembler, disassembler, verifier and reference know of an opcode.
public struct OpcodeShape: Sendable {
  /// One or more sentences for the reference, in the notation of `Opcode`.
  public let summary: String
  public let operands: [Operand]
  public let range: RegisterRange?
  public let second: SecondWord
  public let window: SafepointWindow
  /// Whether the instruction behind this one can be run next.
  public let fallsThrough: Bool
  /// How many variants `x` tells apart, if an operand is a `flag`.
  public let flags: Int

  init(
    _ summary: String, _ operands: [Operand] = [], range: RegisterRange? = nil, second: SecondWord = .none,
    window: SafepointWindow = .none, fallsThrough: Bool = true, flags: Int = 0
  ) {
    self.summary = summary
    self.operands = operands
    self.range = range
    self.second = second
    self.window = window
    self.fallsThrough = fallsThrough
    self.flags = flags
  }

  /// Words that the instruction takes.
  public var width: Int {
    if case .none = second { 1 } else { 2 }
  }

  public var isSafepoint: Bool {
    if case .none = window { false } else { true }
  }
}

extension Opcode {
  /// Words that the instruction takes: 1 or 2. In step with `shape` (a test compares).
  @inlinable public var width: Int {
    switch self {
    case .loadConstant, .loadGlobal, .storeGlobal, .loadEnvironment, .makeClosure, .callDirect,
      .tailCallDirect, .computeOrCall,
      .jumpUnlessSame, .jumpUnlessEqual, .jumpUnlessLess, .jumpUnlessLessOrEqual, .dictFind, .structFind,
      .loadKey, .makeNamespace, .add, .subtract, .multiply, .divide, .addInteger, .modulo, .quotient, .less,
      .lessOrEqual, .at, .count, .first, .rest, .append, .send:
      2
    default:
      1
    }
  }

  /// The opcode's row of the table.
  public var shape: OpcodeShape { Opcode.shapes[Int(rawValue)] }

  /// The whole table, indexed by raw value.
  public static let shapes: [OpcodeShape] = allCases.map(\.row)

  /// The opcode's word in assembly text and in the reference.
  public var name: String { "\(self)" }
}
