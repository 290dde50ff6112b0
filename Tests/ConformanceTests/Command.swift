import Foundation

/// The built `ludi`, and how the tests run it.
enum Command {
  struct Run: Sendable {
    var status: Int32
    /// Ended by a signal (`status` is its number) or by the time limit.
    var crashed = false
    var timedOut = false
    var output: Data
    var errors: Data

    var errorText: String { String(decoding: errors, as: UTF8.self) }
    var outputText: String { String(decoding: output, as: UTF8.self) }
  }

  /// The folder of the package.
  static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  /// `$LUDI`; or the release build, which is many times faster, unless a source is newer; or the debug build,
  /// which the tests bring with them.
  static let binary: URL = {
    if let given = ProcessInfo.processInfo.environment["LUDI"] { return URL(filePath: given) }
    let release = root.appending(path: ".build/release/ludi")
    let sources = root.appending(path: "Sources")
    if let built = modified(release), built > newest(below: sources) { return release }
    return Bundle.main.bundleURL.appending(path: "ludi")
  }()

  /// Runs `ludi` with these arguments in `folder`, and ends it after `limit` seconds.
  static func run(
    _ arguments: [String], in folder: URL, input: Data = Data(), environment: [String: String] = [:],
    limit: Double = 20
  ) throws -> Run {
    // Files rather than pipes: nothing has to read while the program runs.
    let scratch = try Scratch()
    defer { scratch.remove() }
    let child = try start(arguments, in: folder, input: input, environment: environment, scratch)
    var ending = child.wait(seconds: limit)
    let late = ending == nil
    if late {
      child.signal(SIGKILL)
      ending = child.wait(seconds: 60)
    }
    var run = Run(
      status: 0, timedOut: late, output: try scratch.contents("output"),
      errors: try scratch.contents("errors"))
    switch ending {
    case .exited(let status): run.status = status
    case .killed(let signal): (run.status, run.crashed) = (signal, true)
    case nil: run.crashed = true
    }
    return run
  }

  /// Starts `ludi` with files of `scratch` as its `input`, `output` and `errors`.
  static func start(
    _ arguments: [String], in folder: URL, input: Data = Data(), environment: [String: String] = [:],
    _ scratch: Scratch
  ) throws -> ChildProcess {
    let streams = (
      input: try scratch.write(input, to: "input"), output: try scratch.write(Data(), to: "output"),
      errors: try scratch.write(Data(), to: "errors")
    )
    let variables = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    return try ChildProcess(binary, arguments, in: folder, environment: variables, streams: streams)
  }

  private static func modified(_ file: URL) -> Date? {
    try? FileManager.default.attributesOfItem(atPath: file.resolvingSymlinksInPath().path)[.modificationDate]
      as? Date
  }

  private static func newest(below folder: URL) -> Date {
    let files = FileManager.default.enumerator(atPath: folder.path)?.compactMap { $0 as? String } ?? []
    return files.compactMap { modified(folder.appending(path: $0)) }.max() ?? .distantFuture
  }
}
