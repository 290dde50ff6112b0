/// A compiled module: what the compiler makes, the assembler reads, a `.lbc` file holds and the loader loads.
/// Nothing in it is trusted before the `Verifier` has passed it.
public struct CodeImage: Equatable, Sendable {
  /// `prelude`, or the path of the script.
  public var name: String
  /// Source files that positions refer to.
  public var files: [String]
  /// What the second words of `loadConstant` and its like index.
  public var constants: [Constant]
  /// What `callDirect` indexes: `procedures`, and behind them `imports`.
  public var procedures: [Procedure]
  public var imports: [ImportedProcedure]
  public var functions: [Function]
  public var globals: [Global]
  /// The procedure (of no arguments) that runs the module's toplevel; its value is the script's.
  public var entry: Int

  public init(
    name: String = "", files: [String] = [], constants: [Constant] = [], procedures: [Procedure] = [],
    imports: [ImportedProcedure] = [], functions: [Function] = [], globals: [Global] = [], entry: Int = 0
  ) {
    self.name = name
    self.files = files
    self.constants = constants
    self.procedures = procedures
    self.imports = imports
    self.functions = functions
    self.globals = globals
    self.entry = entry
  }
}

/// A value known at compile time; it becomes an immortal object once the module is loaded.
public indirect enum Constant: Sendable {
  case `nil`
  case boolean(Bool)
  case number(Double)
  case keyword(String)
  case string(String)
  case tuple([Constant])
  case list([Constant])
  case set([Constant])
  /// Pairs in source order; the later of equal keys wins.
  case dict([ConstantPair])
  case `struct`([ConstantPair])
  /// A function of this module that captures nothing.
  case function(Int)
  /// A function of the Prelude, by name.
  case prelude(String)
}

public struct ConstantPair: Hashable, Sendable {
  public var key: Constant
  public var value: Constant
  public init(_ key: Constant, _ value: Constant) {
    self.key = key
    self.value = value
  }
}

/// Code for one number of arguments.
public struct Procedure: Equatable, Sendable {
  /// The function that it belongs to.
  public var function: Int
  /// Argument registers `R[0 ..< arity]`. A variadic procedure has arity 1: the list of all arguments.
  public var arity: Int
  public var isVariadic: Bool
  /// The closure itself is passed in `R[arity]`.
  public var needsClosure: Bool
  /// Registers that the frame has, arguments included.
  public var frameSize: Int
  public var code: [Instruction]
  /// Ascending by `start`: from instruction `start` on, code comes from this place.
  public var positions: [CodePosition]

  public init(
    function: Int, arity: Int, isVariadic: Bool = false, needsClosure: Bool = false, frameSize: Int,
    code: [Instruction], positions: [CodePosition] = []
  ) {
    self.function = function
    self.arity = arity
    self.isVariadic = isVariadic
    self.needsClosure = needsClosure
    self.frameSize = frameSize
    self.code = code
    self.positions = positions
  }
}

public struct CodePosition: Equatable, Sendable {
  /// Index of the first instruction.
  public var start: Int
  /// Index into `files`; line and column count from 1.
  public var file: Int
  public var line: Int
  public var column: Int
  public init(start: Int, file: Int, line: Int, column: Int) {
    self.start = start
    self.file = file
    self.line = line
    self.column = column
  }
}

/// What a function value refers to.
public struct Function: Equatable, Sendable {
  /// Its name, `anonymous` for a lambda, `script` for a toplevel.
  public var name: String
  public var file: Int
  public var line: Int
  public var column: Int
  /// The patterns of its clauses as written, for reports and `doc!`.
  public var clauses: [String]
  public var doc: String?
  /// How many values its closures capture; 0: it is an immediate word.
  public var captures: Int
  public var entries: [FunctionEntry]
  /// The procedure that takes all numbers of arguments which `entries` does not name.
  public var variadic: Int?
  /// A variadic function takes at least this many arguments.
  public var variadicMinimum: Int

  public init(
    name: String, file: Int = 0, line: Int = 0, column: Int = 0, clauses: [String] = [], doc: String? = nil,
    captures: Int = 0, entries: [FunctionEntry] = [], variadic: Int? = nil, variadicMinimum: Int = 0
  ) {
    self.name = name
    self.file = file
    self.line = line
    self.column = column
    self.clauses = clauses
    self.doc = doc
    self.captures = captures
    self.entries = entries
    self.variadic = variadic
    self.variadicMinimum = variadicMinimum
  }
}

public struct FunctionEntry: Equatable, Sendable {
  public var arity: Int
  /// Index into `procedures`.
  public var procedure: Int
  public init(arity: Int, procedure: Int) {
    self.arity = arity
    self.procedure = procedure
  }
}

/// A procedure of the Prelude that this module calls directly.
public struct ImportedProcedure: Hashable, Sendable {
  /// The Prelude function's name.
  public var name: String
  /// The number of arguments; nil: its variadic procedure.
  public var arity: Int?
  public init(name: String, arity: Int?) {
    self.name = name
    self.arity = arity
  }
}

/// A toplevel name.
public struct Global: Equatable, Sendable {
  public var name: String
  /// The function that it is bound to from the start (a Prelude function), if any.
  public var function: Int?
  public init(name: String, function: Int? = nil) {
    self.name = name
    self.function = function
  }
}
