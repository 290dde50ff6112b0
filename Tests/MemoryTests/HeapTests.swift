import Words
import XCTest

@testable import Memory

final class HeapTests: XCTestCase {
  func testAllocationIsABumpFromAbove() {
    let test = TestHeap(words: 60, stack: 4)
    let before = test.freeWords
    let first = test.heap.allocate(.tuple, size: 2)
    let second = test.heap.allocate(.closure, size: 5, auxiliary: 7, flags: 3)
    XCTAssertEqual(first.word.bits - second.word.bits, 6 * 8)
    XCTAssertEqual(test.freeWords, before - 9)
    XCTAssertEqual(second.header, Header(.closure, size: 5, auxiliary: 7, flags: 3))
    XCTAssertTrue(first.word.isPrivatePointer)
    unsafe XCTAssertEqual(test.heap.lowestObject, test.state.pointee.top)
  }

  func testWordsAreWhatWasWritten() {
    let test = TestHeap()
    let object = test.heap.allocate(.list, size: 3)
    object.setRaw(0, 0x0000_1234_5678_9AB8)
    object[1] = .absent
    object[2] = Word(2.5)
    XCTAssertEqual(object.raw(0), 0x0000_1234_5678_9AB8)
    XCTAssertEqual(object[1], .absent)
    let copy = test.heap.allocate(.list, size: 3)
    copy.copy(3, from: object, at: 0, to: 0)
    XCTAssertEqual(copy.raw(0), object.raw(0))
    XCTAssertEqual(copy[2], Word(2.5))
  }

  /// The block fills to the last word; what does not fit goes into chunks and asks for a collection.
  func testTheBlockFillsAndOverflows() {
    let test = TestHeap(words: 32, stack: 0)
    let room = test.freeWords
    _ = test.heap.allocate(.blob, size: room - 1)
    XCTAssertEqual(test.freeWords, 0)
    unsafe XCTAssertFalse(test.state.pointee.wantsCollection)
    let over = test.heap.allocate(.blob, size: 0)
    unsafe XCTAssertTrue(test.state.pointee.wantsCollection)
    unsafe XCTAssertFalse(
      over.word.bits >= UInt64(test.state.pointee.base) && over.word.bits < UInt64(test.state.pointee.end))
    for size in [1, 61, 62, 63, 5000] { _ = test.heap.allocate(.blob, size: size) }
    XCTAssertNil(test.complaint)
  }

  func testARequestMakesTheBlockFull() {
    let test = TestHeap(words: 64, stack: 2)
    _ = test.heap.allocate(.blob, size: 3)
    let lowest = test.heap.lowestObject
    test.heap.requestCollection()
    test.heap.requestCollection()
    unsafe XCTAssertEqual(test.state.pointee.top, test.state.pointee.base)
    XCTAssertEqual(test.heap.lowestObject, lowest)
    XCTAssertNil(test.complaint)
    _ = test.heap.allocate(.blob, size: 3)
    XCTAssertEqual(test.heap.lowestObject, lowest, "an object was made in a full block")
    test.collect()
    unsafe XCTAssertFalse(test.state.pointee.wantsCollection)
  }

  func testTheLimit() {
    let test = TestHeap(words: 64, stack: 0)
    unsafe test.state.pointee.limitWords = 1000
    // What was alive counts, not the block: the rest of it may be garbage.
    unsafe test.state.pointee.liveWords = 40
    XCTAssertTrue(test.heap.hasRoom(words: 960))
    unsafe XCTAssertFalse(test.state.pointee.isExhausted)
    XCTAssertFalse(test.heap.hasRoom(words: 961))
    unsafe XCTAssertTrue(test.state.pointee.isExhausted && test.state.pointee.wantsCollection)
    XCTAssertFalse(test.heap.hasRoom(words: -1))

    let greedy = TestHeap(words: 64, stack: 0)
    unsafe greedy.state.pointee.limitWords = 1000
    _ = greedy.heap.allocate(.blob, size: 2000)
    unsafe XCTAssertTrue(greedy.state.pointee.isExhausted)
  }

  func testBlockSizes() {
    var last = 0
    for words in 1...5000 {
      let size = HeapBlock.size(atLeast: words)
      XCTAssertGreaterThanOrEqual(size, words)
      XCTAssertGreaterThanOrEqual(size, last)
      XCTAssertEqual(HeapBlock.size(atLeast: size), size)
      if words > 128 { XCTAssertLessThanOrEqual(size, words + words / 4 + 1) }
      last = size
    }
  }

  func testSizing() {
    XCTAssertEqual(HeapSizing.wanted(used: 100, need: 7, isCrowded: false), 107)
    XCTAssertEqual(HeapSizing.wanted(used: 100, need: 7, isCrowded: true), 207)
    XCTAssertFalse(HeapSizing.isWasteful(words: 256, live: 0), "small blocks are not worth it")
    XCTAssertTrue(HeapSizing.isWasteful(words: 800, live: 99))
    XCTAssertFalse(HeapSizing.isWasteful(words: 800, live: 100))
  }
}
