// Directives: everything of a module but its code.

extension AssemblyParser {
  mutating func directive(_ directive: AssemblyToken) throws(BytecodeError) {
    switch directive.text {
    case ".module":
      guard !hasModule else { throw fail(directive, "there is a second .module", "remove it") }
      hasModule = true
      image.name = try string("the module's name").text
    case ".file": image.files.append(String(decoding: try fileSymbol().name, as: UTF8.self))
    case ".constant": try constantDirective()
    case ".import":
      let symbol = try procedureSymbol()
      image.imports.append(
        ImportedProcedure(
          name: String(decoding: symbol.function.name, as: UTF8.self), arity: symbol.arity))
    case ".global": try globalDirective()
    case ".function": try functionDirective()
    case ".procedure": try procedureDirective(directive)
    case ".start":
      guard start == nil else { throw fail(directive, "there is a second .start", "remove it") }
      start = try procedure()
    case ".clause", ".doc", ".captures", ".takes", ".variadic": try functionPart(directive)
    case ".line": try lineDirective(directive)
    case ".word": try wordDirective(directive)
    default:
      let known = [
        ".module", ".file", ".constant", ".import", ".global", ".function", ".procedure", ".start", ".clause",
        ".doc", ".captures", ".takes", ".variadic", ".line", ".word",
      ]
      throw fail(
        directive, "there is no directive \(directive.text)",
        nearest(directive.text, known).map { "did you mean \($0)?" } ?? "Docs/Bytecode.md lists them")
    }
  }

  private mutating func constantDirective() throws(BytecodeError) {
    let token = try lexer.peek()
    let value = try constant(depth: 0)
    if constants[value] == nil { constants[value] = image.constants.count }
    guard image.constants.count < 0x7FFF_FFFF else { throw fail(token, "there are too many constants", "") }
    image.constants.append(value)
  }

  private mutating func globalDirective() throws(BytecodeError) {
    let symbol = try symbol()
    var global = Global(name: String(decoding: symbol.name, as: UTF8.self))
    if try take("=") { global.function = try function() }
    image.globals.append(global)
  }

  // MARK: Functions

  private mutating func functionDirective() throws(BytecodeError) {
    try endProcedure()
    var function = Function(name: String(decoding: try symbol().name, as: UTF8.self))
    function.file = try file()
    try expect(":", "between file and line")
    function.line = try number("a line")
    try expect(":", "between line and column")
    function.column = try number("a column")
    image.functions.append(function)
  }

  /// A line that adds to the function above it.
  private mutating func functionPart(_ directive: AssemblyToken) throws(BytecodeError) {
    guard !image.functions.isEmpty, !body.isOpen else {
      throw fail(directive, "\(directive.text) belongs to a function", "put it below .function, before code")
    }
    let last = image.functions.count - 1
    switch directive.text {
    case ".clause": image.functions[last].clauses.append(try string("the clause's text").text)
    case ".doc": image.functions[last].doc = try string("the text").text
    case ".captures": image.functions[last].captures = try number("how many values it captures")
    case ".takes":
      let arity = try number("how many arguments it takes")
      image.functions[last].entries.append(FunctionEntry(arity: arity, procedure: try procedure()))
    default:
      image.functions[last].variadicMinimum = try number("how many arguments it takes at least")
      image.functions[last].variadic = try procedure()
    }
  }

  // MARK: Procedures

  private mutating func procedureDirective(_ directive: AssemblyToken) throws(BytecodeError) {
    try endProcedure()
    let place = try lexer.peek()
    let symbol = try procedureSymbol()
    guard let function = names.functions[symbol.function] else {
      throw fail(
        place, "there is no function \(String(decoding: symbol.function.name, as: UTF8.self))",
        "define it with .function")
    }
    let frame = try lexer.next()
    guard frame.isAtom("frame") else {
      throw fail(frame, "the size of the frame is missing", "write frame and the number of its registers")
    }
    let size = try number("the number of registers")
    let needsClosure = try lexer.peek().isAtom("closure")
    if needsClosure { _ = try lexer.next() }
    body = AssemblyBody()
    body.isOpen = true
    body.header = directive.offset
    body.file = image.functions.indices.contains(function) ? image.functions[function].file : nil
    body.procedure = Procedure(
      function: function, arity: symbol.arity ?? 1, isVariadic: symbol.arity == nil,
      needsClosure: needsClosure,
      frameSize: size, code: [])
  }

  private mutating func lineDirective(_ directive: AssemblyToken) throws(BytecodeError) {
    guard body.isOpen else { throw fail(directive, ".line belongs to code", "put it below .procedure") }
    var file = body.file
    if try lexer.peek().kind == .string {
      file = try self.file()
      try expect(":", "between file and line")
    }
    guard let file else {
      throw fail(
        directive, "the file is missing", "write \"file\":line:column, or .function before .procedure")
    }
    let line = try number("a line")
    try expect(":", "between line and column")
    let position = CodePosition(
      start: body.procedure.code.count, file: file, line: line, column: try number("a column"))
    guard body.procedure.positions.last?.start != position.start else {
      throw fail(directive, "two .line lines stand before one instruction", "keep one")
    }
    body.procedure.positions.append(position)
    body.lastLine = directive.offset
  }

  private mutating func wordDirective(_ directive: AssemblyToken) throws(BytecodeError) {
    guard body.isOpen else { throw fail(directive, ".word belongs to code", "put it below .procedure") }
    let token = try lexer.next()
    guard token.kind == .atom, let bits = hexadecimal(token.bytes) else {
      throw fail(token, "a word is missing", "write 0x and up to 16 hex digits")
    }
    body.append(Instruction(bits: bits), at: directive.offset)
  }

  func hexadecimal(_ bytes: [UInt8]) -> UInt64? {
    guard bytes.count > 2, bytes.count <= 18, bytes[0] == UInt8(ascii: "0"), bytes[1] == UInt8(ascii: "x")
    else {
      return nil
    }
    var value: UInt64 = 0
    for byte in bytes[2...] {
      guard let digit = AssemblyLexer.hexDigit(byte) else { return nil }
      value = value << 4 | UInt64(digit)
    }
    return value
  }

  /// Jumps can be resolved now.
  mutating func endProcedure() throws(BytecodeError) {
    guard body.isOpen else { return }
    if let last = body.procedure.positions.last, last.start == body.procedure.code.count {
      throw lexer.error(at: body.lastLine, "no instruction comes behind this .line", "remove it")
    }
    try resolveJumps()
    image.procedures.append(body.procedure)
    places.append((body.header, body.places))
    body = AssemblyBody()
  }
}
