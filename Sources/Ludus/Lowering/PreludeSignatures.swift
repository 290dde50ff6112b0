import Bytecode

/// What the compiler knows of the Prelude: the names that every script sees, and which numbers of arguments
/// have procedures that a script may call directly.
public struct PreludeSignatures: Sendable {
  /// The numbers of arguments that a function has procedures for.
  public struct Signature: Sendable, Equatable {
    public var arities: Set<Int>
    /// A function with a variadic procedure takes at least so many arguments.
    public var variadicMinimum: Int?

    public init(arities: Set<Int>, variadicMinimum: Int? = nil) {
      self.arities = arities
      self.variadicMinimum = variadicMinimum
    }
  }

  public private(set) var functions: [String: Signature]
  /// Functions and other values.
  public private(set) var names: Set<String>

  public init(functions: [String: Signature] = [:], values: Set<String> = []) {
    self.functions = functions
    names = values.union(functions.keys)
  }

  /// Reads the signatures from the compiled Prelude: its globals are the names.
  public init(_ prelude: CodeImage) {
    functions = [:]
    names = []
    for global in prelude.globals {
      names.insert(global.name)
      guard let index = global.function, prelude.functions.indices.contains(index) else { continue }
      let function = prelude.functions[index]
      functions[global.name] = Signature(
        arities: Set(function.entries.map(\.arity)),
        variadicMinimum: function.variadic == nil ? nil : function.variadicMinimum)
    }
  }
}
