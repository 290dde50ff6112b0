/// The module file, `.lbc`: a `CodeImage` in bytes.
///
///     0   7F 4C 42 43      magic
///     4   version          32 bits
///     8   length           32 bits: bytes behind the header
///     12  vocabulary       32 bits: of the instructions and natives that it was compiled for
///     16  checksum         64 bits: of the bytes behind the header
///     24  sections         each: tag (4 letters), length (32 bits), contents
///
/// Fixed-width numbers are little-endian; *numbers* in sections are LEB128 of 64 bits.
/// Every section is there once, in the order of `Section`.
public enum ModuleFile {
  static let magic: [UInt8] = [0x7F, 0x4C, 0x42, 0x43]

  /// The format that this build writes, and the only one that it reads: the Prelude travels with the VM and
  /// scripts are compiled again in no time, so there is nothing to gain from reading old ones.
  public static let version = 5

  static let headerSize = 24

  /// No module of ours comes near it; it bounds what a reader does for a file that somebody else made.
  public static let sizeLimit = 1 << 28

  /// A sum over the names of all instructions and natives in their order, since code holds their numbers: a file of
  /// another build means the same only if they are numbered alike.
  static let vocabulary: UInt32 = {
    var sum: UInt32 = 0x811C_9DC5
    for name in Opcode.allCases.map(\.name) + Native.allCases.map({ "\($0.name)/\($0.arity)" }) {
      for byte in name.utf8 { sum = (sum ^ UInt32(byte)) &* 0x0100_0193 }
      sum = (sum ^ 0x100) &* 0x0100_0193
    }
    return sum
  }()

  enum Section: String, CaseIterable {
    /// All strings, which the others refer to by index.
    case text = "TEXT"
    /// Name of the module, entry procedure.
    case module = "MODU"
    case files = "FILE"
    case constants = "CONS"
    case functions = "FUNC"
    case globals = "GLOB"
    case imports = "IMPO"
    /// Everything about procedures but their instructions.
    case procedures = "PROC"
    /// The instructions of all procedures, one behind the other, 8 bytes each.
    case code = "CODE"
  }

  enum ConstantTag: UInt8 {
    case `nil`, `false`, `true`, number, keyword, string, tuple, list, set, dict, `struct`, function, prelude
  }

  enum ProcedureFlag {
    static let variadic = 1
    static let needsClosure = 2
  }

  /// Differs for any two files that differ in one 8-byte word only: each step is a bijection of the sum so far.
  static func checksum(_ bytes: [UInt8], from start: Int) -> UInt64 {
    var sum = UInt64(bytes.count)
    var offset = start
    while offset < bytes.count {
      var word: UInt64 = 0
      if offset + 8 <= bytes.count {
        word = bytes.word(at: offset)
      } else {
        for byte in bytes[offset...].reversed() { word = word << 8 | UInt64(byte) }
      }
      sum = (sum ^ word) &* 0x9E37_79B9_7F4A_7C15
      sum ^= sum >> 32
      offset += 8
    }
    return sum
  }
}

extension Array<UInt8> {
  /// The little-endian word at an offset.
  @inline(__always) func word(at offset: Int) -> UInt64 {
    let low =
      UInt64(self[offset]) | UInt64(self[offset + 1]) << 8 | UInt64(self[offset + 2]) << 16
      | UInt64(self[offset + 3]) << 24
    let high =
      UInt64(self[offset + 4]) | UInt64(self[offset + 5]) << 8 | UInt64(self[offset + 6]) << 16
      | UInt64(self[offset + 7]) << 24
    return low | high << 32
  }

  func half(at offset: Int) -> Int {
    Int(self[offset]) | Int(self[offset + 1]) << 8 | Int(self[offset + 2]) << 16 | Int(self[offset + 3]) << 24
  }
}
