import Platform

/// Makes what the contestants run. Compiled programs of other languages are kept, and made again when a source
/// has changed.
struct BenchWorkshop {
  let room: BenchRoom

  private func folder(of contestant: BenchContestant) -> String { "\(room.scratch)/\(contestant)" }

  /// Compiles the benchmarks of a contestant.
  /// - Returns: the folder that they are in then
  func prepare(_ contestant: BenchContestant, for tasks: [BenchTask]) throws(BenchFailure) -> String {
    let folder = folder(of: contestant)
    do {
      try Folders.make(folder)
      switch contestant {
      case .ludi: try compile(tasks, into: folder)
      case .erlang:
        let sources = try files(in: "erlang", suffix: ".erl")
        try make("erlang", into: folder, with: ["erlc", "-o", folder] + sources)
      case .go: try make("go", into: folder, with: ["go", "build", "-o", folder + "/", "./..."])
      }
    } catch let failure as FileError {
      throw BenchFailure(message: "\(failure.path): \(failure.reason)", status: .noOutput)
    } catch let failure as BenchFailure {
      throw failure
    } catch {
      throw BenchFailure(message: "\(error)")
    }
    return folder
  }

  /// Ludus programs are compiled each time: that takes no time, and the compiler may have changed.
  private func compile(_ tasks: [BenchTask], into folder: String) throws {
    let shared = try room.sharedSource()
    let prelude = Toolchain.prelude()
    for program in tasks.map(\.program) {
      let bytes = Array((shared + "\n" + program.source).utf8)
      let result = BigStack.run { Toolchain.compile(bytes, file: program.name + ".ld", prelude: prelude) }
      guard let image = result.image else {
        throw BenchFailure(
          message: "\(program.name) does not compile (shared/*.ld stand before it):\n\(result.complaints)",
          status: .badProgram)
      }
      try Files.write(Toolchain.moduleBytes(of: image), to: "\(folder)/\(program.name).lbc")
    }
  }

  /// Runs a compiler in the folder of the sources, unless it has seen these very sources.
  private func make(_ language: String, into folder: String, with command: [String]) throws {
    let seen = folder + "/sources"
    let digest = try Self.digest(
      of: files(in: language, suffix: "").map { "\(room.peers)/\(language)/\($0)" })
    if let old = try? Files.read(seen), old == digest { return }
    var child = ChildProcess(command, limit: 600)
    child.folder = "\(room.peers)/\(language)"
    child.variables["GOFLAGS"] = "-mod=mod"
    guard try child.run().ending == .exited(0) else {
      throw BenchFailure(
        message: "the \(language) benchmarks do not compile: \(command.prefix(3).joined(separator: " ")) …")
    }
    try Files.write(digest, to: seen)
  }

  /// The files of a language and of the folders in there, as paths from its folder.
  private func files(in language: String, suffix: String) throws(FileError) -> [String] {
    let root = "\(room.peers)/\(language)"
    var result: [String] = []
    for name in try Folders.names(in: root) {
      if Folders.exists("\(root)/\(name)") {
        result += try Folders.names(in: "\(root)/\(name)").map { "\(name)/\($0)" }
      } else {
        result.append(name)
      }
    }
    return result.filter { $0.hasSuffix(suffix) }
  }

  /// A number that tells contents apart (FNV-1a), as text.
  private static func digest(of files: [String]) throws(FileError) -> [UInt8] {
    var sum: UInt64 = 0xCBF2_9CE4_8422_2325
    for file in files {
      for byte in try Array(file.utf8) + Files.read(file) { sum = (sum ^ UInt64(byte)) &* 0x100_0000_01B3 }
    }
    return Array("\(sum)\n".utf8)
  }
}
