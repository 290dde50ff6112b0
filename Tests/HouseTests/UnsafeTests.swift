import Foundation
import XCTest

/// The compiler makes unsafe code say so; this test keeps it in the rooms that are built for it.
final class UnsafeTests: XCTestCase {
  private let rings = [
    "Sources/Words/", "Sources/Memory/", "Sources/Lanes/", "Sources/Platform/",
    "Sources/Runtime/Machine/", "Sources/Runtime/Process/", "Sources/Runtime/Scheduling/",
  ]

  func testUnsafeCodeStaysInItsRooms() throws {
    let word = try Regex(#"\bunsafe"#)
    for file in House.files(below: "Sources", suffix: ".swift") {
      if rings.contains(where: { file.hasPrefix($0) }) { continue }
      for (index, line) in try House.code(of: file).enumerated() where line.contains(word) {
        XCTFail("\(file):\(index + 1) is unsafe: \(line.trimmingCharacters(in: .whitespaces))")
      }
    }
  }

  /// A `@safe` type is a promise with an author: Docs/Unsafe.md says what it promises.
  func testEverySafeTypeIsListed() throws {
    var declared: Set<String> = []
    for file in House.files(below: "Sources", suffix: ".swift") {
      let code = try House.code(of: file).joined(separator: "\n")
      declared.formUnion(try House.captures(of: #"@safe[ \n][^\n(]*?(?:struct|class|enum) (\w+)"#, in: code))
    }
    let listed = try House.captures(of: #"^\| `(\w+)` \|"#, in: try House.text(of: "Docs/Unsafe.md"))
    XCTAssertEqual(declared, Set(listed))
  }

  /// The rooms' settings make the compiler do its part.
  func testEveryTargetHasTheHouseSettings() throws {
    let text = try House.text(of: "Package.swift")
    let targets = try House.captures(of: #"\.(target|executableTarget|testTarget)\("#, in: text)
    let settings = try House.captures(of: #"(swiftSettings: house)"#, in: text)
    XCTAssertEqual(targets.count, settings.count)
    XCTAssertTrue(text.contains(".strictMemorySafety()"))
    XCTAssertTrue(text.contains(".treatAllWarnings(as: .error)"))
  }
}
