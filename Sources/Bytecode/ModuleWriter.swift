extension ModuleFile {
  /// The file of a module.
  public static func bytes(of image: CodeImage) -> [UInt8] {
    var writer = ModuleWriter()
    let sections = writer.sections(of: image)
    var body = ByteSink()
    for (section, contents) in sections {
      body.append(Array(section.rawValue.utf8))
      body.fixed(UInt64(contents.count), bytes: 4)
      body.append(contents)
    }
    var file = ByteSink()
    file.append(magic)
    file.fixed(UInt64(version), bytes: 4)
    file.fixed(UInt64(body.bytes.count), bytes: 4)
    file.fixed(UInt64(vocabulary), bytes: 4)
    file.fixed(
      checksum(file.bytes + [UInt8](repeating: 0, count: 8) + body.bytes, from: headerSize), bytes: 8)
    file.append(body.bytes)
    return file.bytes
  }
}

/// Writes the sections; collects the strings on the way.
private struct ModuleWriter {
  /// Keyed by bytes: Swift's strings are equal when they only look the same.
  private var indices: [[UInt8]: Int] = [:]
  private var texts = ByteSink()

  mutating func sections(of image: CodeImage) -> [(ModuleFile.Section, [UInt8])] {
    let others = ModuleFile.Section.allCases.dropFirst().map { ($0, contents(of: $0, image)) }
    var table = ByteSink()
    table.number(indices.count)
    table.append(texts.bytes)
    return [(.text, table.bytes)] + others
  }

  private mutating func contents(of section: ModuleFile.Section, _ image: CodeImage) -> [UInt8] {
    var out = ByteSink()
    switch section {
    case .text: break
    case .module:
      out.number(index(image.name))
      out.number(image.entry)
    case .files: list(image.files, to: &out) { $1.number($0.index($2)) }
    case .constants: list(image.constants, to: &out) { $0.constant($2, to: &$1) }
    case .functions: list(image.functions, to: &out) { $0.function($2, to: &$1) }
    case .globals:
      list(image.globals, to: &out) {
        $1.number($0.index($2.name))
        $1.number(($2.function ?? -1) + 1)
      }
    case .imports:
      list(image.imports, to: &out) {
        $1.number($0.index($2.name))
        $1.number(($2.arity ?? -1) + 1)
      }
    case .procedures: list(image.procedures, to: &out) { $0.procedure($2, to: &$1) }
    case .code:
      for procedure in image.procedures {
        for instruction in procedure.code { out.fixed(instruction.bits, bytes: 8) }
      }
    }
    return out.bytes
  }

  private mutating func list<Element>(
    _ elements: [Element], to out: inout ByteSink,
    _ write: (inout ModuleWriter, inout ByteSink, Element) -> Void
  ) {
    out.number(elements.count)
    for element in elements { write(&self, &out, element) }
  }

  private mutating func index(_ text: String) -> Int {
    let bytes = Array(text.utf8)
    if let known = indices[bytes] { return known }
    indices[bytes] = indices.count
    texts.number(bytes.count)
    texts.append(bytes)
    return indices.count - 1
  }

  private mutating func constant(_ constant: Constant, to out: inout ByteSink) {
    switch constant {
    case .nil: out.byte(.nil)
    case .boolean(let value): out.byte(value ? .true : .false)
    case .number(let value):
      out.byte(.number)
      out.fixed(value.bitPattern, bytes: 8)
    case .keyword(let text): tagged(.keyword, index(text), to: &out)
    case .string(let text): tagged(.string, index(text), to: &out)
    case .tuple(let items): tagged(.tuple, items, to: &out)
    case .list(let items): tagged(.list, items, to: &out)
    case .set(let items): tagged(.set, items, to: &out)
    case .dict(let pairs): tagged(.dict, pairs, to: &out)
    case .struct(let pairs): tagged(.struct, pairs, to: &out)
    case .function(let function): tagged(.function, function, to: &out)
    case .prelude(let name): tagged(.prelude, index(name), to: &out)
    }
  }

  private func tagged(_ tag: ModuleFile.ConstantTag, _ number: Int, to out: inout ByteSink) {
    out.byte(tag)
    out.number(number)
  }

  private mutating func tagged(_ tag: ModuleFile.ConstantTag, _ items: [Constant], to out: inout ByteSink) {
    out.byte(tag)
    list(items, to: &out) { $0.constant($2, to: &$1) }
  }

  private mutating func tagged(_ tag: ModuleFile.ConstantTag, _ pairs: [ConstantPair], to out: inout ByteSink)
  {
    out.byte(tag)
    list(pairs, to: &out) {
      $0.constant($2.key, to: &$1)
      $0.constant($2.value, to: &$1)
    }
  }

  private mutating func function(_ function: Function, to out: inout ByteSink) {
    out.number(index(function.name))
    out.number(function.file)
    out.number(function.line)
    out.number(function.column)
    list(function.clauses, to: &out) { $1.number($0.index($2)) }
    out.number(function.doc.map { index($0) + 1 } ?? 0)
    out.number(function.captures)
    list(function.entries, to: &out) {
      $1.number($2.arity)
      $1.number($2.procedure)
    }
    out.number((function.variadic ?? -1) + 1)
    out.number(function.variadicMinimum)
  }

  /// Positions are written as differences: mostly one byte a number.
  private mutating func procedure(_ procedure: Procedure, to out: inout ByteSink) {
    out.number(procedure.function)
    out.number(procedure.arity)
    out.number(
      (procedure.isVariadic ? ModuleFile.ProcedureFlag.variadic : 0)
        | (procedure.needsClosure ? ModuleFile.ProcedureFlag.needsClosure : 0))
    out.number(procedure.frameSize)
    out.number(procedure.code.count)
    var last = CodePosition(start: 0, file: 0, line: 0, column: 0)
    list(procedure.positions, to: &out) {
      $1.number($2.start &- last.start)
      $1.number($2.file)
      $1.signed($2.line &- last.line)
      $1.number($2.column)
      last = $2
    }
  }
}

extension ByteSink {
  fileprivate mutating func byte(_ tag: ModuleFile.ConstantTag) { byte(tag.rawValue) }
}
