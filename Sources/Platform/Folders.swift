import Glibc

/// Folders, and where programs are.
public enum Folders {
  /// The names of what a folder holds, sorted, without `.` and `..`.
  public static func names(in path: String) throws(FileError) -> [String] {
    guard let folder = unsafe opendir(path) else { throw FileError(path: path, code: errno) }
    defer { unsafe closedir(folder) }
    var names: [String] = []
    while let entry = unsafe readdir(folder) {
      // SAFETY: the name ends with a 0 byte within the entry, which stays until the next `readdir`.
      let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) {
        unsafe $0.withMemoryRebound(to: CChar.self, capacity: 256) { unsafe String(cString: $0) }
      }
      if name != "." && name != ".." { names.append(name) }
    }
    return names.sorted()
  }

  /// Makes a folder, and those that it lies in, unless they are there.
  public static func make(_ path: String) throws(FileError) {
    if exists(path) { return }
    let parent = Folders.parent(of: path)
    if parent != path { try make(parent) }
    guard unsafe mkdir(path, 0o777) == 0 || errno == EEXIST else { throw FileError(path: path, code: errno) }
  }

  /// Whether there is a folder of that path.
  public static func exists(_ path: String) -> Bool {
    var facts = stat()
    return unsafe stat(path, &facts) == 0 && facts.st_mode & S_IFMT == S_IFDIR
  }

  /// The folder that a file or folder lies in; of `/` itself.
  public static func parent(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  /// The full path of the program that runs; nil if the system does not tell.
  public static var program: String? { resolved("/proc/self/exe") }

  /// A path without links and dots; nil if there is no such file.
  public static func resolved(_ path: String) -> String? {
    guard let real = unsafe realpath(path, nil) else { return nil }
    defer { unsafe free(real) }
    return unsafe String(cString: real)
  }

  /// Where a program of that name is on the path.
  public static func program(named name: String) -> String? {
    let path = Environment.value(of: "PATH") ?? "/usr/bin:/bin"
    return path.split(separator: ":").map { "\($0)/\(name)" }.first { unsafe access($0, X_OK) == 0 }
  }
}
