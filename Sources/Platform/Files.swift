import Glibc

/// Why a file could not be read or written, in words for a user.
public struct FileError: Error, Equatable {
  public let path: String
  /// What the system says, e.g. "no such file or directory".
  public let reason: String

  public init(path: String, reason: String) {
    self.path = path
    self.reason = reason
  }

  init(path: String, code: Int32) {
    let words = unsafe String(cString: strerror(code))
    // "No such file" → "no such file": the system's words in the middle of our sentence.
    self.init(path: path, reason: words.prefix(1).lowercased() + words.dropFirst())
  }
}

/// Whole files, through the system's calls: the command must start faster than Foundation loads.
public enum Files {
  /// No program is larger; a device that never ends must not take all memory.
  public static var limit: Int { 256 << 20 }

  /// The whole contents of a file that may not be there, as text.
  static func text(_ path: String) -> String? {
    (try? read(path)).map { String(decoding: $0, as: UTF8.self) }
  }

  /// The whole contents of a file; also of a pipe or device, read to its end. More than `limit` bytes fail.
  public static func read(_ path: String) throws(FileError) -> [UInt8] {
    let file = unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { throw FileError(path: path, code: errno) }
    defer { close(file) }
    var bytes: [UInt8] = []
    let expected = size(of: file)
    bytes.reserveCapacity(expected + 1)
    var chunk = [UInt8](repeating: 0, count: min(max(expected, 4096), 1 << 20))
    while true {
      let capacity = chunk.count
      let count = unsafe Glibc.read(file, &chunk, capacity)
      if count == 0 { return bytes }
      if count > 0 {
        guard bytes.count + count <= limit else {
          throw FileError(path: path, reason: "it is larger than \(limit >> 20) MB")
        }
        bytes.append(contentsOf: chunk[..<count])
      } else if errno != EINTR {
        throw FileError(path: path, code: errno)
      }
    }
  }

  /// Replaces a file's contents, or makes the file.
  public static func write(_ bytes: [UInt8], to path: String) throws(FileError) {
    let file = unsafe open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
    guard file >= 0 else { throw FileError(path: path, code: errno) }
    defer { close(file) }
    guard writeAll(bytes, to: file) else { throw FileError(path: path, code: errno) }
  }

  /// Replaces a file's contents in one step, or makes the file: whoever reads it, and whatever stops us, there is the old
  /// file or the new one. What is no ordinary file is written as it is.
  public static func replace(_ path: String, with bytes: [UInt8]) throws(FileError) {
    // Behind a link lies the file that is meant.
    let target = Folders.resolved(path) ?? path
    var facts = stat()
    let exists = unsafe stat(target, &facts) == 0
    if exists && facts.st_mode & S_IFMT != S_IFREG { return try write(bytes, to: path) }
    let new = temporary(target)
    do throws(FileError) {
      try write(bytes, to: new)
      if exists { _ = unsafe chmod(new, facts.st_mode & 0o7777) }
      guard unsafe rename(new, target) == 0 else { throw FileError(path: path, code: errno) }
    } catch {
      remove(new)
      throw FileError(path: path, reason: error.reason)
    }
  }

  /// Beside a file, so that it can take the file's place: always the same name, so that none is left over for long.
  private static func temporary(_ path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return ".\(path).new" }
    return "\(path[...slash]).\(path[path.index(after: slash)...]).new"
  }

  /// Why a file could not be replaced, in the system's words; nil: it can. Leaves nothing, and changes nothing.
  public static func reasonNotToReplace(_ path: String) -> String? {
    let target = Folders.resolved(path) ?? path
    var facts = stat()
    if unsafe stat(target, &facts) == 0, facts.st_mode & S_IFMT != S_IFREG { return reasonNotToWrite(path) }
    if unsafe access(target, F_OK) == 0, unsafe access(target, W_OK) != 0 {
      return FileError(path: path, code: errno).reason
    }
    let new = temporary(target)
    defer { remove(new) }
    return reasonNotToWrite(new)
  }

  /// Why a file could not be written, in the system's words; nil: it can. Changes nothing in a file that is there.
  public static func reasonNotToWrite(_ path: String) -> String? {
    let file = unsafe open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0o666)
    if file < 0 { return FileError(path: path, code: errno).reason }
    close(file)
    return nil
  }

  /// Takes a file away, if it is there.
  public static func remove(_ path: String) { _ = unsafe unlink(path) }

  /// Writes everything to a descriptor, however small the pieces that it takes; false: `errno` says why not.
  static func writeAll(_ bytes: [UInt8], to file: Int32) -> Bool {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = unsafe rest.withUnsafeBytes { unsafe Glibc.write(file, $0.baseAddress, $0.count) }
      if count >= 0 {
        rest = rest.dropFirst(count)
      } else if errno != EINTR {
        return false
      }
    }
    return true
  }

  /// What the system says about the size; 0 for what has none.
  private static func size(of file: Int32) -> Int {
    var facts = stat()
    guard unsafe fstat(file, &facts) == 0, facts.st_mode & S_IFMT == S_IFREG else { return 0 }
    return Int(facts.st_size)
  }
}
