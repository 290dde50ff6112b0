import Bytecode
import Memory
import Platform
import Words

/// Whole files, a block a step.
enum FileNatives {
  /// `(:ok, text)`, or `(:err, message)`.
  static func read(_ call: NativeCall) -> Word {
    guard let path = call.string(0) else { return call.misused(.readFile) }
    if call.process.work != nil { return call.process.sliced { nil } }
    if path.byteCount > longestPath { return tooLong(call, path) }
    call.charge(16)
    do {
      let file = try FileStream(reading: path.string)
      return call.process.sliced { FileReading(file) }
    } catch {
      return Results.error(call.heap, "\(error.path): \(error.reason)")
    }
  }

  /// `(:ok, path)`, or `(:err, message)`.
  static func write(_ call: NativeCall) -> Word {
    guard let path = call.string(0), let text = call.string(1) else { return call.misused(.writeFile) }
    if call.process.work != nil { return call.process.sliced { nil } }
    if path.byteCount > longestPath { return tooLong(call, path) }
    call.charge(16)
    do {
      let file = try FileStream(writing: path.string)
      return call.process.sliced { FileWriting(file, path, text) }
    } catch {
      return Results.error(call.heap, "\(error.path): \(error.reason)")
    }
  }

  /// The system takes no longer ones (PATH_MAX).
  private static let longestPath = 4096

  /// The answer to a path of any length that is too long, in bounded time.
  private static func tooLong(_ call: NativeCall, _ path: StringView) -> Word {
    Results.error(call.heap, "\(Show.plain(path)): file name too long")
  }

  /// Bytes read or written between two looks at the budget.
  fileprivate static var block: Int { 1 << 14 }
}

private final class FileReading: SlicedWork {
  private let file: FileStream
  private var buffer = TextBuffer()
  private var scalars = ScalarBlocks()
  private var end: TextBufferEnd?

  init(_ file: FileStream) { self.file = file }

  override var held: [Word] { end?.held ?? [] }

  override func step(_ process: Process, _ work: inout Int) -> Word? {
    do {
      while end == nil {
        if work >= SlicedWork.stepWork { return nil }
        let bytes = try file.read(FileNatives.block)
        work += 64 + bytes.count >> 4
        if let failure = take(bytes) { return Results.error(process.heap, "\(file.path): \(failure)") }
        guard process.heap.hasRoom(words: buffer.count / 8) else { return .nil }
        if bytes.isEmpty {
          end = buffer.finish(process.heap)
          if end == nil { return .nil }
        }
      }
      return end?.step(process.heap, SlicedWork.stepWork, &work).map { Results.ok(process.heap, $0) }
    } catch {
      return Results.error(process.heap, "\(file.path): \(error.reason)")
    }
  }

  /// Adds a block; none ends the text. Returns what is wrong, if something is.
  private func take(_ bytes: [UInt8]) -> String? {
    let block = scalars.take(bytes, isLast: bytes.isEmpty)
    if buffer.count + block.count > Files.limit { return "it is larger than \(Files.limit >> 20) MB" }
    guard String(validating: block, as: UTF8.self) != nil else { return "not UTF-8 text" }
    buffer.append(block)
    return nil
  }
}

private final class FileWriting: SlicedWork {
  private let file: FileStream
  private let path: StringView
  private let text: StringView
  private var position = 0

  init(_ file: FileStream, _ path: StringView, _ text: StringView) {
    self.file = file
    self.path = path
    self.text = text
  }

  override func step(_ process: Process, _ work: inout Int) -> Word? {
    while position < text.byteCount {
      if work >= SlicedWork.stepWork { return nil }
      let end = min(position + FileNatives.block, text.byteCount)
      var block: [UInt8] = []
      text.append(position..<end, to: &block)
      do {
        try file.write(block)
      } catch {
        return Results.error(process.heap, "\(file.path): \(error.reason)")
      }
      work += 64 + (end - position) >> 4
      position = end
    }
    return Results.ok(process.heap, path.word)
  }
}
