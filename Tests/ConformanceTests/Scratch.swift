import Foundation

/// A folder for one test, removed afterwards.
struct Scratch {
  let folder: URL

  init() throws {
    folder = FileManager.default.temporaryDirectory.appending(path: "ludi-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  func remove() { try? FileManager.default.removeItem(at: folder) }

  func contents(_ name: String) throws -> Data { try Data(contentsOf: folder.appending(path: name)) }

  @discardableResult
  func write(_ data: Data, to name: String) throws -> URL {
    let file = folder.appending(path: name)
    try data.write(to: file)
    return file
  }
}
