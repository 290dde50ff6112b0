import Foundation
import PackagePlugin

/// Compiles the Prelude's Ludus sources at build time, so that `ludi run` need not: runs `prelude-compiler`
/// over `Sources/Prelude/*.ld` and hands its Swift file, which holds the module's bytes, to the target.
@main
struct PreludePlugin: BuildToolPlugin {
  func createBuildCommands(context: PluginContext, target: any Target) async throws -> [Command] {
    let folder = target.directoryURL
    // Asked of the folder rather than of the package manager, which does not list what it cannot compile.
    let sources = try FileManager.default.contentsOfDirectory(atPath: folder.path)
      .filter { $0.hasSuffix(".ld") }
      .sorted()
      .map { folder.appending(path: $0) }
    let output = context.pluginWorkDirectoryURL.appending(path: "PreludeModule.swift")
    return [
      .buildCommand(
        displayName: "Compiling the Prelude",
        executable: try context.tool(named: "prelude-compiler").url,
        arguments: [output.path] + sources.map(\.path),
        inputFiles: sources,
        outputFiles: [output])
    ]
  }
}
