import Words
import XCTest

@testable import Memory

/// A collection keeps exactly what the roots reach, as it was.
final class ScavengerTests: XCTestCase {
  /// Collects twice and compares with what was there before.
  private func checkCollection(of test: TestHeap, _ what: String, line: UInt = #line) {
    XCTAssertNil(test.complaint, "\(what), before", line: line)
    let before = Canon(test.everyRoot)
    for round in 1...2 {
      let moved = test.collect()
      let after = Canon(test.everyRoot)
      XCTAssertTrue(before == after, "\(what): round \(round) changed the graph", line: line)
      XCTAssertEqual(moved, before.words + test.stackWords, "\(what): round \(round)", line: line)
      XCTAssertNil(test.complaint, "\(what), round \(round)", line: line)
      let used = unsafe Int(test.state.pointee.end - test.state.pointee.top) / 8
      XCTAssertEqual(used, before.words, "\(what): round \(round) kept garbage", line: line)
      unsafe XCTAssertNil(test.state.pointee.chunks)
    }
  }

  func testRandomGraphs() {
    for _ in 0..<60 {
      let seed = UInt64.random(in: 0..<1_000_000)
      let test = TestHeap(words: 64 + Int(seed % 3000), stack: 5, roots: 4)
      var maker = GraphMaker(seed: seed, heap: test.heap)
      let words = maker.make(objects: 1 + Int(seed % 400))
      for i in 0..<5 { test.setStack(i, words[i]) }
      for i in 0..<4 { test.setRoot(i, words[5 + i]) }
      checkCollection(of: test, "seed \(seed)")
    }
  }

  func testAllSmallGraphs() {
    for degrees in SmallGraphs.shapes {
      SmallGraphs.forEach(degrees: degrees) { targets in
        let test = TestHeap(words: 32, stack: 1, roots: 0)
        test.setStack(0, SmallGraphs.build(test.heap, degrees: degrees, targets: targets))
        let before = Canon(test.everyRoot)
        let moved = test.collect()
        if moved != before.words + 1 || Canon(test.everyRoot) != before || test.complaint != nil {
          XCTFail("\(degrees) \(targets): \(moved) words, \(test.complaint ?? "another graph")")
        }
      }
    }
  }

  /// A million objects in a row need no stack.
  func testDeepChains() {
    let depth = 1_000_000
    let test = TestHeap(words: 64, stack: 1, roots: 0)
    var chain = Word.nil
    for i in 0..<depth {
      let pair = test.heap.allocate(.tuple, size: 2)
      pair[0] = Word(i)
      pair[1] = chain
      chain = pair.word
    }
    test.setStack(0, chain)
    XCTAssertEqual(test.collect(), depth * 3 + 1)
    XCTAssertEqual(test.collect(), depth * 3 + 1)
    var left = depth
    var pair = test.stack(0)
    while pair != .nil {
      left -= 1
      guard HeapObject(pair)[0] == Word(left) else { return XCTFail("\(left) is broken") }
      pair = HeapObject(pair)[1]
    }
    XCTAssertEqual(left, 0)
  }

  /// Numbers, immediates, links and shared pointers stay as they are; a root that is named twice moves once.
  func testWhatIsNoPrivatePointerStays() {
    let test = TestHeap(words: 64, stack: 6, roots: 2)
    let shared = ImmortalArea.publish(test.heap.makeString("for ever").word)
    let tuple = test.heap.allocate(.tuple, size: 1)
    tuple[0] = shared
    let words = [Word(-0.0), .nil, shared, Word(bits: 0x0005_0000_DEAD_BEE8), tuple.word, tuple.word]
    for (i, word) in words.enumerated() { test.setStack(i, word) }
    test.setRoot(0, tuple.word)
    XCTAssertEqual(test.collect(), 2 + 6)
    for i in 0..<4 { XCTAssertEqual(test.stack(i), words[i]) }
    XCTAssertEqual(test.stack(4), test.stack(5))
    XCTAssertEqual(test.stack(4), test.root(0))
    XCTAssertNotEqual(test.stack(4), words[4])
    XCTAssertEqual(HeapObject(test.stack(4))[0], shared)
    XCTAssertEqual(StringView(shared).string, "for ever")
  }

  func testGarbageGoesAndChunksAreMerged() {
    let test = TestHeap(words: 32, stack: 1, roots: 0)
    var kept: [Word] = []
    for i in 0..<2000 {
      let tuple = test.heap.allocate(.tuple, size: 1)
      tuple[0] = Word(i)
      if i % 100 == 0 { kept.append(tuple.word) }
    }
    unsafe XCTAssertGreaterThan(test.state.pointee.chunkWords, 3000)
    unsafe XCTAssertTrue(test.state.pointee.wantsCollection)
    let row = test.heap.allocate(.tuple, size: kept.count)
    for (i, word) in kept.enumerated() { row[i] = word }
    test.setStack(0, row.word)
    checkCollection(of: test, "chunks")
    unsafe XCTAssertEqual(test.state.pointee.chunkWords, 0)
    unsafe XCTAssertFalse(test.state.pointee.wantsCollection)
  }

  /// What was needed is free afterwards, whatever the heap was.
  func testTheNeedIsMet() {
    for need in [0, 1, 31, 100, 10_000] {
      let test = TestHeap(words: 40, stack: 2, roots: 0)
      test.setStack(0, test.heap.makeString("some text that is alive").word)
      test.collect(need: need)
      XCTAssertGreaterThanOrEqual(test.freeWords, need)
    }
  }

  /// Something is always alive, and a little more each time: the block grows in proportion, and can be exchanged for a
  /// smaller one.
  func testGrowingAndShrinking() {
    let test = TestHeap(words: 32, stack: 1, roots: 0)
    var live = 0
    for i in 0..<2000 {
      let pair = test.heap.allocate(.tuple, size: 2)
      pair[0] = Word(i)
      pair[1] = test.stack(0)
      test.setStack(0, pair.word)
      live += 3
      if unsafe test.state.pointee.wantsCollection { test.collect() }
    }
    test.collect()
    XCTAssertLessThan(test.blockWords, live * 6)
    test.setStack(0, .nil)
    test.collect(room: 64)
    XCTAssertEqual(test.blockWords, 64)
    XCTAssertNil(test.complaint)
  }
}
