extension ModuleFile {
  static let advice = "compile the script again, or get a whole copy of the file"

  /// Whether bytes look like a module file, rather than like a script.
  public static func isModule(_ bytes: [UInt8]) -> Bool { bytes.starts(with: magic) }

  /// The module in a file. It is well-formed, but not verified.
  ///
  /// Throws when the file is no module, truncated, altered or of another format. Takes memory in proportion to the
  /// file's size, whatever the lengths in it claim.
  ///
  /// - Parameter isEmbedded: The bytes are part of this program, put there by its own build: whether they are intact
  ///   and for this build's instructions need not be asked, which saves half a millisecond at every start.
  public static func image(
    from bytes: [UInt8], isEmbedded: Bool = false
  ) throws(BytecodeError) -> CodeImage {
    try checkHeader(bytes)
    if !isEmbedded { try checkOrigin(bytes) }
    var reader = ModuleReader()
    var offset = headerSize
    for section in Section.allCases {
      let contents = try range(of: section, in: bytes, at: offset)
      var source = ByteSource(bytes, contents, section: section.rawValue)
      try reader.read(section, from: &source)
      try source.finish()
      offset = contents.upperBound
    }
    guard offset == bytes.count else {
      throw headerError(offset, "there is something behind the last section", advice)
    }
    return reader.image
  }

  private static func headerError(_ offset: Int, _ message: String, _ advice: String) -> BytecodeError {
    BytecodeError(.file(offset: offset, section: "header"), message, advice: advice)
  }

  private static func checkHeader(_ bytes: [UInt8]) throws(BytecodeError) {
    guard bytes.starts(with: magic) else {
      throw headerError(0, "this is no module file", "give a file that `ludi build` or `ludi asm` has made")
    }
    guard bytes.count >= headerSize else {
      throw headerError(bytes.count, "the file is truncated inside its header", advice)
    }
    let found = bytes.half(at: 4)
    guard found == version else {
      let newer = found > version
      throw headerError(
        4, "the file has format \(found), and this build reads format \(version)",
        newer ? "use a newer ludi, or compile the script again" : "compile the script again")
    }
    guard bytes.count <= sizeLimit else {
      throw headerError(0, "the file is larger than \(sizeLimit >> 20) MiB", "split the program")
    }
    let length = bytes.half(at: 8)
    let actual = bytes.count - headerSize
    guard length == actual else {
      let state = length > actual ? "truncated" : "too long"
      throw headerError(
        8, "the file is \(state): \(length) bytes should follow the header, \(actual) do", advice)
    }
  }

  /// Whether it is as it was written, by a build with the same instructions.
  private static func checkOrigin(_ bytes: [UInt8]) throws(BytecodeError) {
    guard bytes.half(at: 12) == Int(vocabulary) else {
      throw headerError(
        12, "the file was compiled for other instructions or natives than this build has",
        "compile the script again with this ludi")
    }
    guard bytes.word(at: 16) == checksum(bytes, from: headerSize) else {
      throw headerError(16, "the file was altered: its checksum does not match", advice)
    }
  }

  /// Where the contents of a section are, given where it begins.
  private static func range(
    of section: Section, in bytes: [UInt8], at offset: Int
  ) throws(BytecodeError) -> Range<Int> {
    guard offset + 8 <= bytes.count, bytes[offset..<offset + 4].elementsEqual(section.rawValue.utf8) else {
      throw headerError(offset, "section \(section.rawValue) should begin here", advice)
    }
    let length = bytes.half(at: offset + 4)
    guard length <= bytes.count - offset - 8 else {
      throw headerError(
        offset + 4,
        "section \(section.rawValue) claims \(length) bytes, \(bytes.count - offset - 8) are left",
        advice)
    }
    return offset + 8..<offset + 8 + length
  }
}

/// Reads the sections into an image.
private struct ModuleReader {
  var image = CodeImage()
  private var texts: [String] = []
  /// Instructions of each procedure, which come last.
  private var codeCounts: [Int] = []

  mutating func read(_ section: ModuleFile.Section, from source: inout ByteSource) throws(BytecodeError) {
    switch section {
    case .text: try readTexts(&source)
    case .module:
      image.name = try text(&source)
      image.entry = try source.number()
    case .files: try readFiles(&source)
    case .constants: image.constants = try constants(&source, depth: 0)
    case .functions: try readFunctions(&source)
    case .globals: try readGlobals(&source)
    case .imports: try readImports(&source)
    case .procedures: try readProcedures(&source)
    case .code: try readCode(&source)
    }
  }

  private mutating func readTexts(_ source: inout ByteSource) throws(BytecodeError) {
    let count = try source.count()
    texts.reserveCapacity(count)
    for _ in 0..<count { texts.append(try source.text()) }
  }

  private func text(_ source: inout ByteSource) throws(BytecodeError) -> String {
    let place = source.offset
    let index = try source.number()
    guard index < texts.count else { throw source.error("there is no text \(index)", at: place) }
    return texts[index]
  }

  private mutating func readFiles(_ source: inout ByteSource) throws(BytecodeError) {
    for _ in 0..<(try source.count()) { image.files.append(try text(&source)) }
  }

  private mutating func readGlobals(_ source: inout ByteSource) throws(BytecodeError) {
    let count = try source.count(ofSize: 2)
    image.globals.reserveCapacity(count)
    for _ in 0..<count {
      image.globals.append(Global(name: try text(&source), function: try source.optional()))
    }
  }

  private mutating func readImports(_ source: inout ByteSource) throws(BytecodeError) {
    let count = try source.count(ofSize: 2)
    image.imports.reserveCapacity(count)
    for _ in 0..<count {
      image.imports.append(ImportedProcedure(name: try text(&source), arity: try source.optional()))
    }
  }
}

// MARK: Constants

extension ModuleReader {
  private func constants(_ source: inout ByteSource, depth: Int) throws(BytecodeError) -> [Constant] {
    let count = try source.count()
    var all: [Constant] = []
    all.reserveCapacity(count)
    for _ in 0..<count { all.append(try constant(&source, depth: depth)) }
    return all
  }

  private func pairs(_ source: inout ByteSource, depth: Int) throws(BytecodeError) -> [ConstantPair] {
    let count = try source.count(ofSize: 2)
    var all: [ConstantPair] = []
    all.reserveCapacity(count)
    for _ in 0..<count {
      let key = try constant(&source, depth: depth)
      all.append(ConstantPair(key, try constant(&source, depth: depth)))
    }
    return all
  }

  private func constant(_ source: inout ByteSource, depth: Int) throws(BytecodeError) -> Constant {
    let place = source.offset
    guard let tag = ModuleFile.ConstantTag(rawValue: try source.byte()) else {
      throw source.error("there is no such kind of constant", at: place)
    }
    guard depth <= Constant.nestingLimit else {
      throw source.error("constants nest deeper than \(Constant.nestingLimit)", at: place)
    }
    switch tag {
    case .nil: return .nil
    case .false: return .boolean(false)
    case .true: return .boolean(true)
    case .number: return .number(Double(bitPattern: try source.word()))
    case .keyword: return .keyword(try text(&source))
    case .string: return .string(try text(&source))
    case .tuple: return .tuple(try constants(&source, depth: depth + 1))
    case .list: return .list(try constants(&source, depth: depth + 1))
    case .set: return .set(try constants(&source, depth: depth + 1))
    case .dict: return .dict(try pairs(&source, depth: depth + 1))
    case .struct: return .struct(try pairs(&source, depth: depth + 1))
    case .function: return .function(try source.number())
    case .prelude: return .prelude(try text(&source))
    }
  }
}

// MARK: Functions and procedures

extension ModuleReader {
  private mutating func readFunctions(_ source: inout ByteSource) throws(BytecodeError) {
    let count = try source.count(ofSize: 10)
    image.functions.reserveCapacity(count)
    for _ in 0..<count { image.functions.append(try function(&source)) }
  }

  private func function(_ source: inout ByteSource) throws(BytecodeError) -> Function {
    var function = Function(name: try text(&source))
    function.file = try source.number()
    function.line = try source.number()
    function.column = try source.number()
    for _ in 0..<(try source.count()) { function.clauses.append(try text(&source)) }
    let place = source.offset
    if let doc = try source.optional() {
      guard doc < texts.count else { throw source.error("there is no text \(doc)", at: place) }
      function.doc = texts[doc]
    }
    function.captures = try source.number()
    for _ in 0..<(try source.count(ofSize: 2)) {
      function.entries.append(FunctionEntry(arity: try source.number(), procedure: try source.number()))
    }
    function.variadic = try source.optional()
    function.variadicMinimum = try source.number()
    return function
  }

  private mutating func readProcedures(_ source: inout ByteSource) throws(BytecodeError) {
    let count = try source.count(ofSize: 6)
    image.procedures.reserveCapacity(count)
    codeCounts.reserveCapacity(count)
    for _ in 0..<count { image.procedures.append(try procedure(&source)) }
  }

  private mutating func procedure(_ source: inout ByteSource) throws(BytecodeError) -> Procedure {
    let function = try source.number()
    let arity = try source.number()
    let place = source.offset
    let flags = try source.number()
    guard flags < 4 else { throw source.error("the flags \(flags) are not known", at: place) }
    let frameSize = try source.number()
    codeCounts.append(try source.number())
    return Procedure(
      function: function, arity: arity, isVariadic: flags & ModuleFile.ProcedureFlag.variadic != 0,
      needsClosure: flags & ModuleFile.ProcedureFlag.needsClosure != 0, frameSize: frameSize, code: [],
      positions: try positions(&source))
  }

  private func positions(_ source: inout ByteSource) throws(BytecodeError) -> [CodePosition] {
    let count = try source.count(ofSize: 4)
    var all: [CodePosition] = []
    all.reserveCapacity(count)
    var start = 0
    var line = 0
    for _ in 0..<count {
      start += try source.number()
      let file = try source.number()
      line += try source.signed()
      all.append(CodePosition(start: start, file: file, line: line, column: try source.number()))
    }
    return all
  }

  private mutating func readCode(_ source: inout ByteSource) throws(BytecodeError) {
    let claimed = codeCounts.reduce(0, +)
    guard claimed * 8 == source.remaining else {
      throw source.error(
        "the procedures claim \(claimed) instructions, the section has \(source.remaining) bytes")
    }
    for index in image.procedures.indices {
      var code: [Instruction] = []
      code.reserveCapacity(codeCounts[index])
      for _ in 0..<codeCounts[index] { code.append(Instruction(bits: try source.word())) }
      image.procedures[index].code = code
    }
  }
}
