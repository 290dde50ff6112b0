import Memory
import Words

/// What a function value refers to, in memory that never moves or goes: the address / 8 of this record is the value of
/// a `.function` immediate and raw word 0 of a closure.
///
///     word 0…7  code for 0…7 arguments (0: none)     8  variadic code (0: none)      9  fewest arguments of that
///          10   captured values                     11  name   12  file (strings)   13  line << 32 | column
///          14   clause texts (a list of strings)    15  docstring or nil            16  further entries: address
///          17   how many further entries            18  ordinal in the order of loading
@safe struct FunctionInfo {
  static let words = 19

  let record: UnsafeMutablePointer<UInt64>

  /// The record behind a function's index (the value of the immediate, or a closure's raw word).
  @inline(__always) init(index: UInt64) {
    // SAFETY: indices come from the loader alone; verified code cannot make one.
    unsafe record = UnsafeMutablePointer(bitPattern: UInt(index << 3)).unsafelyUnwrapped
  }

  /// The function of a value; nil if the value is neither a function nor a closure.
  init?(_ word: Word) {
    if word.isImmediate(.function) {
      self.init(index: word.immediateValue)
    } else if word.isObject(.closure) {
      self.init(index: HeapObject(word).raw(0))
    } else {
      return nil
    }
  }

  var index: UInt64 { unsafe UInt64(UInt(bitPattern: record)) >> 3 }
  var name: StringView { unsafe StringView(Word(bits: record[11])) }
  var file: StringView { unsafe StringView(Word(bits: record[12])) }
  var line: Int { unsafe Int(record[13] >> 32) }
  var column: Int { unsafe Int(record[13] & 0xFFFF_FFFF) }
  /// The patterns of its clauses: a list of strings.
  var clauses: Word { unsafe Word(bits: record[14]) }
  /// A string or nil.
  var doc: Word { unsafe Word(bits: record[15]) }
  /// A number that depends on the order of loading alone: the order and the hash of functions.
  var ordinal: Int { unsafe Int(record[18]) }

  /// The code for `count` arguments given one by one; 0: none.
  func code(arity: Int) -> UInt {
    if arity < 8 { return unsafe UInt(record[arity]) }
    let more = unsafe UnsafePointer<UInt64>(bitPattern: UInt(record[16]))
    for i in 0..<(unsafe Int(record[17])) where unsafe more.unsafelyUnwrapped[i * 2] == UInt64(arity) {
      return unsafe UInt(more.unsafelyUnwrapped[i * 2 + 1])
    }
    return 0
  }

  /// The code that takes a list of `count` arguments; 0: none.
  func variadicCode(count: Int) -> UInt {
    unsafe record[8] != 0 && count >= Int(record[9]) ? UInt(record[8]) : 0
  }

  /// Whether some clause takes so many arguments.
  func accepts(arity: Int) -> Bool { code(arity: arity) != 0 || variadicCode(count: arity) != 0 }
}

/// What rooms without pointers may ask about functions.
enum FunctionTable {
  /// The name of the function with this index.
  static func name(_ index: Int) -> StringView { FunctionInfo(index: UInt64(index)).name }

  /// The place of the function with this index in an order that is the same in every run of the same program.
  static func ordinal(_ index: Int) -> Int { FunctionInfo(index: UInt64(index)).ordinal }
}
