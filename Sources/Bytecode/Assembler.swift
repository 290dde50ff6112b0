/// Makes modules of assembly text. Docs/Bytecode.md has the grammar.
public enum Assembler {
  /// The module that a text describes, verified unless told otherwise.
  ///
  /// Throws an error with line and column for text that is no assembly, and for a module that the verifier refuses;
  /// only what belongs to no line, such as a constant of the whole module, is named instead.
  public static func assemble(_ text: [UInt8], verifies: Bool = true) throws(BytecodeError) -> CodeImage {
    guard text.count <= sizeLimit else {
      throw BytecodeError(
        .text(line: 1, column: 1), "the text is larger than \(sizeLimit >> 20) MiB",
        advice: "split the program")
    }
    var outline = AssemblyOutline()
    var first = AssemblyParser(text)
    try first.outline(&outline)
    var second = AssemblyParser(text)
    try second.assemble(outline)
    if verifies { try second.verify() }
    return second.image
  }

  /// The same for text at hand, as in tests.
  public static func assemble(_ text: String, verifies: Bool = true) throws(BytecodeError) -> CodeImage {
    try assemble(Array(text.utf8), verifies: verifies)
  }

  /// No assembly of ours comes near it.
  public static let sizeLimit = 1 << 28
}

/// What is defined in a text, collected before anything is looked up, so that order does not matter.
struct AssemblyOutline {
  var files: [AssemblySymbol: Int] = [:]
  var fileCount = 0
  var globals: [AssemblySymbol: Int] = [:]
  var functions: [AssemblySymbol: Int] = [:]
  var procedures: [ProcedureSymbol: Int] = [:]
  var imports: [ProcedureSymbol: Int] = [:]
}

/// Reads assembly text, line by line. See `AssemblyParser+…` for the parts.
struct AssemblyParser {
  var lexer: AssemblyLexer
  var image = CodeImage()
  var names = AssemblyOutline()
  var hasModule = false
  var start: Int?
  /// Index of each constant that code has named by value.
  var constants: [Constant: Int] = [:]
  /// Of each procedure: where in the text its header is, and each of its instruction words.
  var places: [(header: Int, words: [Int])] = []
  /// Of the procedure that is being read.
  var body = AssemblyBody()

  init(_ text: [UInt8]) { lexer = AssemblyLexer(text) }

  // MARK: Lines

  /// First pass: only what lines define.
  mutating func outline(_ outline: inout AssemblyOutline) throws(BytecodeError) {
    while true {
      let token = try lexer.next()
      switch token.kind {
      case .end: return
      case .newline: continue
      default: break
      }
      if token.kind == .atom { try define(token, &outline) }
      while try ![.newline, .end].contains(lexer.peek().kind) { _ = try lexer.next() }
    }
  }

  private mutating func define(
    _ directive: AssemblyToken, _ outline: inout AssemblyOutline
  ) throws(BytecodeError) {
    switch directive.text {
    case ".file":
      let symbol = try fileSymbol()
      outline.fileCount += 1
      try define(symbol, outline.fileCount - 1, in: &outline.files, directive)
    case ".global": try define(try symbol(), outline.globals.count, in: &outline.globals, directive)
    case ".function": try define(try symbol(), outline.functions.count, in: &outline.functions, directive)
    case ".procedure":
      try define(try procedureSymbol(), outline.procedures.count, in: &outline.procedures, directive)
    case ".import": try define(try procedureSymbol(), outline.imports.count, in: &outline.imports, directive)
    default: break
    }
  }

  private func define<Name>(
    _ name: Name, _ index: Int, in table: inout [Name: Int], _ directive: AssemblyToken
  ) throws(BytecodeError) {
    guard table.updateValue(index, forKey: name) == nil else {
      throw lexer.error(
        at: directive.offset, "the name is defined twice",
        "put # and a number behind the second, and wherever it is meant")
    }
  }

  /// Second pass.
  mutating func assemble(_ outline: AssemblyOutline) throws(BytecodeError) {
    names = outline
    image.procedures.reserveCapacity(outline.procedures.count)
    while try lexer.peek().kind != .end {
      let token = try lexer.next()
      if token.kind == .newline { continue }
      try line(token)
    }
    try endProcedure()
    let end = lexer.text.count
    guard hasModule else {
      throw lexer.error(at: end, "there is no .module directive", "begin the text with .module \"name\"")
    }
    guard let start else {
      throw lexer.error(
        at: end, "there is no .start directive", "name the procedure to begin with: .start script/0")
    }
    image.entry = start
  }

  private mutating func line(_ first: AssemblyToken) throws(BytecodeError) {
    guard first.kind == .atom else {
      throw lexer.error(
        at: first.offset, "a line begins with a directive, a label or an instruction",
        "remove this, or begin a comment with ;")
    }
    if first.bytes.first == UInt8(ascii: ".") {
      try directive(first)
    } else if try take(":") {
      return try label(first)
    } else {
      try instruction(first)
    }
    try endLine()
  }

  private mutating func endLine() throws(BytecodeError) {
    let token = try lexer.peek()
    guard token.kind == .newline || token.kind == .end else {
      throw lexer.error(
        at: token.offset, "something is left on the line", "one instruction or directive a line")
    }
  }

  // MARK: The verifier's errors, with a place in the text

  func verify() throws(BytecodeError) {
    do {
      try Verifier.verify(image)
    } catch {
      var placed = error
      let offset: Int
      switch error.place {
      case .instruction(let procedure, _, let index): offset = places[procedure].words[index]
      case .procedure(let procedure, _): offset = places[procedure].header
      default: throw error
      }
      placed.place = lexer.error(at: offset, "", "").place
      throw placed
    }
  }
}
