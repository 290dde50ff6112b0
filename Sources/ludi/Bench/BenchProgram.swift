/// A benchmark written in Ludus. Its file tells what there is to know about it: comments first, then the line
/// `let [names] = sizes ([usual], [quick])`.
struct BenchProgram: Sendable {
  struct Size: Sendable {
    let name: String
    let usual: Int
    /// Small enough for a debug build; for the check value only.
    let quick: Int
  }

  let name: String
  let summary: String
  let sizes: [Size]
  let source: String

  /// Nil: no line of the file tells its sizes.
  init?(name: String, source: String) {
    let lines = source.split(separator: "\n")
    let comments = lines.prefix { $0.hasPrefix("& ") }.map { $0.dropFirst(2) }
    guard let line = lines.first(where: { $0.hasPrefix("let [") && $0.contains("] = sizes ([") }) else {
      return nil
    }
    let lists = line.split(separator: "[").dropFirst().map { part in
      part.prefix { $0 != "]" }.split(separator: ",").map {
        $0.filter { $0 != " " && $0 != "_" || $0.isLetter }
      }
    }
    guard lists.count == 3, lists.allSatisfy({ $0.count == lists[0].count }) else { return nil }
    var sizes: [Size] = []
    for (index, name) in lists[0].enumerated() {
      guard let usual = Int(lists[1][index]), let quick = Int(lists[2][index]) else { return nil }
      sizes.append(Size(name: name, usual: usual, quick: quick))
    }
    self.name = name
    summary = comments.joined(separator: " ")
    self.sizes = sizes
    self.source = source
  }

  /// Its sizes as a user writes and reads them: `processes=100,hops=1000000`.
  var synopsis: String { sizes.map { "\($0.name)=\($0.usual)" }.joined(separator: ",") }
}

/// A benchmark with the sizes that it is to run at.
struct BenchTask: Sendable {
  let program: BenchProgram
  let sizes: [Int]

  /// Its name, with the sizes if these are not the usual ones.
  var label: String {
    let usual = program.sizes.map(\.usual)
    return sizes == usual ? program.name : program.name + ":" + sizes.map(String.init).joined(separator: ",")
  }
}
