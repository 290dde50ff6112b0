import Platform

/// Why a benchmark, or all of them, cannot run.
struct BenchFailure: Error {
  let message: String
  var status = ExitStatus.failure
}

/// Where the benchmarks lie: the source tree that the command was built in, or in which it is called.
struct BenchRoom: Sendable {
  /// The source tree.
  let root: String

  private var programs: String { root + "/Stress/Bench/ludus" }
  /// The same benchmarks in other languages, a folder each.
  var peers: String { root + "/Stress/Peers" }
  /// What is made here outlives the command.
  var scratch: String { root + "/.build/bench" }

  static func find() throws(BenchFailure) -> BenchRoom {
    for place in [Folders.program.map(Folders.parent), Folders.resolved(".")] {
      var folder = place ?? "/"
      while folder != "/" {
        let room = BenchRoom(root: folder)
        if Folders.exists(room.programs) { return room }
        folder = Folders.parent(of: folder)
      }
    }
    throw BenchFailure(
      message: "no benchmarks here: they lie in Ludi's source tree (Stress/Bench); call ludi in there",
      status: .noInput)
  }

  /// All benchmarks, by name.
  func allPrograms() throws(BenchFailure) -> [BenchProgram] {
    try sources(in: programs).map { file throws(BenchFailure) in
      guard let program = BenchProgram(name: file.name, source: file.text) else {
        throw BenchFailure(
          message: "\(programs)/\(file.name).ld has no line `let […] = sizes ([…], […])`", status: .badProgram
        )
      }
      return program
    }
  }

  /// What stands before each of them. (`import` will do this when there is one.)
  func sharedSource() throws(BenchFailure) -> String {
    try sources(in: programs + "/shared").map(\.text).joined(separator: "\n")
  }

  private func sources(in folder: String) throws(BenchFailure) -> [(name: String, text: String)] {
    do {
      return try Folders.names(in: folder).filter { $0.hasSuffix(".ld") }.map { file throws(FileError) in
        let text = String(decoding: try Files.read("\(folder)/\(file)"), as: UTF8.self)
        return (Program.stem(of: file), text)
      }
    } catch {
      throw BenchFailure(message: "cannot read \(error.path): \(error.reason)", status: .noInput)
    }
  }
}
