/// Writes a module as assembly text, from which the `Assembler` makes an equal module.
public enum Disassembler {
  /// The text. The module need not be verified: words that are no instruction are written as `.word`.
  ///
  /// Throws for a module that has no text: one whose procedures, functions or positions refer to what is not there.
  public static func text(of image: CodeImage) throws(BytecodeError) -> String {
    var writer = try AssemblyWriter(image)
    return try writer.text()
  }
}

/// Lines in the making, and the names of everything.
struct AssemblyWriter {
  let image: CodeImage
  var lines: [String] = []

  // Names, by index.
  let files: [String]
  let globals: [String]
  let functions: [String]
  let procedures: [String]
  let imports: [String]
  /// Inline text of each constant, or its index where an equal one comes before it.
  var constants: [String] = []

  init(_ image: CodeImage) throws(BytecodeError) {
    self.image = image
    files = Self.unique(image.files.map(AssemblyText.quoted))
    globals = Self.unique(image.globals.map { AssemblyText.name($0.name) })
    let functions = Self.unique(image.functions.map { AssemblyText.name($0.name) })
    self.functions = functions
    var procedures: [String] = []
    for (index, procedure) in image.procedures.enumerated() {
      guard functions.indices.contains(procedure.function), !procedure.isVariadic || procedure.arity == 1
      else {
        throw BytecodeError(
          .procedure(index, name: image.label(ofProcedure: index)),
          "it has no function, or no right arity", advice: "verify the module first")
      }
      procedures.append(
        "\(functions[procedure.function])/\(procedure.isVariadic ? "*" : "\(procedure.arity)")")
    }
    self.procedures = Self.unique(procedures)
    imports = Self.unique(
      image.imports.map { "\(AssemblyText.name($0.name))/\($0.arity.map { "\($0)" } ?? "*")" })
    var seen: Set<Constant> = []
    for (index, constant) in image.constants.enumerated() {
      constants.append(seen.insert(constant).inserted ? try text(of: constant, depth: 0) : "#\(index)")
    }
  }

  /// Puts the index behind what is not the only one of its name.
  private static func unique(_ names: [String]) -> [String] {
    var counts: [[UInt8]: Int] = [:]
    for name in names { counts[Array(name.utf8), default: 0] += 1 }
    return names.enumerated().map { index, name in
      counts[Array(name.utf8)] == 1 ? name : "\(name)#\(index)"
    }
  }

  mutating func text() throws(BytecodeError) -> String {
    lines = []
    var bodies: [String] = []
    var use = ConstantUse()
    for index in image.procedures.indices {
      var writer = try ProcedureWriter(self, index)
      try writer.write(noting: &use)
      bodies += writer.lines
    }
    lines.append(".module \(AssemblyText.quoted(image.name))")
    for file in files { lines.append(".file \(file)") }
    if use.order != Array(image.constants.indices) || use.hasRepeats(constants) { try listConstants() }
    for named in imports { lines.append(".import \(named)") }
    try listGlobals()
    for index in image.functions.indices { try list(function: index) }
    lines += bodies
    lines.append("")
    lines.append(".start \(try name(image.entry, procedures, "procedure"))")
    return lines.joined(separator: "\n") + "\n"
  }

  private mutating func listConstants() throws(BytecodeError) {
    for constant in image.constants { lines.append(".constant \(try text(of: constant, depth: 0))") }
  }

  private mutating func listGlobals() throws(BytecodeError) {
    for (index, global) in image.globals.enumerated() {
      var line = ".global \(globals[index])"
      if let function = global.function { line += " = \(try name(function, functions, "function"))" }
      lines.append(line)
    }
  }

  private mutating func list(function index: Int) throws(BytecodeError) {
    let function = image.functions[index]
    guard function.line >= 0, function.column >= 0, function.captures >= 0, function.variadicMinimum >= 0,
      function.variadic != nil || function.variadicMinimum == 0
    else {
      throw BytecodeError(
        .part("function \(functions[index])"), "one of its numbers is wrong",
        advice: "verify the module first")
    }
    let file = try name(function.file, files, "file")
    lines.append("")
    lines.append(".function \(functions[index]) \(file):\(function.line):\(function.column)")
    for clause in function.clauses { lines.append("  .clause \(AssemblyText.quoted(clause))") }
    if let doc = function.doc { lines.append("  .doc \(AssemblyText.quoted(doc))") }
    if function.captures != 0 { lines.append("  .captures \(function.captures)") }
    for entry in function.entries {
      lines.append("  .takes \(entry.arity) \(try name(entry.procedure, procedures, "procedure"))")
    }
    if let variadic = function.variadic {
      lines.append(
        "  .variadic \(function.variadicMinimum) \(try name(variadic, procedures, "procedure"))")
    }
  }

  func name(_ index: Int, _ names: [String], _ what: String) throws(BytecodeError) -> String {
    guard names.indices.contains(index) else {
      throw BytecodeError(
        .part("module"), "there is no \(what) \(index), which it refers to", advice: "verify the module first"
      )
    }
    return names[index]
  }
}

/// In which order code first uses constants. If that is the order of the table, the table need not be written.
struct ConstantUse {
  private(set) var order: [Int] = []
  private var seen: Set<Int> = []

  mutating func note(_ constant: Int) {
    if seen.insert(constant).inserted { order.append(constant) }
  }

  func hasRepeats(_ constants: [String]) -> Bool {
    constants.contains { $0.hasPrefix("#") && !$0.hasPrefix("#{") }
  }
}

// MARK: Constants

extension AssemblyWriter {
  func text(of constant: Constant, depth: Int) throws(BytecodeError) -> String {
    guard depth <= Constant.nestingLimit else {
      throw BytecodeError(
        .part("constants"), "one nests deeper than \(Constant.nestingLimit)",
        advice: "verify the module first")
    }
    switch constant {
    case .nil: return "nil"
    case .boolean(let value): return value ? "true" : "false"
    case .number(let value): return AssemblyText.number(value)
    case .keyword(let text): return ":\(AssemblyText.name(text))"
    case .string(let text): return AssemblyText.quoted(text)
    case .tuple(let items): return "(\(try list(items, depth)))"
    case .list(let items): return "[\(try list(items, depth))]"
    case .set(let items): return "${\(try list(items, depth))}"
    case .dict(let pairs): return "#{\(try list(pairs, depth))}"
    case .struct(let pairs): return "@{\(try list(pairs, depth))}"
    case .function(let index): return "function \(try name(index, functions, "function"))"
    case .prelude(let name): return "prelude \(AssemblyText.name(name))"
    }
  }

  private func list(_ items: [Constant], _ depth: Int) throws(BytecodeError) -> String {
    var texts: [String] = []
    for item in items { texts.append(try text(of: item, depth: depth + 1)) }
    return texts.joined(separator: ", ")
  }

  private func list(_ pairs: [ConstantPair], _ depth: Int) throws(BytecodeError) -> String {
    var texts: [String] = []
    for pair in pairs {
      texts.append(
        "\(try text(of: pair.key, depth: depth + 1)) \(try text(of: pair.value, depth: depth + 1))")
    }
    return texts.joined(separator: ", ")
  }
}
