/// Stands in for the machine and the processes until they land: delete this file then.
import Memory
import Words
final class Process { var random: UInt64 = 0 }
struct NativeCall {
  let args: [Word]
  let heap: Heap
  let process: Process
  var count: Int { args.count }
  subscript(i: Int) -> Word { args[i] }
  func charge(_ reductions: Int) {}
  func panic(_ message: String) -> Word { print(message); return .request }
}
struct FunctionInfo {
  init(_ w: Word) {}
  var name: StringView { FunctionTable.name(0) }
  var clauses: Word { .emptyList }
  var doc: Word { .nil }
  func accepts(arity: Int) -> Bool { true }
}
enum ProcessNatives {
  static func apply(_ call: NativeCall) -> Word { .nil }
  static func panic(_ call: NativeCall) -> Word { .nil }
  static func finish(_ call: NativeCall) -> Word { .nil }
  static func selfPid(_ call: NativeCall) -> Word { .nil }
  static func spawn(_ call: NativeCall) -> Word { .nil }
  static func send(_ call: NativeCall) -> Word { .nil }
  static func flush(_ call: NativeCall) -> Word { .nil }
  static func token(_ call: NativeCall) -> Word { .nil }
  static func isAlive(_ call: NativeCall) -> Word { .nil }
  static func yieldSlice(_ call: NativeCall) -> Word { .nil }
  static func exitSelf(_ call: NativeCall) -> Word { .nil }
  static func exitOther(_ call: NativeCall) -> Word { .nil }
  static func awaitBegin(_ call: NativeCall) -> Word { .nil }
  static func awaitCancel(_ call: NativeCall) -> Word { .nil }
  static func callBegin(_ call: NativeCall) -> Word { .nil }
  static func callEnd(_ call: NativeCall) -> Word { .nil }
  static func reply(_ call: NativeCall) -> Word { .nil }
}
