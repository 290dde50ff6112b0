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
