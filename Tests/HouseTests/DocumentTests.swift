import Foundation
import XCTest

/// What the documents point at exists.
final class DocumentTests: XCTestCase {
  private var documents: [String] { ["README.md"] + House.files(below: "Docs", suffix: ".md") }

  func testLinksResolve() throws {
    for document in documents {
      let folder = House.root.appending(path: document).deletingLastPathComponent()
      for link in try House.captures(of: #"\]\(([^)\s]+)\)"#, in: try House.text(of: document)) {
        if link.contains("://") || link.hasPrefix("#") { continue }
        let path = folder.appending(path: link.prefix { $0 != "#" }).path
        XCTAssertTrue(FileManager.default.fileExists(atPath: path), "\(document): no such file: \(link)")
      }
    }
  }

  /// Paths in code type, such as `Sources/Words/Word.swift`; of `Sources/Prelude/*.ld` the folder.
  func testNamedPathsExist() throws {
    let pattern = #"`((?:Sources|Tests|Stress|Docs|Plugins|\.ci)/[^`\s]*)`"#
    for document in documents {
      for path in try House.captures(of: pattern, in: try House.text(of: document)) {
        let parts = path.split(separator: "/").prefix { !$0.contains(where: { "*<…{".contains($0) }) }
        XCTAssertTrue(House.exists(parts.joined(separator: "/")), "\(document): no such file: \(path)")
      }
    }
  }

  /// The README's reading order has ten files.
  func testTheReadingOrderIsThere() throws {
    let order = try House.captures(of: #"^\d+\. \[.*\]\((.*)\)"#, in: try House.text(of: "README.md"))
    XCTAssertEqual(order.count, 10)
  }
}
