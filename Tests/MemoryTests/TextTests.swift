import Foundation
import Words
import XCTest

@testable import Memory

/// Keywords and strings.
final class TextTests: XCTestCase {
  private func withString(_ text: String, _ body: (StringView, Heap) -> Void) {
    let heap = Heap.standalone()
    defer { heap.discard() }
    body(heap.makeString(text), heap)
  }

  private static let texts = [
    "", "a", "seven..", "eight by", "nine byte", "ä", "aä", "日本語", "🎈", "a🎈b", "e\u{301}", "\0", "a\0b",
    String(repeating: "x", count: 1000), String(repeating: "ß🎈", count: 333),
  ]

  func testStringsComeBack() {
    for text in TextTests.texts {
      withString(text) { view, heap in
        XCTAssertEqual(Array(view.string.utf8), Array(text.utf8))
        XCTAssertEqual(view.array, Array(text.utf8))
        XCTAssertEqual(view.byteCount, text.utf8.count)
        XCTAssertEqual(view.scalarCount, text.unicodeScalars.count)
        XCTAssertEqual(view.isASCII, text.utf8.allSatisfy { $0 < 128 })
        XCTAssertNil(ObjectShape.complaint(about: view.object), text)
        let other = heap.makeString(bytes: Array(text.utf8))
        XCTAssertTrue(view.equals(other))
        XCTAssertEqual(view.hash, other.hash)
        XCTAssertNil(ObjectShape.complaint(about: other.object), text)
      }
    }
  }

  func testOrderIsThatOfScalars() {
    for x in TextTests.texts {
      for y in TextTests.texts {
        withString(x) { view, heap in
          let other = heap.makeString(y)
          let order = view.compare(to: other)
          let isBefore = x.unicodeScalars.lexicographicallyPrecedes(y.unicodeScalars)
          XCTAssertEqual(order < 0, isBefore, "\(x) \(y)")
          XCTAssertEqual(order == 0, Array(x.utf8) == Array(y.utf8))
          XCTAssertEqual(view.equals(other), order == 0)
        }
      }
    }
  }

  func testScalarsAndBytes() {
    for text in TextTests.texts {
      withString(text) { view, _ in
        var byte = 0
        for (n, scalar) in text.unicodeScalars.enumerated() {
          XCTAssertEqual(view.byteIndex(ofScalar: n), byte, text)
          XCTAssertEqual(view.scalarCount(in: 0..<byte), n)
          byte += scalar.utf8.count
        }
        XCTAssertEqual(view.byteIndex(ofScalar: view.scalarCount), view.byteCount)
        XCTAssertEqual(view.byteIndex(ofScalar: view.scalarCount + 5), view.byteCount)
        var bytes: [UInt8] = [1]
        view.append(0..<view.byteCount, to: &bytes)
        XCTAssertEqual(bytes, [1] + Array(text.utf8))
      }
    }
  }

  func testSearching() {
    withString("abcabcaé") { view, heap in
      func index(_ needle: String, _ start: Int = 0) -> Int? {
        view.firstIndex(of: heap.makeString(needle), from: start)
      }
      XCTAssertEqual(index("abc"), 0)
      XCTAssertEqual(index("abc", 1), 3)
      XCTAssertNil(index("abc", 4))
      XCTAssertEqual(index("é"), 7)
      XCTAssertEqual(index("", 4), 4)
      XCTAssertNil(index("abcabcaéx"))
      XCTAssertNil(index("a", 100))
      XCTAssertNil(index("a", -1))
    }
  }

  func testCopyingBytes() {
    withString("0123456789") { view, heap in
      let target = heap.makeString("----------")
      target.copyBytes(3..<6, of: view, to: 1)
      XCTAssertEqual(target.string, "-345------")
    }
  }

  func testKeywordsAreInterned() {
    let names = (0..<3000).map { "keyword_of_this_test_\($0)" }
    let words = names.map(Keywords.intern)
    XCTAssertEqual(Set(words.map(\.bits)).count, names.count)
    for (name, word) in zip(names, words) {
      XCTAssertTrue(word.isKeyword)
      XCTAssertEqual(Keywords.intern(name), word)
      XCTAssertEqual(Keywords.name(word).string, name)
      XCTAssertTrue(Keywords.name(word).word.isSharedPointer)
      XCTAssertEqual(Keywords.hash(word), Keywords.name(word).hash)
    }
  }

  func testKeywordsAreOrderedByName() {
    let words = ["b", "a", "aa", "ä", ""].map(Keywords.intern).sorted { Keywords.compare($0, $1) < 0 }
    XCTAssertEqual(words.map { Keywords.name($0).string }, ["", "a", "aa", "b", "ä"])
    XCTAssertEqual(Keywords.compare(Keywords.ok, Keywords.ok), 0)
  }

  func testThreadsInternTheSameKeywords() {
    let results = Results(count: 4)
    DispatchQueue.concurrentPerform(iterations: 4) { thread in
      results.set(thread, (0..<2000).map { Keywords.intern("from_threads_\($0)") })
    }
    for thread in 1..<4 { XCTAssertEqual(results.get(thread), results.get(0)) }
  }

  /// A slot for each thread.
  private final class Results: @unchecked Sendable {
    // Sendable: guarded by the lock.
    private let lock = NSLock()
    private var slots: [[Word]]
    init(count: Int) { slots = Array(repeating: [], count: count) }
    func set(_ i: Int, _ words: [Word]) { lock.withLock { slots[i] = words } }
    func get(_ i: Int) -> [Word] { lock.withLock { slots[i] } }
  }
}
