import Platform

/// Which benchmarks to run, at which sizes.
struct BenchSelection {
  let programs: [BenchProgram]
  let isQuick: Bool

  /// The tasks that a command line names, `name[:size,size…]` each; all benchmarks if it names none.
  func tasks(for words: [String]) throws(UsageError) -> [BenchTask] {
    if words.isEmpty { return programs.map { BenchTask(program: $0, sizes: sizes(of: $0)) } }
    return try words.map { word throws(UsageError) in try task(for: word) }
  }

  private func sizes(of program: BenchProgram) -> [Int] {
    program.sizes.map { isQuick ? $0.quick : $0.usual }
  }

  private func task(for word: String) throws(UsageError) -> BenchTask {
    let parts = word.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    guard let program = programs.first(where: { $0.name == parts[0] }) else {
      throw UsageError("no benchmark \(parts[0]); there are \(programs.map(\.name).joined(separator: " "))")
    }
    var sizes = sizes(of: program)
    guard parts.count == 2 else { return BenchTask(program: program, sizes: sizes) }
    let given = parts[1].split(separator: ",", omittingEmptySubsequences: false).map { Int($0) }
    guard given.count <= sizes.count, given.allSatisfy({ $0.map { 1...1_000_000_000 ~= $0 } ?? false }) else {
      throw UsageError(
        "\(program.name) takes whole numbers from 1 on, at most these: \(program.synopsis); not \(parts[1])")
    }
    for (index, size) in given.enumerated() { sizes[index] = size ?? sizes[index] }
    return BenchTask(program: program, sizes: sizes)
  }
}
