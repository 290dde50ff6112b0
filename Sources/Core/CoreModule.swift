import Bytecode

/// A module in Core: what a front end makes and every engine starts from.
public struct CoreModule: Equatable, Sendable {
  public var name: String
  /// Source files that places refer to.
  public var files: [String]
  public var functions: [CoreFunction]
  public var globals: [Global]
  /// The function (of no arguments) that runs the toplevel.
  public var entry: Int

  public init(
    name: String, files: [String], functions: [CoreFunction] = [], globals: [Global] = [], entry: Int = 0
  ) {
    self.name = name
    self.files = files
    self.functions = functions
    self.globals = globals
    self.entry = entry
  }
}

/// A function: one procedure for each number of arguments it tells apart.
public struct CoreFunction: Equatable, Sendable {
  public var name: String
  public var place: Place
  /// The patterns of its clauses as written.
  public var clauses: [String]
  public var doc: String?
  /// How many values its closures capture.
  public var captures: Int
  /// By ascending number of arguments.
  public var procedures: [CoreProcedure]
  /// Takes the list of all arguments, when no other procedure takes their number.
  public var variadic: CoreProcedure?
  public var variadicMinimum: Int

  public init(
    name: String, place: Place, clauses: [String] = [], doc: String? = nil, captures: Int = 0,
    procedures: [CoreProcedure] = [], variadic: CoreProcedure? = nil, variadicMinimum: Int = 0
  ) {
    self.name = name
    self.place = place
    self.clauses = clauses
    self.doc = doc
    self.captures = captures
    self.procedures = procedures
    self.variadic = variadic
    self.variadicMinimum = variadicMinimum
  }
}

/// Code for one number of arguments.
public struct CoreProcedure: Equatable, Sendable {
  public var parameters: [Variable]
  public var body: Block
  /// How many variables and labels there are: their ids are below.
  public var variableCount: Int
  public var labelCount: Int
  /// What the programmer called a variable, for readers of the printed form.
  public var names: [Variable: String]

  public init(
    parameters: [Variable], body: Block, variableCount: Int, labelCount: Int, names: [Variable: String] = [:]
  ) {
    self.parameters = parameters
    self.body = body
    self.variableCount = variableCount
    self.labelCount = labelCount
    self.names = names
  }
}
