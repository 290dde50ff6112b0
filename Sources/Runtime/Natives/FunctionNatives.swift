import Bytecode
import Memory
import Words

/// What is known of functions. (`apply` belongs to the machine.)
enum FunctionNatives {
  /// `(f, n)`: whether some clause takes n arguments.
  static func takes(_ call: NativeCall) -> Word {
    guard let n = call.index(1) else { return call.misused(.takes) }
    if call[0].isObject(.partial) { return Word(n == 1) }
    guard let function = FunctionInfo(call[0]) else { return call.misused(.takes) }
    return Word(function.accepts(arity: n))
  }

  /// What `doc!` prints: `fn name`, a line with two blanks for each clause's patterns, and the docstring.
  static func documentation(_ call: NativeCall) -> Word {
    if call[0].isObject(.partial) { return call.heap.makeString("fn anonymous").word }
    guard let info = FunctionInfo(call[0]) else { return call.misused(.documentation) }
    var lines = ["fn \(info.name.string)"]
    var cursor = MemberCursor(ordered: info.clauses)
    while cursor.remaining > 0 { lines.append("  \(StringView(cursor.next()).string)") }
    if info.doc != .nil { lines.append(StringView(info.doc).string) }
    return call.heap.makeString(lines.joined(separator: "\n")).word
  }
}
