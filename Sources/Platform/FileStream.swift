import Glibc

/// A file that is read or written block by block, and closed with its last reference.
public final class FileStream {
  public let path: String
  private let file: Int32

  /// Opens a file to be read.
  public init(reading path: String) throws(FileError) {
    self.path = path
    file = unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { throw FileError(path: path, code: errno) }
  }

  /// Makes a file, or empties one, to be written.
  public init(writing path: String) throws(FileError) {
    self.path = path
    file = unsafe open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
    guard file >= 0 else { throw FileError(path: path, code: errno) }
  }

  deinit { if file >= 0 { close(file) } }

  /// The next bytes, at most `count`; none at the end.
  public func read(_ count: Int) throws(FileError) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    while true {
      let got = unsafe Glibc.read(file, &bytes, count)
      if got >= 0 {
        bytes.removeLast(count - got)
        return bytes
      }
      if errno != EINTR { throw FileError(path: path, code: errno) }
    }
  }

  public func write(_ bytes: [UInt8]) throws(FileError) {
    guard Files.writeAll(bytes, to: file) else { throw FileError(path: path, code: errno) }
  }
}
