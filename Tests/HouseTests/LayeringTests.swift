import Foundation
import XCTest

/// Who may lean on whom. Nothing else is imported; above all no Foundation, which takes longer to load than the
/// command has to start.
final class LayeringTests: XCTestCase {
  /// Room → what its files may import. A new room gets its line here, and one in Docs/Map.md.
  private let arrows: [String: Set<String>] = [
    "CBoehm": [],
    "CLinux": [],
    "Words": [],
    "Memory": ["Words", "Observation", "CBoehm", "CLinux", "Glibc", "Synchronization"],
    "Lanes": ["CLinux", "Glibc", "Synchronization"],
    "Platform": ["CLinux", "Glibc", "Synchronization"],
    "Observation": ["Synchronization"],
    "Reports": ["Platform"],
    "Bytecode": ["Words"],
    "Core": ["Bytecode"],
    "Ludus": ["Core", "Bytecode"],
    "Prelude": [],
    "Runtime": [
      "Words", "Memory", "Lanes", "Bytecode", "CLinux", "Glibc", "Synchronization", "Platform", "Observation",
    ],
    "prelude-compiler": ["Ludus", "Core", "Bytecode", "Platform", "Glibc"],
    "ludi": [
      "Ludus", "Core", "Bytecode", "Prelude", "Runtime", "Platform", "Glibc", "Observation", "Reports",
      "Scenarios",
    ],
  ]

  func testEveryRoomIsKnown() throws {
    let rooms = try FileManager.default.contentsOfDirectory(
      atPath: House.root.appending(path: "Sources").path)
    XCTAssertEqual(Set(rooms), Set(arrows.keys))
    let map = try House.text(of: "Docs/Map.md")
    for room in rooms { XCTAssertTrue(map.contains("Sources/\(room)"), "Docs/Map.md lacks Sources/\(room)") }
  }

  func testImportsFollowTheArrows() throws {
    let pattern =
      #"^[ \t]*(?:@\w+[ \t]+)*(?:public[ \t]+)?import[ \t]+(?:(?:struct|class|enum|func|protocol)[ \t]+)?(\w+)"#
    for (room, allowed) in arrows {
      for file in House.files(below: "Sources/\(room)", suffix: ".swift") {
        let code = try House.code(of: file).joined(separator: "\n")
        for name in try House.captures(of: pattern, in: code) {
          XCTAssertTrue(allowed.contains(name), "\(file) imports \(name), which \(room) may not")
        }
      }
    }
  }
}
