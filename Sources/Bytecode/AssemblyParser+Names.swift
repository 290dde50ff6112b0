// Names, numbers and constants: what directives and instructions are made of.

extension AssemblyParser {
  func fail(_ token: AssemblyToken, _ message: String, _ advice: String) -> BytecodeError {
    lexer.error(at: token.offset, message, advice)
  }

  /// Whether the next token is this character, which is then behind us.
  mutating func take(_ character: Unicode.Scalar) throws(BytecodeError) -> Bool {
    guard try lexer.peek().isPunctuation(character) else { return false }
    _ = try lexer.next()
    return true
  }

  mutating func expect(_ character: Unicode.Scalar, _ place: String) throws(BytecodeError) {
    let token = try lexer.peek()
    guard try take(character) else { throw fail(token, "\(character) is missing", "it stands \(place)") }
  }

  mutating func string(_ what: String) throws(BytecodeError) -> AssemblyToken {
    let token = try lexer.next()
    guard token.kind == .string else { throw fail(token, "a string is missing", "write \(what) in quotes") }
    return token
  }

  // MARK: Numbers

  /// A number in digits alone, ten of them at most.
  func decimal(_ bytes: ArraySlice<UInt8>) -> Int? {
    guard !bytes.isEmpty, bytes.count <= 10 else { return nil }
    var value = 0
    for byte in bytes {
      guard byte >= 48, byte <= 57 else { return nil }
      value = value * 10 + Int(byte) - 48
    }
    return value
  }

  mutating func number(_ what: String, atMost limit: Int = 0x7FFF_FFFF) throws(BytecodeError) -> Int {
    let token = try lexer.next()
    guard token.kind == .atom, let value = decimal(token.bytes[...]) else {
      throw fail(token, "a number should be here", "write \(what) in digits")
    }
    guard value <= limit else {
      throw fail(token, "the number \(value) is too large", "it is at most \(limit)")
    }
    return value
  }

  // MARK: Names

  mutating func symbol() throws(BytecodeError) -> AssemblySymbol {
    let token = try lexer.next()
    guard token.kind == .atom || token.kind == .string else {
      throw fail(token, "a name should be here", "write it plainly, or in quotes")
    }
    return AssemblySymbol(token.bytes, suffix: try suffix())
  }

  /// `#` and a number, but not the `#{` of a dict.
  private mutating func suffix() throws(BytecodeError) -> Int? {
    let mark = try lexer.peek().offset
    guard !lexer.text[min(mark, lexer.text.count)...].starts(with: [35, 123]), try take("#") else {
      return nil
    }
    return try number("the number that tells equal names apart")
  }

  mutating func fileSymbol() throws(BytecodeError) -> AssemblySymbol {
    AssemblySymbol(try string("the path of the file").bytes, suffix: try suffix())
  }

  mutating func procedureSymbol() throws(BytecodeError) -> ProcedureSymbol {
    let function = try symbol()
    try expect("/", "between a function's name and the number of its arguments")
    let arity = try take("*") ? nil : try number("the number of arguments, or *")
    return ProcedureSymbol(function: function, arity: arity, suffix: try suffix())
  }

  mutating func file() throws(BytecodeError) -> Int {
    let token = try lexer.peek()
    guard let index = names.files[try fileSymbol()] else {
      throw fail(token, "there is no file \(token.text)", "define it with .file")
    }
    return index
  }

  mutating func function() throws(BytecodeError) -> Int {
    let token = try lexer.peek()
    guard let index = names.functions[try symbol()] else {
      throw fail(
        token, "there is no function \(token.text)",
        nearest(token, names.functions.keys.map(\.name)) ?? "define it with .function")
    }
    return index
  }

  mutating func global() throws(BytecodeError) -> Int {
    let token = try lexer.peek()
    guard let index = names.globals[try symbol()] else {
      throw fail(
        token, "there is no global \(token.text)",
        nearest(token, names.globals.keys.map(\.name)) ?? "define it with .global")
    }
    return index
  }

  mutating func procedure() throws(BytecodeError) -> Int {
    let token = try lexer.peek()
    guard let index = names.procedures[try procedureSymbol()] else {
      throw fail(
        token, "there is no such procedure of \(token.text)", "define it with .procedure \(token.text)/arity")
    }
    return index
  }

  /// A procedure of this module, or `prelude` and one of the imports.
  mutating func calledProcedure() throws(BytecodeError) -> Int {
    let token = try lexer.next()
    let behind = try lexer.peek().kind
    guard token.isAtom("prelude"), behind == .atom || behind == .string else {
      lexer.putBack(token)
      return try procedure()
    }
    let name = try lexer.peek()
    guard let index = names.imports[try procedureSymbol()] else {
      throw fail(
        name, "there is no such import of \(name.text)", "define it with .import \(name.text)/arity")
    }
    return names.procedures.count + index
  }

  private func nearest(_ token: AssemblyToken, _ names: [[UInt8]]) -> String? {
    nearest(token.text, names.map { String(decoding: $0, as: UTF8.self) }).map { "did you mean \($0)?" }
  }

  /// The name that differs from a word in the fewest letters, if those are few.
  func nearest(_ word: String, _ names: [String]) -> String? {
    let wanted = Array(word.utf8)
    guard wanted.count <= 40 else { return nil }
    var best: (name: String, distance: Int)?
    for name in names.prefix(1000) where name.utf8.count <= 40 {
      let distance = editDistance(wanted, Array(name.utf8))
      if distance < best?.distance ?? (wanted.count / 3 + 2) { best = (name, distance) }
    }
    return best?.name
  }

  private func editDistance(_ one: [UInt8], _ other: [UInt8]) -> Int {
    var row = Array(0...other.count)
    for (i, byte) in one.enumerated() {
      var diagonal = row[0]
      row[0] = i + 1
      for (j, candidate) in other.enumerated() {
        let above = row[j + 1]
        row[j + 1] = min(diagonal + (byte == candidate ? 0 : 1), above + 1, row[j] + 1)
        diagonal = above
      }
    }
    return row[other.count]
  }
}

// MARK: Constants

extension AssemblyParser {
  /// A constant by value, put into the table the first time, or `#` and its index.
  mutating func constantOperand() throws(BytecodeError) -> Int {
    let token = try lexer.next()
    if token.isPunctuation("#"), try lexer.peek().kind == .atom {
      let index = try number("the constant's number")
      guard index < image.constants.count else {
        throw fail(token, "there is no constant \(index) yet", "list it before with .constant")
      }
      return index
    }
    lexer.putBack(token)
    let value = try constant(depth: 0)
    if let index = constants[value] { return index }
    constants[value] = image.constants.count
    image.constants.append(value)
    return image.constants.count - 1
  }

  mutating func constant(depth: Int) throws(BytecodeError) -> Constant {
    let token = try lexer.next()
    guard depth <= Constant.nestingLimit else {
      throw fail(token, "constants nest deeper than \(Constant.nestingLimit)", "build the outer part in code")
    }
    switch token.kind {
    case .string: return .string(token.text)
    case .atom: return try plainConstant(token)
    case .punctuation(let character):
      switch Unicode.Scalar(character) {
      case ":": return .keyword(try symbolName())
      case "(": return .tuple(try constants(to: ")", depth))
      case "[": return .list(try constants(to: "]", depth))
      case "$":
        try expect("{", "behind $")
        return .set(try constants(to: "}", depth))
      case "#":
        try expect("{", "behind #")
        return .dict(try pairs(depth))
      case "@":
        try expect("{", "behind @")
        return .struct(try pairs(depth))
      default: break
      }
    case .newline, .end: break
    }
    throw fail(
      token, "a constant should be here", "such as nil 12 :keyword \"text\" (1, 2) [1] ${1} #{:a 1} @{:a 1}")
  }

  private mutating func plainConstant(_ token: AssemblyToken) throws(BytecodeError) -> Constant {
    switch token.text {
    case "nil": return .nil
    case "true": return .boolean(true)
    case "false": return .boolean(false)
    case "inf": return .number(.infinity)
    case "-inf": return .number(-.infinity)
    case "nan": return .number(try notANumber())
    case "function": return .function(try function())
    case "prelude": return .prelude(try symbolName())
    default:
      // Only digits make a number here, not the other spellings that Swift knows.
      guard token.bytes.allSatisfy({ (48...57).contains($0) || "+-.eE".utf8.contains($0) }),
        let value = Double(token.text)
      else {
        throw fail(token, "\(token.text) is no constant", "write :\(token.text) or \"\(token.text)\"")
      }
      return .number(value)
    }
  }

  /// The bits behind `nan`.
  private mutating func notANumber() throws(BytecodeError) -> Double {
    try expect("(", "behind nan")
    let token = try lexer.next()
    guard token.kind == .atom, let bits = hexadecimal(token.bytes), Double(bitPattern: bits).isNaN else {
      throw fail(token, "these are not the bits of a NaN", "such as nan(0x7ff8000000000000)")
    }
    try expect(")", "behind the bits")
    return Double(bitPattern: bits)
  }

  private mutating func symbolName() throws(BytecodeError) -> String {
    let token = try lexer.next()
    guard token.kind == .atom || token.kind == .string else {
      throw fail(token, "a name should be here", "write it plainly, or in quotes")
    }
    return token.text
  }

  private mutating func constants(
    to end: Unicode.Scalar, _ depth: Int
  ) throws(BytecodeError) -> [Constant] {
    var items: [Constant] = []
    if try take(end) { return items }
    repeat { items.append(try constant(depth: depth + 1)) } while try take(",")
    try expect(end, "behind the members")
    return items
  }

  private mutating func pairs(_ depth: Int) throws(BytecodeError) -> [ConstantPair] {
    var items: [ConstantPair] = []
    if try take("}") { return items }
    repeat {
      let key = try constant(depth: depth + 1)
      items.append(ConstantPair(key, try constant(depth: depth + 1)))
    } while try take(",")
    try expect("}", "behind the pairs")
    return items
  }
}
