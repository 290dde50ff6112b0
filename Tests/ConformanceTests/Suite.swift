import Foundation

/// A set of programs with expectations, and how it is run: two programs at a time, each in a copy of its folder.
struct Suite {
  let programs: [Expectation]
  /// Area → folder.
  let folders: [String: URL]

  /// Every program of some folders; the folder's name is the area's.
  init(folders: [URL], without excluded: Set<String> = []) throws {
    var programs: [Expectation] = []
    for folder in folders {
      let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
        .filter { $0.hasSuffix(".ld") }.map { String($0.dropLast(3)) }.sorted()
      let area = folder.lastPathComponent
      programs += names.map { Expectation(area: area, name: $0, in: folder) }
    }
    self.programs = programs.filter { !excluded.contains($0.name) }
    self.folders = Dictionary(uniqueKeysWithValues: folders.map { ($0.lastPathComponent, $0) })
  }

  /// Some programs of another suite.
  init(_ suite: Suite, only names: Set<String>) {
    programs = suite.programs.filter { names.contains($0.name) }
    folders = suite.folders
  }

  /// Program → what is wrong, for those that fail.
  func failures(options: [String], environment: [String: String] = [:]) throws -> [String: [String]] {
    let scratch = try Scratch()
    defer { scratch.remove() }
    for (area, folder) in folders {
      try FileManager.default.copyItem(at: folder, to: scratch.folder.appending(path: area))
    }
    let results = Results()
    let next = Counter()
    let programs = programs
    DispatchQueue.concurrentPerform(iterations: 2) { _ in
      while let program = next.take(from: programs) {
        let folder = scratch.folder.appending(path: program.name.prefix { $0 != "/" })
        do {
          let run = try Command.run(
            program.commandLine(options: options), in: folder, input: program.input, environment: environment)
          results.add(program.complaints(about: run), for: program.name)
        } catch {
          results.add(["could not be run: \(error)"], for: program.name)
        }
      }
    }
    return results.all
  }
}

/// Hands out the programs one by one. `@unchecked Sendable`: the lock guards `place`.
private final class Counter: @unchecked Sendable {
  private let lock = NSLock()
  private var place = 0

  func take(from programs: [Expectation]) -> Expectation? {
    lock.withLock {
      guard place < programs.count else { return nil }
      defer { place += 1 }
      return programs[place]
    }
  }
}

/// `@unchecked Sendable`: the lock guards `all`.
private final class Results: @unchecked Sendable {
  private let lock = NSLock()
  private(set) var all: [String: [String]] = [:]

  func add(_ complaints: [String], for name: String) {
    if !complaints.isEmpty { lock.withLock { all[name] = complaints } }
  }
}
