import Bytecode
import Memory
import Words

/// A procedure's code in memory. In front of its first instruction stand two words:
///
///     code[-2]  address of the function's record
///     code[-1]  frame size:16 │ arity:16 │ flags:32   (1 needs its closure, 2 variadic)
///
/// Second words that index something in a `CodeImage` hold the thing itself here: a constant's word, a global's
/// address, the address of a procedure's code, a function's index.
@safe struct CodeEntry {
  let code: UnsafePointer<UInt64>

  @inline(__always) init(unsafe code: UnsafePointer<UInt64>) { unsafe self.code = code }
  @inline(__always) init(unsafe address: UInt) {
    unsafe code = UnsafePointer(bitPattern: address).unsafelyUnwrapped
  }

  @inline(__always) var header: UInt64 { unsafe code[-1] }
  @inline(__always) var frameSize: Int { Int(header & 0xFFFF) }
  @inline(__always) var arity: Int { Int(header >> 16 & 0xFFFF) }
  @inline(__always) var needsClosure: Bool { header >> 32 & 1 != 0 }
  @inline(__always) var isVariadic: Bool { header >> 32 & 2 != 0 }
  var function: FunctionInfo { unsafe FunctionInfo(index: code[-2] >> 3) }
  /// Registers that hold something when the procedure is entered.
  var liveRegisters: Int { arity + (needsClosure ? 1 : 0) }

  static let headerWords = 2

  static func header(_ procedure: Procedure) -> UInt64 {
    UInt64(procedure.frameSize) | UInt64(procedure.arity) << 16
      | UInt64(procedure.needsClosure ? 1 : 0) << 32 | UInt64(procedure.isVariadic ? 2 : 0) << 32
  }
}

/// A place in a source file, for panics and stacks.
struct SourcePlace: Sendable {
  var function: String
  var file: String
  var line: Int
  var column: Int

  /// `function (file:line:column)`
  var text: String { "\(function) (\(file):\(line):\(column))" }
}

/// A loaded module: what the addresses of its code mean. Immutable once made.
final class LoadedModule: Sendable {
  let image: CodeImage
  /// The address of each procedure's first instruction, ascending.
  let starts: [UInt]
  /// The address behind the last instruction.
  let end: UInt
  /// Exported names: what each global's slot is, by name.
  let globals: [String: UInt]
  /// Addresses of the functions' records.
  let functions: [UInt]

  init(image: CodeImage, starts: [UInt], end: UInt, globals: [String: UInt], functions: [UInt]) {
    self.image = image
    self.starts = starts
    self.end = end
    self.globals = globals
    self.functions = functions
  }

  /// The index of the procedure whose code holds this address.
  private func procedure(at address: UInt) -> Int? {
    guard let first = starts.first, address >= first, address < end else { return nil }
    var low = 0
    var high = starts.count
    while high - low > 1 {
      let middle = (low + high) / 2
      if starts[middle] <= address { low = middle } else { high = middle }
    }
    return low
  }

  /// The address of the first instruction of the procedure whose code holds this address.
  func start(of address: UInt) -> UInt? { procedure(at: address).map { starts[$0] } }

  /// The instructions of that procedure, as they were loaded.
  func code(of address: UInt) -> [Instruction]? { procedure(at: address).map { image.procedures[$0].code } }

  /// The place of the instruction at this address; nil if it is not this module's.
  func place(of address: UInt) -> SourcePlace? {
    guard let index = procedure(at: address) else { return nil }
    let procedure = image.procedures[index]
    let name = image.functions[procedure.function].name
    let offset = Int(address - starts[index]) / 8
    guard let position = procedure.positions.last(where: { $0.start <= offset }) ?? procedure.positions.first
    else { return SourcePlace(function: name, file: image.name, line: 0, column: 0) }
    let file = position.file < image.files.count ? image.files[position.file] : image.name
    return SourcePlace(function: name, file: file, line: position.line, column: position.column)
  }
}
