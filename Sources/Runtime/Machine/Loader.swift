import Bytecode
import Memory
import Synchronization
import Words

/// Why a module cannot be loaded.
struct LoadError: Error, CustomStringConvertible {
  let description: String
}

/// Turns a verified `CodeImage` into code in memory: constants become immortal objects, indices become addresses.
@safe struct Loader {
  private let image: CodeImage
  private var starts: [UInt] = []
  private var end: UInt = 0
  private var functions: [UInt] = []
  private var globals: [UInt] = []
  private var constants: [Word] = []
  private var imports: [UInt] = []

  private init(_ image: CodeImage) { self.image = image }

  /// Loads a module. The Prelude is loaded first: imports are looked up there.
  static func load(_ image: CodeImage, prelude: LoadedModule?) throws(LoadError) -> LoadedModule {
    var loader = Loader(image)
    try loader.layOut()
    loader.makeFunctions()
    loader.makeGlobals()
    try loader.makeConstants(prelude)
    try loader.resolveImports(prelude)
    loader.emit()
    try loader.translate()
    let names = Dictionary(
      zip(image.globals.map(\.name), loader.globals), uniquingKeysWith: { first, _ in first })
    let module = LoadedModule(
      image: image, starts: loader.starts, end: loader.end, globals: names, functions: loader.functions)
    Modules.shared.add(module)
    return module
  }

  // MARK: Code

  /// Finds the place of every procedure in one stretch of memory.
  private mutating func layOut() throws(LoadError) {
    let words = image.procedures.reduce(0) { $0 + $1.code.count + CodeEntry.headerWords }
    let memory = try unsafe Self.codeMemory(words, for: image.name)
    var address = UInt(bitPattern: memory)
    starts.reserveCapacity(image.procedures.count)
    for procedure in image.procedures {
      address += UInt(CodeEntry.headerWords) * 8
      starts.append(address)
      address += UInt(procedure.code.count) * 8
    }
    end = address
  }

  private static func codeMemory(
    _ words: Int, for name: String
  ) throws(LoadError) -> UnsafeMutablePointer<UInt64> {
    if Translation.stubs == nil {
      MemoryUse.addCode(bytes: words * 8)
      return UnsafeMutablePointer<UInt64>.allocate(capacity: max(words, 1))
    }
    guard let memory = unsafe CodeArea.words(words) else {
      throw LoadError(
        description: "\(name): there is no room for more code; LUDI_JIT=off does without machine code")
    }
    return unsafe memory
  }

  /// Makes machine code of all procedures.
  private func translate() throws(LoadError) {
    let inputs = image.procedures.enumerated().map { index, procedure in
      Translator.Input(start: starts[index], code: procedure.code, frameSize: procedure.frameSize)
    }
    guard Translation.add(inputs) else {
      throw LoadError(
        description: "\(image.name): there is no room for more machine code; LUDI_JIT=off does without")
    }
  }

  private func emit() {
    for (index, procedure) in image.procedures.enumerated() {
      let code = unsafe UnsafeMutablePointer<UInt64>(bitPattern: starts[index]).unsafelyUnwrapped
      unsafe code[-2] = UInt64(functions[procedure.function])
      unsafe code[-1] = CodeEntry.header(procedure)
      var at = 0
      while at < procedure.code.count {
        let instruction = procedure.code[at]
        unsafe code[at] = instruction.bits
        if let own = Fusion.code(procedure.code, at: at) {
          unsafe code[at] = instruction.bits & ~0xFF | UInt64(own.rawValue)
        }
        guard let opcode = instruction.opcode, opcode.width == 2 else {
          at += 1
          continue
        }
        unsafe code[at + 1] = second(opcode, procedure.code[at + 1])
        at += 2
      }
    }
  }

  /// The second word of an instruction as the machine wants it.
  private func second(_ opcode: Opcode, _ word: Instruction) -> UInt64 {
    switch opcode {
    case .callDirect, .tailCallDirect, .computeOrCall: UInt64(procedure(word.index))
    case .loadGlobal, .storeGlobal: UInt64(globals[word.index])
    case .makeClosure: UInt64(functions[word.index]) >> 3
    case .loadConstant, .loadEnvironment, .jumpUnlessSame, .jumpUnlessEqual, .dictFind, .structFind, .loadKey,
      .makeNamespace:
      constants[word.index].bits
    default: word.bits
    }
  }

  private func procedure(_ index: Int) -> UInt {
    index < starts.count ? starts[index] : imports[index - starts.count]
  }

  // MARK: Functions and globals

  private mutating func makeFunctions() {
    for (index, function) in image.functions.enumerated() {
      let record = UnsafeMutablePointer<UInt64>.allocate(capacity: FunctionInfo.words)
      MemoryUse.addCode(bytes: FunctionInfo.words * 8)
      unsafe record.initialize(repeating: 0, count: FunctionInfo.words)
      let more = function.entries.filter { $0.arity >= 8 }
      for entry in function.entries where entry.arity < 8 {
        unsafe record[entry.arity] = UInt64(starts[entry.procedure])
      }
      if let variadic = function.variadic { unsafe record[8] = UInt64(starts[variadic]) }
      unsafe record[9] = UInt64(function.variadicMinimum)
      unsafe record[10] = UInt64(function.captures)
      unsafe record[11] = Self.string(function.name).bits
      unsafe record[12] =
        Self.string(function.file < image.files.count ? image.files[function.file] : image.name).bits
      unsafe record[13] = UInt64(function.line) << 32 | UInt64(function.column)
      unsafe record[14] = Self.strings(function.clauses).bits
      unsafe record[15] = (function.doc.map { Self.string($0) } ?? .nil).bits
      unsafe record[16] = UInt64(UInt(bitPattern: Self.entries(more, starts)))
      unsafe record[17] = UInt64(more.count)
      unsafe record[18] = UInt64(image.name == "prelude" ? index : 1_000_000 + index)
      functions.append(UInt(bitPattern: record))
    }
  }

  private static func entries(_ entries: [FunctionEntry], _ starts: [UInt]) -> UnsafeMutablePointer<UInt64>? {
    if entries.isEmpty { return nil }
    let table = UnsafeMutablePointer<UInt64>.allocate(capacity: entries.count * 2)
    MemoryUse.addCode(bytes: entries.count * 16)
    for (i, entry) in entries.enumerated() {
      unsafe table[i * 2] = UInt64(entry.arity)
      unsafe table[i * 2 + 1] = UInt64(starts[entry.procedure])
    }
    return unsafe table
  }

  private mutating func makeGlobals() {
    for global in image.globals {
      let slot = UnsafeMutablePointer<UInt64>.allocate(capacity: 2)
      let value = global.function.map { Word(.function, UInt64(functions[$0]) >> 3) } ?? .unbound
      unsafe slot[0] = value.bits
      unsafe slot[1] = Self.string(global.name).bits
      globals.append(UInt(bitPattern: slot))
    }
  }

  private mutating func resolveImports(_ prelude: LoadedModule?) throws(LoadError) {
    for wanted in image.imports {
      guard let prelude, let index = prelude.function(named: wanted.name) else {
        throw LoadError(
          description: "\(image.name): the Prelude has no function \(wanted.name); compile it again")
      }
      let function = FunctionInfo(index: UInt64(prelude.functions[index]) >> 3)
      let code = wanted.arity.map { function.code(arity: $0) } ?? function.variadicCode(count: Int(Int32.max))
      guard code != 0, !CodeEntry(unsafe: code).needsClosure else {
        let count = wanted.arity.map(String.init) ?? "any number of"
        throw LoadError(
          description:
            "\(image.name): the Prelude's \(wanted.name) does not take \(count) arguments; compile it again")
      }
      imports.append(code)
    }
  }

  // MARK: Constants

  private mutating func makeConstants(_ prelude: LoadedModule?) throws(LoadError) {
    let scratch = Heap.standalone()
    defer { scratch.discard() }
    for constant in image.constants {
      constants.append(ImmortalArea.publish(try value(constant, scratch, prelude)))
    }
  }

  private func value(_ constant: Constant, _ heap: Heap, _ prelude: LoadedModule?) throws(LoadError) -> Word {
    var work = Work()
    switch constant {
    case .nil: return .nil
    case .boolean(let b): return Word(b)
    case .number(let n): return Word(n)
    case .keyword(let name): return Keywords.intern(name)
    case .string(let text): return heap.makeString(text).word
    case .tuple(let members):
      let words = try values(members, heap, prelude)
      return words.isEmpty ? .emptyTuple : Tuples.make(heap, count: words.count) { words[$0] }
    case .list(let members):
      let words = try values(members, heap, prelude)
      return words.isEmpty ? .emptyList : Lists.make(heap, count: words.count) { words[$0] }
    case .set(let members):
      let words = try values(members, heap, prelude)
      return Sets.make(heap, count: words.count, &work) { words[$0] }
    case .dict(let pairs):
      let keys = try values(pairs.map(\.key), heap, prelude)
      let words = try values(pairs.map(\.value), heap, prelude)
      return Dicts.make(heap, count: keys.count, &work, key: { keys[$0] }, value: { words[$0] })
    case .struct(let pairs):
      let keys = try values(pairs.map(\.key), heap, prelude)
      let words = try values(pairs.map(\.value), heap, prelude)
      // In ascending order already, so that sorting them by insertion is linear.
      let order = keys.indices.sorted { (Keywords.compare(keys[$0], keys[$1]), $0) < (0, $1) }
      return Structs.make(
        heap, count: keys.count, &work, key: { keys[order[$0]] }, value: { words[order[$0]] })
    case .function(let index): return Word(.function, UInt64(functions[index]) >> 3)
    case .prelude(let name):
      guard let prelude, let slot = prelude.globals[name] else {
        throw LoadError(description: "\(image.name): the Prelude has no name \(name); compile it again")
      }
      return SlowPaths.global(UInt64(slot))
    }
  }

  private func values(
    _ constants: [Constant], _ heap: Heap, _ prelude: LoadedModule?
  ) throws(LoadError) -> [Word] {
    var words: [Word] = []
    words.reserveCapacity(constants.count)
    for constant in constants { words.append(try value(constant, heap, prelude)) }
    return words
  }

  private static func string(_ text: String) -> Word {
    let scratch = Heap.standalone()
    defer { scratch.discard() }
    return ImmortalArea.publish(scratch.makeString(text).word)
  }

  private static func strings(_ texts: [String]) -> Word {
    if texts.isEmpty { return .emptyList }
    let scratch = Heap.standalone()
    defer { scratch.discard() }
    return ImmortalArea.publish(
      Lists.make(scratch, count: texts.count) { scratch.makeString(texts[$0]).word })
  }

  // MARK: Slow calls

  /// The code of the Prelude procedures behind `SlowCall`, by raw value.
  private static let slowCodes: SlowCodes = SlowCodes()

  @safe private struct SlowCodes: @unchecked Sendable {
    // Written once, before the first process runs; read by all schedulers.
    let codes: UnsafeMutablePointer<UInt>
    init() {
      unsafe codes = .allocate(capacity: SlowCall.allCases.count)
      unsafe codes.initialize(repeating: 0, count: SlowCall.allCases.count)
    }
  }

  /// Remembers where the Prelude has what instructions fall back on.
  static func bindSlowCalls(_ prelude: LoadedModule) throws(LoadError) {
    for call in SlowCall.allCases {
      let (name, arity) = call.name
      guard let index = prelude.function(named: name) else {
        throw LoadError(description: "the Prelude has no function \(name)")
      }
      let code = FunctionInfo(index: UInt64(prelude.functions[index]) >> 3).code(arity: arity)
      guard code != 0 else {
        throw LoadError(description: "the Prelude's \(name) does not take \(arity) arguments")
      }
      unsafe slowCodes.codes[call.rawValue] = code
    }
  }

  static func slowCode(_ call: SlowCall) -> UnsafePointer<UInt64> {
    unsafe UnsafePointer(bitPattern: slowCodes.codes[call.rawValue]).unsafelyUnwrapped
  }
}

extension LoadedModule {
  /// The index of the function that a toplevel name was bound to when the module was loaded.
  func function(named name: String) -> Int? { image.globals.first { $0.name == name }?.function }

  /// The function that runs the module's toplevel.
  var entryFunction: Word {
    Word(.function, UInt64(functions[image.procedures[image.entry].function]) >> 3)
  }
}
