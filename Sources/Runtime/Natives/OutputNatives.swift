import Bytecode
import CLinux
import Memory
import Platform
import Words

/// Output, input, files, the program's surroundings, and clocks.
enum OutputNatives {
  private static let okKeyword = Keywords.intern("ok")

  static func write(_ call: NativeCall) -> Word { written(call, .write, newline: false) }
  static func writeLine(_ call: NativeCall) -> Word { written(call, .writeLine, newline: true) }

  private static func written(_ call: NativeCall, _ native: Native, newline: Bool) -> Word {
    guard let text = call.string(0) else { return call.misused(native) }
    call.charge(2 + text.byteCount >> 9)
    Output.write(text, newline: newline)
    return okKeyword
  }

  /// A line on standard error, behind what was written to standard output before.
  static func writeError(_ call: NativeCall) -> Word {
    guard let text = call.string(0) else { return call.misused(.writeError) }
    Output.flush()
    Terminal.complain(text.string)
    return okKeyword
  }

  private static let waitKeyword = Keywords.intern("wait")

  /// The next line of standard input; nil at its end; `:wait` while there is none. Text that is not UTF-8 is repaired.
  static func readLine(_ call: NativeCall) -> Word {
    Output.flush()
    switch Input.readLine() {
    case .end: return .nil
    case .notYet: return waitKeyword
    case .line(let line):
      guard call.heap.hasRoom(words: line.count / 2) else { return .nil }
      return call.heap.makeString(String(decoding: line, as: UTF8.self)).word
    }
  }

  // MARK: Files

  static func readFile(_ call: NativeCall) -> Word {
    guard let path = call.string(0)?.string else { return call.misused(.readFile) }
    do {
      let bytes = try Files.read(path)
      guard call.heap.hasRoom(words: bytes.count / 8) else { return .nil }
      call.charge(16 + bytes.count / 64)
      guard let text = String(validating: bytes, as: UTF8.self) else {
        return Results.error(call, "\(path): not UTF-8 text")
      }
      return Results.ok(call, call.heap.makeString(text).word)
    } catch {
      return Results.error(call, "\(error.path): \(error.reason)")
    }
  }

  static func writeFile(_ call: NativeCall) -> Word {
    guard let path = call.string(0), let text = call.string(1) else { return call.misused(.writeFile) }
    call.charge(16 + text.byteCount / 64)
    do {
      try Files.write(text.array, to: path.string)
      return Results.ok(call, path.word)
    } catch {
      return Results.error(call, "\(error.path): \(error.reason)")
    }
  }

  // MARK: Surroundings

  static func arguments(_ call: NativeCall) -> Word {
    let texts = ProgramArguments.all
    return Lists.make(call.heap, count: texts.count) { call.heap.makeString(texts[$0]).word }
  }

  static func environment(_ call: NativeCall) -> Word {
    guard let name = call.string(0) else { return call.misused(.environment) }
    guard let value = Environment.value(of: name.string) else { return .nil }
    return call.heap.makeString(value).word
  }

  // MARK: Time

  /// Whole milliseconds since the beginning of 1970.
  static func now(_ call: NativeCall) -> Word { Word(Int(Environment.milliseconds)) }

  /// Milliseconds of a clock that never goes backwards.
  static func monotonic(_ call: NativeCall) -> Word {
    Word(Double(ludi_monotonic_nanoseconds()) / 1_000_000)
  }
}
