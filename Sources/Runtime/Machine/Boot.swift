import Bytecode

/// The code that every process starts in: it calls the function in register 0, and ends the process with the result.
enum Boot {
  /// Register 0, and one for the closure that a call writes behind its arguments.
  static let frameSize = 3

  private static let start: UInt = {
    let code = [
      Instruction(.call, a: 0, b: 0),
      Instruction(.callNative, a: 0, b: 1, c: Int(Native.finish.rawValue)),
      Instruction(.extend),
    ]
    let words = [0, UInt64(frameSize)] + code.map(\.bits)
    let isTranslated = Translation.stubs != nil
    guard
      let memory = unsafe isTranslated
        ? CodeArea.words(words.count) : UnsafeMutablePointer<UInt64>.allocate(capacity: words.count)
    else { fatalError("out of memory: there is no room for code") }
    unsafe memory.initialize(from: words, count: words.count)
    let start = UInt(bitPattern: memory) + UInt(CodeEntry.headerWords) * 8
    guard Translation.add([.init(start: start, code: code, frameSize: frameSize)]) else {
      fatalError("out of memory: there is no room for machine code")
    }
    return start
  }()

  static var code: UnsafePointer<UInt64> { unsafe UnsafePointer(bitPattern: start).unsafelyUnwrapped }

  /// Code that asks at once for what `request` says: a process is sent there that cannot go on.
  static var requesting: UnsafePointer<UInt64> { unsafe code + 2 }

  /// Whether an address lies in this code.
  static func contains(_ address: UInt) -> Bool { address >= start && address < start + 24 }
}
