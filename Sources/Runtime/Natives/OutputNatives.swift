import Bytecode
import CLinux
import Memory
import Platform
import Words

/// Output, input, the program's surroundings, and clocks.
enum OutputNatives {
  private static let okKeyword = Keywords.intern("ok")

  // These write a string, and a newline behind it if that is said: `:ok`, or false while there is too much to write.

  static func write(_ call: NativeCall) -> Word { written(call, .write, Output.queue, newline: false) }
  static func writeLine(_ call: NativeCall) -> Word { written(call, .writeLine, Output.queue, newline: true) }

  /// A line on standard error, behind what was written to standard output before.
  static func writeError(_ call: NativeCall) -> Word {
    Output.queue.settle()
    return written(call, .writeError, Output.errors, newline: true)
  }

  private static func written(_ call: NativeCall, _ native: Native, _ queue: OutputQueue, newline: Bool)
    -> Word
  {
    guard let text = call.string(0) else { return call.misused(native) }
    if text.byteCount <= OutputQueue.pieceBytes {
      call.charge(2 + text.byteCount >> 9)
      return queue.write(text, newline: newline) ? okKeyword : .false
    }
    if call.process.work == nil && queue.isCrowded { return .false }
    return call.process.sliced { TextOutput(queue, text, newline: newline, result: okKeyword) }
  }

  private static let waitKeyword = Keywords.intern("wait")
  private static let moreKeyword = Keywords.intern("more")

  /// The next line of standard input; nil at its end; `:wait` while there is none, `:more` while it is only half read.
  static func readLine(_ call: NativeCall) -> Word {
    if call.process.work != nil { return call.process.sliced { nil } }
    Output.queue.settle()
    call.charge(100)
    switch Input.readLine() {
    case .end: return .nil
    case .notYet: return waitKeyword
    case .more: return moreKeyword
    case .line(let pieces): return call.process.begun { LineReading(pieces) }
    }
  }

  // MARK: Surroundings

  static func arguments(_ call: NativeCall) -> Word {
    let texts = ProgramArguments.all
    return Lists.make(call.heap, count: texts.count) { call.heap.makeString(texts[$0]).word }
  }

  static func environment(_ call: NativeCall) -> Word {
    guard let name = call.string(0) else { return call.misused(.environment) }
    // No variable is so long (Linux's MAX_ARG_STRLEN).
    guard name.byteCount < 1 << 17, let value = Environment.value(of: name.string) else { return .nil }
    return call.heap.makeString(value).word
  }

  // MARK: Time

  /// Whole milliseconds since the beginning of 1970.
  static func now(_ call: NativeCall) -> Word { Word(Int(Clock.milliseconds())) }

  /// Milliseconds of a clock that never goes backwards.
  static func monotonic(_ call: NativeCall) -> Word {
    Word(Double(Clock.now()) / 1_000_000)
  }
}
