// swift-tools-version: 6.2
import PackageDescription

/// The settings of every target: unsafe code must say so, and a warning is an error.
let house: [SwiftSetting] = [
  .strictMemorySafety(),
  .treatAllWarnings(as: .error),
]

/// Lets LLVM put a copy of the interpreter loop's dispatch at the end of every instruction's case, where the processor predicts it
/// by the instruction. By itself it shares one copy among more than 16 cases.
let threadedLoop: [SwiftSetting] = [
  .unsafeFlags(
    ["-Xllvm", "-tail-dup-pred-size=1000", "-Xllvm", "-tail-dup-succ-size=1000"],
    .when(configuration: .release))
]

let package = Package(
  name: "ludi",
  products: [
    .executable(name: "ludi", targets: ["ludi"])
  ],
  targets: [
    // The C boundary. CBoehm is Debian's libgc-dev; CLinux is a header over the C library.
    .systemLibrary(
      name: "CBoehm", path: "Sources/CBoehm", pkgConfig: "bdw-gc",
      providers: [.apt(["libgc-dev"])]),
    .systemLibrary(name: "CLinux", path: "Sources/CLinux"),

    // Low rooms: the only ones that may write `unsafe`.
    .target(name: "Words", swiftSettings: house),
    .target(
      name: "Memory", dependencies: ["Words", "CBoehm", "CLinux", "Observation"], swiftSettings: house),
    .target(name: "Platform", dependencies: ["CLinux"], swiftSettings: house),
    .target(name: "Lanes", dependencies: ["CLinux"], swiftSettings: house),

    // Counters and histograms; safe all through.
    .target(name: "Observation", swiftSettings: house),

    // Figures for people: samples, tables, plots, pages.
    .target(name: "Reports", dependencies: ["Platform"], swiftSettings: house),

    // The way of a program.
    .target(name: "Bytecode", dependencies: ["Words"], swiftSettings: house),
    .target(name: "Core", dependencies: ["Bytecode"], swiftSettings: house),
    .target(name: "Ludus", dependencies: ["Core", "Bytecode"], swiftSettings: house),
    // The Prelude is compiled while the package builds: the plugin runs the compiler over its .ld files.
    .executableTarget(
      name: "prelude-compiler", dependencies: ["Ludus", "Core", "Bytecode", "Platform"],
      swiftSettings: house),
    .plugin(name: "PreludePlugin", capability: .buildTool(), dependencies: ["prelude-compiler"]),
    .target(name: "Prelude", swiftSettings: house, plugins: ["PreludePlugin"]),
    .target(
      name: "Runtime",
      dependencies: ["Words", "Memory", "Lanes", "Bytecode", "Platform", "Observation", "CLinux"],
      swiftSettings: house + threadedLoop),
    // The scenarios of `ludi stress`.
    .target(
      name: "Scenarios",
      dependencies: ["Bytecode", "CLinux", "Ludus", "Observation", "Platform", "Prelude", "Runtime"],
      path: "Stress/Scenarios", swiftSettings: house),
    .executableTarget(
      name: "ludi",
      dependencies: [
        "Ludus", "Core", "Bytecode", "Prelude", "Runtime", "Platform", "Observation", "Reports", "Scenarios",
      ],
      resources: [.embedInCode("Compare/Workloads")],
      swiftSettings: house),

    // Programs that hammer a room; `.ci/run` lets them run for some seconds, also under sanitizers.
    .executableTarget(
      name: "lanes-stress", dependencies: ["Lanes", "CLinux", "Platform"], path: "Stress/Lanes",
      swiftSettings: house),

    .testTarget(name: "WordsTests", dependencies: ["Words"], swiftSettings: house),
    .testTarget(name: "MemoryTests", dependencies: ["Memory", "Words"], swiftSettings: house),
    .testTarget(name: "LanesTests", dependencies: ["Lanes", "lanes-stress", "CLinux"], swiftSettings: house),
    .testTarget(name: "PlatformTests", dependencies: ["Platform"], swiftSettings: house),
    .testTarget(name: "ReportsTests", dependencies: ["Reports"], swiftSettings: house),
    .testTarget(name: "ObservationTests", dependencies: ["Observation"], swiftSettings: house),
    .testTarget(
      name: "BytecodeTests", dependencies: ["Bytecode", "Words"], swiftSettings: house),
    .testTarget(name: "CoreTests", dependencies: ["Core", "Bytecode"], swiftSettings: house),
    .testTarget(
      name: "LudusTests", dependencies: ["Ludus", "Core", "Bytecode"], swiftSettings: house),
    .testTarget(
      name: "RuntimeTests",
      dependencies: ["Runtime", "Memory", "Words", "Lanes", "Bytecode", "Ludus", "Prelude", "CLinux"],
      swiftSettings: house),
    .testTarget(name: "ScenariosTests", dependencies: ["Scenarios", "Runtime"], swiftSettings: house),
    .testTarget(name: "HouseTests", swiftSettings: house),
    // Runs the built command: conformance programs, Docs/examples, bad input.
    .testTarget(
      name: "ConformanceTests", dependencies: ["ludi", "Reports", "Runtime"],
      exclude: ["areas.txt", "pending.txt"],
      swiftSettings: house),
    // Runs the built command on programs that go to the limits.
    .testTarget(name: "EdgeTests", dependencies: ["ludi"], swiftSettings: house),
  ]
)
